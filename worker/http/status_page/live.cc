#include "worker/http/status_page/live.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include "queue/job_queue.h"
#include "worker/concurrency.h"
#include "worker/http/status_page/overview_json.h"
#include "worker/http/within.h"
#include "worker/readiness.h"

namespace worker::http {
namespace {

using namespace std::chrono_literals;

constexpr auto between_job_events = 250ms;
constexpr auto between_looks = 1s;
constexpr auto longest_silence = 15s;

const std::string resync = "event: resync\ndata: {}\n\n";
const std::string heartbeat = ": still here\n\n";

struct NobodyLooks : std::exception {};

Awaitable<void> pause(std::chrono::milliseconds time) {
  const auto executor = co_await boost::asio::this_coro::executor;
  fhir::Timer timer(executor, time);
  co_await timer.async_wait(fhir::use_awaitable);
}

}  // namespace

/// Counts one who looks, for as long as he does.
struct Live::Audience {
  explicit Audience(Live& of) : live(of) {
    ++live.audience_;
    live.somebody_came_.cancel();
  }
  ~Audience() { --live.audience_; }
  Audience(const Audience&) = delete;
  Audience& operator=(const Audience&) = delete;
  Live& live;
};

Live::Live(fhir::Executor executor, const config::Redis& settings, queue::RedisClient& redis,
           const Readiness& readiness, std::function<Gauges()> gauges, Limits limits)
    : executor_(executor),
      records_(redis, settings.queue),
      readiness_(readiness),
      gauges_(std::move(gauges)),
      limits_(limits),
      subscription_(executor, settings),
      broadcast_(executor),
      news_(limits.jobs_at_once),
      why_deaf_("not connected yet"),
      somebody_came_(executor) {}

Live::~Live() = default;

Awaitable<void> Live::run() {
  std::vector<Awaitable<void>> works;
  works.push_back(take_pulse());
  works.push_back(tell_while_somebody_looks());
  co_await all_of(std::move(works));
}

std::optional<std::function<Awaitable<void>(EventSink&)>> Live::stream() {
  if (audience_ >= limits_.streams) return std::nullopt;
  return [this, seat = std::make_shared<Audience>(*this)](EventSink& sink) { return send_on(*this, seat, sink); };
}

std::string Live::worker_json() const {
  return json_of(pulse_, readiness_, why_deaf_);
}

void Live::subscribed() {
  why_deaf_.clear();
  broadcast_.say(resync);
}

void Live::heard(std::string message) {
  if (auto news = job_news(message)) news_.add(std::move(*news));
}

void Live::interrupted(const std::string& why) {
  why_deaf_ = why;
}

Awaitable<void> Live::take_pulse() {
  for (;;) {
    pulse_.beat(gauges_(), fhir::Clock::now());
    if (audience_ > 0) say("worker", worker_json());
    co_await pause(between_looks);
  }
}

Awaitable<void> Live::tell_while_somebody_looks() {
  for (;;) {
    while (audience_ == 0) {
      boost::system::error_code woken;
      somebody_came_.expires_at(fhir::Clock::time_point::max());
      co_await somebody_came_.async_wait(boost::asio::redirect_error(fhir::use_awaitable, woken));
      const auto state = co_await boost::asio::this_coro::cancellation_state;
      if (state.cancelled() != boost::asio::cancellation_type::none)
        throw boost::system::system_error(boost::asio::error::operation_aborted);
    }
    std::vector<Awaitable<void>> works;
    works.push_back(subscription_.listen(*this));
    works.push_back(tell_jobs());
    works.push_back(tell_queue());
    try {
      co_await guarded(all_of(std::move(works)), until_nobody_looks());
    } catch (const NobodyLooks&) {
      why_deaf_ = "not connected yet";
    }
  }
}

Awaitable<void> Live::tell_jobs() {
  for (;;) {
    if (!news_.empty()) say("jobs", news_.take());
    co_await pause(between_job_events);
  }
}

Awaitable<void> Live::tell_queue() {
  for (;;) {
    std::string json;
    try {
      const auto overview = co_await within(between_looks * 3, records_.overview());
      json = json_of(overview);
    } catch (const queue::QueueUnavailable& trouble) {
      json = json_of_no_overview(trouble.what());
    }
    say("queue", json);
    co_await pause(between_looks);
  }
}

Awaitable<void> Live::until_nobody_looks() {
  auto seen = fhir::Clock::now();
  for (;;) {
    co_await pause(std::min<std::chrono::milliseconds>(between_looks, limits_.without_audience));
    if (audience_ > 0) seen = fhir::Clock::now();
    if (fhir::Clock::now() - seen >= limits_.without_audience) throw NobodyLooks();
  }
}

Awaitable<void> Live::send_on(Live& live, std::shared_ptr<Audience> /*seat*/, EventSink& sink) {
  Broadcast::Place place(live.broadcast_);
  co_await sink.send("retry: 2000\n\n" + resync);
  for (;;) {
    auto heard = co_await place.hear(longest_silence);
    if (heard.missed) heard.text.insert(0, resync);
    if (heard.text.empty()) heard.text = heartbeat;
    co_await sink.send(std::move(heard.text));
  }
}

void Live::say(std::string_view event, std::string_view json) {
  std::string text("event: ");
  text.append(event).append("\ndata: ").append(json).append("\n\n");
  broadcast_.say(std::move(text));
}

}  // namespace worker::http
