#include "worker/daemon.h"

#include <algorithm>
#include <csignal>
#include <exception>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "fhir/client.h"
#include "queue/embedded_redis.h"
#include "queue/redis_client.h"
#include "queue/redis_job_queue.h"
#include "queue/redis_url.h"
#include "worker/audit.h"
#include "worker/concurrency.h"
#include "worker/http/front_door/front_door.h"
#include "worker/http/listening.h"
#include "worker/http/metrics/metrics.h"
#include "worker/http/site.h"
#include "worker/http/status_page/status_page.h"
#include "worker/log.h"
#include "worker/readiness.h"
#include "worker/redis_at_start.h"
#include "worker/service/heartbeat.h"
#include "worker/service/orphans.h"
#include "worker/service/signals.h"
#include "worker/wiring.h"
#include "worker/worker.h"

namespace worker {
namespace {

/// SIGTERM's grace is over, or a second signal came: what is open is aborted.
struct Hurried : std::runtime_error {
  explicit Hurried(const char* why) : std::runtime_error(why) {}
};

/// To send answers that were begun when the work was over.
constexpr auto answers_may_take = std::chrono::seconds(5);
constexpr auto redis_may_be_away = std::chrono::seconds(10);

/// The tightest of the server's limits.
std::optional<long> least_left(const std::vector<fhir::Quota::Standing>& quotas) {
  std::optional<long> least;
  for (const auto& quota : quotas) least = std::min(least.value_or(quota.left), quota.left);
  return least;
}

/// The private redis-server died. It is for whoever supervises us to start us, and it with us, anew: as long as we live
/// we hold the lock that keeps a second server off its append-only file.
struct EmbeddedRedisGone : std::runtime_error {
  EmbeddedRedisGone() : std::runtime_error("the embedded Redis is gone: start the worker again, and it starts anew") {}
};

/// What the daemon is started with: the settings as asked for, and what is not in them.
struct Beginning {
  config::Invocation asked;
  service::ReadSettings read;
  config::Redis redis;  ///< leads to the embedded one where that was asked for
  bool redis_is_embedded = false;
  service::Supervision supervision;
};

/// The parts of a running daemon, in the order in which they need each other.
class Daemon {
 public:
  Daemon(boost::asio::io_context& io, Beginning beginning)
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

  Awaitable<void> run() {
    auto background =
        guarded(guarded(needed(queue_.run()), needed(look_at_redis())), guarded(needed(audit_.run()), needed(serve())));
    auto guards = guarded(guarded(heed_signals(), needed(heartbeat_.run())), end_without_embedded_redis());
    co_await guarded(guarded(work(), std::move(background)), std::move(guards));
  }

  void log_start() const {
    log::event(log::Level::info, "worker started",
               {{"worker", queue_.worker_id()}, {"queue", settings_.redis.queue}, {"fhir", settings_.fhir.url}});
  }

  /// What became of the attempts that ended since it was told to end.
  std::size_t ended_so_since_told(AttemptEnd end) const {
    const auto i = static_cast<std::size_t>(end);
    return runner_.tally().attempts[i] - ends_when_told_[i];
  }

  int exit_code() const {
    if (!settings_.worker.drain) return 0;
    return worker_.drained() && runner_.failed() == 0 ? 0 : 1;
  }

 private:
  queue::RedisJobQueue::Options with_listeners(queue::RedisJobQueue::Options options) {
    options.on_trouble = [this](const std::string& refusal) { readiness_.note(Readiness::Part::moves, refusal); };
    options.on_try = [this] { upkeep_sign_.moved(); };
    return options;
  }
  http::Site::Rooms rooms() {
    http::Site::Rooms rooms;
    rooms.front_door = [this](http::Request request) { return front_door_.answer(std::move(request)); };
    rooms.metrics = [this](http::Request request) { return metrics_.answer(std::move(request)); };
    rooms.page = [this](http::Request request) { return page_.answer(std::move(request)); };
    return rooms;
  }
  http::Gauges gauges() const {
    const fhir::Client::Gauges of_client = client_.gauges();
    const Outcomes& outcomes = runner_.tally().outcomes;
    return {.running = runner_.running(),
            .slots = settings_.worker.jobs,
            .resources = std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0}),
            .in_flight = of_client.in_flight,
            .limit = of_client.limit,
            .quota_left = least_left(client_.quotas())};
  }
  service::Condition condition() const {
    return {.ready = readiness_.ready(),
            .trouble = readiness_.why(),
            .stopping = stop_.requested(),
            .running = runner_.running(),
            .slots = settings_.worker.jobs,
            .stopped = {}};
  }

  /// A part that must not fail: where it does, the daemon ends, after it handed back what runs, and who supervises it
  /// starts it anew. To go on without the part would be worse: nobody would miss it.
  Awaitable<void> needed(Awaitable<void> part) {
    try {
      co_await std::move(part);
    } catch (...) {
      worker_.stop();
      throw;
    }
  }
  /// Whoever asks is answered until the last job is settled.
  Awaitable<void> work() {
    co_await worker_.run();
    if (server_) co_await server_->finish(answers_may_take);
    co_await audit_.finish();
  }
  Awaitable<void> serve() {
    if (server_)
      co_await guarded(server_->run(), page_.run());
    else
      co_await for_ever();
  }
  Awaitable<void> for_ever() {
    const auto executor = co_await boost::asio::this_coro::executor;
    fhir::Timer never(executor, fhir::Clock::time_point::max());
    co_await never.async_wait(fhir::use_awaitable);
  }

  void note_redis(const std::string& trouble) {
    readiness_.note(Readiness::Part::redis, trouble);
    if (trouble.empty())
      redis_away_since_.reset();
    else if (!redis_away_since_)
      redis_away_since_ = fhir::Clock::now();
  }
  /// Says once what this Redis could lose; whatever comes of it, jobs are run meanwhile. Ends with the others.
  Awaitable<void> look_at_redis() {
    co_await warn_of_redis(redis_);
    readiness_.note(Readiness::Part::redis, {});
    co_await for_ever();
  }
  Awaitable<void> end_without_embedded_redis() {
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

  Awaitable<void> heed_signals() {
    const auto executor = co_await boost::asio::this_coro::executor;
    service::Signals signals(executor);
    co_await until_told_to_end(signals);
    log::event(log::Level::info, "stopping", {{"running", runner_.running()}});
    ends_when_told_ = runner_.tally().attempts;
    worker_.stop();
    heartbeat_.beat();
    co_await guarded(until_told_again(signals), end_of_grace());
  }
  Awaitable<void> until_told_to_end(service::Signals& signals) {
    for (;;) {
      const int signal = co_await signals.next();
      if (signal == SIGTERM || signal == SIGINT) co_return;
      if (signal == SIGHUP) heartbeat_.reload([this] { reload(); });
      if (signal == SIGCHLD && service::adopts_orphans()) service::reap_children();
    }
  }
  Awaitable<void> until_told_again(service::Signals& signals) {
    co_await until_told_to_end(signals);
    throw Hurried("a second signal came");
  }
  Awaitable<void> end_of_grace() {
    const auto executor = co_await boost::asio::this_coro::executor;
    fhir::Timer timer(executor, settings_.worker.grace);
    co_await timer.async_wait(fhir::use_awaitable);
    throw Hurried("the grace period is over");
  }

  void reload() {
    const std::size_t concurrency = settings_.fhir.concurrency;
    try {
      const config::Invocation now = service::read_again(beginning_.read, beginning_.asked.config_file);
      const service::Changes changes = service::take_over(beginning_.asked, now);
      log::set_up(settings_.log);
      log::event(log::Level::info, "settings read again",
                 {{"changed", changes.taken_over.empty() ? "nothing" : changes.taken_over},
                  {"needRestart", changes.need_restart}});
    } catch (const config::BadUsage& wrong) {
      log::event(log::Level::error, "settings not read again: all stay as they are", {{"why", wrong.what()}});
      return;
    }
    apply_settings(concurrency != settings_.fhir.concurrency);
  }
  void apply_settings(bool concurrency_changed) {
    if (concurrency_changed) client_.set_concurrency(settings_.fhir.concurrency);
    worker_.set_jobs(settings_.worker.jobs);
    runner_.change(settings_.worker.verify, runner_options(settings_).limits);
    queue_.change(settings_.worker.keep_finished, settings_.worker.max_attempts);
    front_door_.set_sync_timeout(settings_.http.sync_timeout);
    if (server_) server_->set_caller_rate(settings_.http.caller_rate);
  }

  Beginning beginning_;
  const config::Settings& settings_ = beginning_.asked.settings;
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

/// The embedded Redis where it is asked for; `redis` then leads to it.
std::unique_ptr<queue::EmbeddedRedis> embedded_redis(config::Redis& redis) {
  if (!queue::EmbeddedRedis::wanted(redis.url)) return nullptr;
  auto embedded = std::make_unique<queue::EmbeddedRedis>(queue::EmbeddedRedis::directory_of(redis.url));
  redis.url = embedded->url();
  return embedded;
}

std::unique_ptr<Daemon> daemon_of(boost::asio::io_context& io, Beginning beginning) {
  try {
    return std::make_unique<Daemon>(io, std::move(beginning));
  } catch (const std::invalid_argument& wrong) {
    throw config::BadUsage(wrong.what());
  } catch (const queue::BadRedisUrl& wrong) {
    throw config::BadUsage(wrong.what());
  }
}

int ended_by(const std::string& failure) {
  log::event(log::Level::error, "worker ended by a failure", {{"why", failure}});
  return 1;
}

/// Runs it to its end; the exit code.
int run(boost::asio::io_context& io, Daemon& daemon) {
  daemon.log_start();
  std::exception_ptr failure;
  boost::asio::co_spawn(io.get_executor(), daemon.run(), [&](std::exception_ptr error) {
    failure = error;
    io.stop();
  });
  io.run();
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const Hurried& hurry) {
    log::event(log::Level::warning, "stopped in a hurry", {{"why", hurry.what()}});
  } catch (const boost::system::system_error& error) {
    return ended_by(error.code().message());
  } catch (const std::exception& error) {
    return ended_by(error.what());
  }
  log::event(log::Level::info, "worker stopped",
             {{"handedBack", daemon.ended_so_since_told(AttemptEnd::handed_back)},
              {"leftToTheirLease", daemon.ended_so_since_told(AttemptEnd::left)}});
  return daemon.exit_code();
}

}  // namespace

int run_daemon(config::Invocation asked, const service::ReadSettings& read) {
  std::signal(SIGPIPE, SIG_IGN);
  Beginning beginning{.asked = std::move(asked),
                      .read = read,
                      .redis = {},
                      .supervision = service::take_supervision_from_environment()};
  beginning.redis = beginning.asked.settings.redis;
  auto starting = std::make_unique<service::EndAtOnce>(std::initializer_list<int>{SIGTERM, SIGINT}, 0);
  const auto embedded = embedded_redis(beginning.redis);
  beginning.redis_is_embedded = embedded != nullptr;

  // One thread: sockets need no locks. (The queue of handlers does: names are looked up by a thread of Asio's.)
  boost::asio::io_context io(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO);
  const auto daemon = daemon_of(io, std::move(beginning));
  starting.reset();
  const int exit_code = run(io, *daemon);
  log::finish();
  return exit_code;
}

}  // namespace worker
