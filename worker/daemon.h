#pragma once

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "config/command_line.h"
#include "fhir/client.h"
#include "queue/redis_client.h"
#include "queue/redis_job_queue.h"
#include "worker/audit.h"
#include "worker/http/front_door/front_door.h"
#include "worker/http/metrics/metrics.h"
#include "worker/http/server.h"
#include "worker/http/site.h"
#include "worker/http/status_page/status_page.h"
#include "worker/job_runner.h"
#include "worker/readiness.h"
#include "worker/server_health.h"
#include "worker/service/heartbeat.h"
#include "worker/service/heeding.h"
#include "worker/service/reload.h"
#include "worker/service/vital_signs.h"
#include "worker/worker.h"

namespace worker {

/// The parts of a running daemon, in the order in which they need each other.
class Daemon {
 public:
  /// What it is started with: the settings as asked for, and what is not in them.
  struct Beginning {
    config::Invocation asked;
    service::ReadSettings read;
    config::Redis redis;  ///< leads to the embedded one where that was asked for
    bool redis_is_embedded = false;
    service::Supervision supervision;
  };
  /// Listens from now on. Throws std::invalid_argument and queue::BadRedisUrl for settings that cannot be used, and
  /// http::CannotListen.
  Daemon(boost::asio::io_context& io, Beginning beginning);
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// Until it is told to end, or drained. Throws service::Hurried, and what ended it otherwise.
  Awaitable<void> run();

  const std::string& worker_id() const { return queue_.worker_id(); }
  /// How many attempts ended so since it was told to end.
  std::uint64_t ended_since_told(AttemptEnd end) const;
  int exit_code() const;

 private:
  queue::RedisJobQueue::Options with_listeners(queue::RedisJobQueue::Options options);
  http::Site::Rooms rooms();
  http::Gauges gauges() const;
  service::Condition condition() const;
  service::Orders orders();

  Awaitable<void> work();
  Awaitable<void> serve();
  Awaitable<void> look_at_redis();
  Awaitable<void> end_without_embedded_redis();
  void note_redis(const std::string& trouble);
  void stop();
  void reload();
  void apply_settings(const config::Settings& before);

  Beginning beginning_;
  const config::Settings& settings_ = beginning_.asked.settings;  ///< in force
  fhir::Stop stop_;
  Readiness readiness_;
  service::VitalSigns signs_;
  std::optional<fhir::Clock::time_point> redis_away_since_;
  decltype(Tally::attempts) ends_when_told_{};
  queue::RedisClient redis_;
  service::VitalSign upkeep_sign_;
  queue::RedisJobQueue queue_;
  fhir::Client client_;
  ServerHealth health_;
  JobRunner runner_;
  Worker worker_;
  http::front_door::FrontDoor front_door_;
  Audit audit_;
  http::Metrics metrics_;
  http::StatusPage page_;
  http::Site site_;
  service::Heartbeat heartbeat_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace worker
