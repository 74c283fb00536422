#pragma once

#include <optional>

#include "fhir/client.h"
#include "queue/records.h"
#include "queue/redis_client.h"
#include "queue/waiting_room.h"
#include "worker/http/counts.h"
#include "worker/http/message.h"
#include "worker/job_runner.h"
#include "worker/readiness.h"

namespace worker::http {

/// What Prometheus reads. It names no target, no token and no person.
class Metrics {
 public:
  /// All outlive it.
  struct Sources {
    const fhir::Client& client;
    queue::RedisClient& redis;
    const JobRunner& runner;
    const Readiness& readiness;
  };
  Metrics(Sources sources, std::string queue_name);

  /// From now on the server's counts are told, too; they outlive it.
  void watch(const ServerCounts& server) { server_ = &server; }

  /// Within a second, whatever Redis does. Redis is asked once a second at most, for all who ask.
  Awaitable<Response> answer(Request request);

 private:
  class Looking;

  bool is_fresh() const { return looked_at_ && fhir::Clock::now() - *looked_at_ < fresh; }
  Awaitable<void> look(fhir::Clock::time_point until);
  std::string text() const;

  static constexpr auto fresh = std::chrono::seconds(1);
  static constexpr auto patience = std::chrono::milliseconds(800);

  Sources sources_;
  const ServerCounts* server_ = nullptr;
  queue::Records records_;
  queue::WaitingRoom looked_;
  bool looking_ = false;
  std::optional<fhir::Clock::time_point> looked_at_;
  std::optional<queue::Overview> overview_;
};

}  // namespace worker::http
