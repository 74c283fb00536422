#pragma once

#include "queue/awaitable.h"
#include "queue/redis_client.h"
#include "sandbox/server.h"
#include "tests/chaos/crew.h"
#include "tests/chaos/moment.h"
#include "tests/chaos/plan.h"
#include "tests/chaos/redis.h"

namespace chaos {

/// Of the FHIR server's answers: what makes a job last about a second, so that most kills meet one in the middle.
constexpr Millis usual_latency{40};

/// Carries troubles out.
class Troublemaker {
 public:
  /// `link` is the operator's own connection.
  Troublemaker(Crew& crew, Redis& redis, queue::RedisClient& link, sandbox::Server& fhir,
               std::vector<std::string> members)
      : crew_(crew), redis_(redis), link_(link), fhir_(fhir), members_(std::move(members)) {}

  queue::Awaitable<void> make(Trouble trouble);
  /// Ends whatever has not ended yet.
  void calm();

  /// When Redis was of no use to the workers.
  const std::vector<Spell>& outages() const { return outages_; }
  /// Members whose PATCH was to be refused for good.
  const std::vector<std::string>& refused() const { return refused_; }
  const std::vector<Trouble>& made() const { return made_; }

 private:
  void trouble_worker(const Trouble& trouble);
  void trouble_redis(const Trouble& trouble);
  void trouble_fhir(const Trouble& trouble);
  queue::Awaitable<void> trouble_connections(Trouble trouble);
  queue::Awaitable<queue::Reply> ask(queue::Command command);
  void redis_comes();

  Crew& crew_;
  Redis& redis_;
  queue::RedisClient& link_;
  sandbox::Server& fhir_;
  std::vector<std::string> members_;
  bool redis_away_ = false;
  Spell away_;
  bool fhir_away_ = false;
  std::vector<Spell> outages_;
  std::vector<std::string> refused_;
  std::vector<Trouble> made_;
};

}  // namespace chaos
