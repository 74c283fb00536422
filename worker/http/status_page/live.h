#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/settings.h"
#include "fhir/stop.h"
#include "queue/event_subscription.h"
#include "queue/records.h"
#include "worker/awaitable.h"
#include "worker/http/message.h"
#include "worker/http/status_page/broadcast.h"
#include "worker/http/status_page/latest_news.h"
#include "worker/http/status_page/pulse.h"

namespace queue {
class RedisClient;
}

namespace worker {
class Readiness;
}

namespace worker::http {

/// What changes while somebody looks, as server-sent events:
///   resync  something may have been missed: whoever listens reads everything anew. The first event of a stream.
///   jobs    the newest word on each job that changed, at most four times a second
///   worker  each second: this worker's gauges, and whether events of jobs come at all
///   queue   each second: jobs by state, workers, paused; or why Redis does not say
/// While nobody looks it only takes this worker's pulse.
class Live : queue::EventSubscription::Listener {
 public:
  struct Limits {
    std::size_t streams = 32;
    std::size_t jobs_at_once = 100;  ///< in one `jobs` event
    /// Nobody looks, but somebody who loads the page anew is back before that.
    std::chrono::milliseconds without_audience = std::chrono::seconds(5);
  };
  /// What it refers to outlives it. Throws queue::BadRedisUrl.
  Live(fhir::Executor executor, const config::Redis& settings, queue::RedisClient& redis, const Readiness& readiness,
       std::function<Gauges()> gauges, Limits limits);
  ~Live() override;
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  /// Until it is cancelled.
  Awaitable<void> run();

  /// One listener's stream, until it is cancelled or the sink throws; nothing if there are as many as there may be.
  std::optional<std::function<Awaitable<void>(EventSink&)>> stream();

  const Pulse& pulse() const { return pulse_; }
  /// The data of a `worker` event.
  std::string worker_json() const;

 private:
  struct Audience;

  void subscribed() override;
  void heard(std::string message) override;
  void interrupted(const std::string& why) override;

  Awaitable<void> take_pulse();
  Awaitable<void> tell_while_somebody_looks();
  Awaitable<void> tell_jobs();
  Awaitable<void> tell_queue();
  Awaitable<void> until_nobody_looks();
  static Awaitable<void> send_on(Live& live, std::shared_ptr<Audience> seat, EventSink& sink);
  void say(std::string_view event, std::string_view json);

  fhir::Executor executor_;
  queue::Records records_;
  const Readiness& readiness_;
  std::function<Gauges()> gauges_;
  Limits limits_;
  queue::EventSubscription subscription_;
  Broadcast broadcast_;
  LatestNews news_;
  Pulse pulse_;
  std::string why_deaf_;  ///< empty: events of jobs come
  std::size_t audience_ = 0;
  fhir::Timer somebody_came_;
};

}  // namespace worker::http
