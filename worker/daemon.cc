#include "worker/daemon.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "worker/concurrency.h"
#include "worker/http/listening.h"
#include "worker/log.h"
#include "worker/redis_at_start.h"
#include "worker/wiring.h"

namespace worker {
namespace {

/// To send answers that were begun when the work was over.
constexpr auto answers_may_take = std::chrono::seconds(5);
constexpr auto redis_may_be_away = std::chrono::seconds(10);

/// The private redis-server died. It is for whoever supervises us to start us, and it with us, anew: as long as we live
/// we hold the lock that keeps a second server off its append-only file.
struct EmbeddedRedisGone : std::runtime_error {
  EmbeddedRedisGone() : std::runtime_error("the embedded Redis is gone: start the worker again, and it starts anew") {}
};

/// The tightest of the server's limits.
std::optional<long> least_left(const std::vector<fhir::Quota::Standing>& quotas) {
  std::optional<long> least;
  for (const auto& quota : quotas) least = std::min(least.value_or(quota.left), quota.left);
  return least;
}

Awaitable<void> for_ever() {
  const auto executor = co_await boost::asio::this_coro::executor;
  fhir::Timer never(executor, fhir::Clock::time_point::max());
  co_await never.async_wait(fhir::use_awaitable);
}

}  // namespace

Daemon::Daemon(boost::asio::io_context& io, Beginning beginning)
    : beginning_(std::move(beginning)),
      redis_(io.get_executor(), beginning_.redis, [this](const std::string& trouble) { note_redis(trouble); }),
      upkeep_sign_(signs_, "the queue's upkeep"),
      queue_(redis_, with_listeners(queue_options(settings_))),
      client_(io.get_executor(), settings_.fhir),
      health_(client_, stop_, readiness_, signs_, probe_pauses(settings_)),
      runner_(queue_, client_, health_, signs_, runner_options(settings_)),
      worker_(queue_, runner_, health_, stop_, signs_, {settings_.worker.jobs, settings_.worker.drain}),
      front_door_(io.get_executor(), redis_, client_, stop_, settings_),
      audit_(redis_, settings_.redis.queue),
      metrics_({client_, redis_, runner_, readiness_}, settings_.redis.queue),
      page_(
          io.get_executor(), redis_, readiness_, [this] { return gauges(); },
          page_options(settings_, beginning_.redis, queue_)),
      site_(readiness_, stop_, signs_, rooms()),
      heartbeat_(beginning_.supervision, signs_, [this] { return condition(); }),
      server_(http::listening(io.get_executor(), settings_.http, site_)) {
  if (!server_) return;
  front_door_.listens_at(server_->address());
  metrics_.watch(server_->counts());
}

/// Each part is needed: where one fails, the daemon ends, after it handed back what runs, and whoever supervises it
/// starts it anew. To go on without a part would be worse: nobody would miss it.
Awaitable<void> Daemon::run() {
  auto of_redis = guarded(queue_.run(), look_at_redis());
  auto of_watchers = guarded(audit_.run(), serve());
  auto guards = guarded(guarded(service::heed_signals(orders()), heartbeat_.run()), end_without_embedded_redis());
  co_await guarded(guarded(work(), guarded(std::move(of_redis), std::move(of_watchers))), std::move(guards));
}

std::uint64_t Daemon::ended_since_told(AttemptEnd end) const {
  const auto i = static_cast<std::size_t>(end);
  return runner_.tally().attempts[i] - ends_when_told_[i];
}

int Daemon::exit_code() const {
  const bool as_asked = !settings_.worker.drain || (worker_.drained() && runner_.failed() == 0);
  return as_asked ? 0 : 1;
}

queue::RedisJobQueue::Options Daemon::with_listeners(queue::RedisJobQueue::Options options) {
  options.on_trouble = [this](const std::string& refusal) { readiness_.note(Readiness::Part::moves, refusal); };
  options.on_try = [this] { upkeep_sign_.moved(); };
  return options;
}

http::Site::Rooms Daemon::rooms() {
  http::Site::Rooms rooms;
  rooms.front_door = [this](http::Request request) { return front_door_.answer(std::move(request)); };
  rooms.metrics = [this](http::Request request) { return metrics_.answer(std::move(request)); };
  rooms.page = [this](http::Request request) { return page_.answer(std::move(request)); };
  return rooms;
}

http::Gauges Daemon::gauges() const {
  const fhir::Client::Gauges of_client = client_.gauges();
  const Outcomes& outcomes = runner_.tally().outcomes;
  return {.running = runner_.running(),
          .slots = settings_.worker.jobs,
          .resources = std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0}),
          .in_flight = of_client.in_flight,
          .limit = of_client.limit,
          .quota_left = least_left(client_.quotas())};
}

service::Condition Daemon::condition() const {
  return {.ready = readiness_.ready(),
          .trouble = readiness_.why(),
          .stopping = stop_.requested(),
          .running = runner_.running(),
          .slots = settings_.worker.jobs,
          .stopped = {}};
}

service::Orders Daemon::orders() {
  return {.reload = [this] { heartbeat_.reload([this] { reload(); }); },
          .stop = [this] { stop(); },
          .grace = [this] { return settings_.worker.grace; }};
}

/// Whoever asks is answered until the last job is settled.
Awaitable<void> Daemon::work() {
  co_await worker_.run();
  if (server_) co_await server_->finish(answers_may_take);
  co_await audit_.finish();
}

Awaitable<void> Daemon::serve() {
  if (server_)
    co_await guarded(server_->run(), page_.run());
  else
    co_await for_ever();
}

/// Says once what this Redis could lose; whatever comes of it, jobs are run meanwhile. Ends with the others.
Awaitable<void> Daemon::look_at_redis() {
  co_await warn_of_redis(redis_);
  readiness_.note(Readiness::Part::redis, {});
  co_await for_ever();
}

Awaitable<void> Daemon::end_without_embedded_redis() {
  const auto executor = co_await boost::asio::this_coro::executor;
  for (;;) {
    fhir::Timer timer(executor, std::chrono::seconds(1));
    co_await timer.async_wait(fhir::use_awaitable);
    const bool gone = redis_away_since_ && fhir::Clock::now() - *redis_away_since_ >= redis_may_be_away;
    if (!gone || !beginning_.redis_is_embedded) continue;
    worker_.stop();
    throw EmbeddedRedisGone();
  }
}

void Daemon::note_redis(const std::string& trouble) {
  readiness_.note(Readiness::Part::redis, trouble);
  if (trouble.empty())
    redis_away_since_.reset();
  else if (!redis_away_since_)
    redis_away_since_ = fhir::Clock::now();
}

void Daemon::stop() {
  log::event(log::Level::info, "stopping", {{"running", runner_.running()}});
  ends_when_told_ = runner_.tally().attempts;
  worker_.stop();
  heartbeat_.beat();
}

void Daemon::reload() {
  const config::Settings before = settings_;
  service::Changes changes;
  try {
    const config::Invocation now = service::read_again(beginning_.read, beginning_.asked.config_file);
    changes = service::take_over(beginning_.asked, now);
  } catch (const std::exception& wrong) {  // also of a file that begins to be read and then fails
    log::event(log::Level::error, "settings not read again: all stay as they are", {{"why", wrong.what()}});
    return;
  }
  // At whichever level lets it through: who changes the level wants to know that it was heard.
  log::set_up({.format = before.log.format, .level = std::min(before.log.level, settings_.log.level)});
  log::event(log::Level::info, "settings read again",
             {{"changed", changes.taken_over.empty() ? "nothing" : changes.taken_over},
              {"needRestart", changes.need_restart}});
  apply_settings(before);
}

/// (The grace is asked for as long as it lasts.)
void Daemon::apply_settings(const config::Settings& before) {
  log::set_up(settings_.log);
  if (before.fhir.concurrency != settings_.fhir.concurrency) client_.set_concurrency(settings_.fhir.concurrency);
  worker_.set_jobs(settings_.worker.jobs);
  runner_.change(settings_.worker.verify, runner_options(settings_).limits);
  queue_.change(settings_.worker.keep_finished, settings_.worker.max_attempts);
  front_door_.set_sync_timeout(settings_.http.sync_timeout);
  if (server_) server_->set_caller_rate(settings_.http.caller_rate);
}

}  // namespace worker
