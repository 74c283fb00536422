#pragma once

#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "queue/awaitable.h"
#include "queue/redis_client.h"
#include "sandbox/oracle.h"
#include "sandbox/server.h"
#include "tests/chaos/crew.h"
#include "tests/chaos/evidence.h"
#include "tests/chaos/patch_journal.h"
#include "tests/chaos/patients.h"
#include "tests/chaos/plan.h"
#include "tests/chaos/producer.h"
#include "tests/chaos/redis.h"
#include "tests/chaos/troublemaker.h"

namespace chaos {

/// All who take part: the FHIR server, Redis, the workers, the producer, and who troubles them.
class Stage {
 public:
  Stage(const Plan& plan, Redis& redis);

  /// Carries the plan out, then lets the workers end what is left in peace, and lets them go.
  void play();
  /// What is to be known of it afterwards.
  Evidence evidence();
  /// What differs at the FHIR server from what the jobs should have made of it.
  std::vector<std::string> differences(const Evidence& evidence);
  /// The workers' logs.
  const std::filesystem::path& folder() const { return logs_.path(); }

 private:
  queue::Awaitable<void> run_errands();
  queue::Awaitable<void> make_trouble();
  queue::Awaitable<void> end_in_peace();
  queue::Awaitable<void> wait_until_drained();
  void together(std::vector<queue::Awaitable<void>> works);

  const Plan& plan_;
  sandbox::Server fhir_;
  Patients patients_;
  sandbox::Oracle oracle_;
  PatchJournal journal_;
  test::TempFolder logs_;
  Redis& redis_;
  boost::asio::io_context io_{1};
  queue::RedisClient producers_link_;
  queue::RedisClient operators_link_;
  Crew crew_;
  Producer producer_;
  Troublemaker troublemaker_;
};

}  // namespace chaos
