#include "worker/daemon.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <numeric>
#include <optional>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "fhir/client.h"
#include "queue/embedded_redis.h"
#include "queue/redis_client.h"
#include "queue/redis_job_queue.h"
#include "worker/audit.h"
#include "worker/concurrency.h"
#include "worker/http/front_door/front_door.h"
#include "worker/http/metrics/metrics.h"
#include "worker/http/server.h"
#include "worker/http/site.h"
#include "worker/http/status_page/status_page.h"
#include "worker/log.h"
#include "worker/readiness.h"
#include "worker/redis_at_start.h"
#include "worker/worker.h"

namespace worker {
namespace {

/// SIGTERM's grace is over, or a second signal came: what is open is aborted.
struct Hurried : std::runtime_error {
  Hurried() : std::runtime_error("the grace period is over") {}
};

/// To send answers that were begun when the work was over.
constexpr auto answers_may_take = std::chrono::seconds(5);
constexpr auto redis_may_be_away = std::chrono::seconds(10);

std::string worker_name() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) return "worker";
  return host.data();
}

queue::RedisJobQueue::Options queue_options(const config::Settings& settings, Readiness& readiness) {
  queue::RedisJobQueue::Options options;
  options.name = settings.redis.queue;
  options.lease = settings.worker.lease;
  options.keep_finished = settings.worker.keep_finished;
  options.max_attempts = settings.worker.max_attempts;
  options.worker_id = worker_name();
  options.on_trouble = [&readiness](const std::string& refusal) { readiness.note(Readiness::Part::moves, refusal); };
  return options;
}

JobRunner::Options runner_options(const config::Settings& settings) {
  JobRunner::Options options;
  options.lease = settings.worker.lease;
  options.verify = settings.worker.verify;
  options.limits.concurrency = settings.fhir.concurrency;
  options.limits.page_size = settings.worker.page_size;
  return options;
}

/// The tightest of the server's limits.
std::optional<long> least_left(const std::vector<fhir::Quota::Standing>& quotas) {
  std::optional<long> least;
  for (const auto& quota : quotas) least = std::min(least.value_or(quota.left), quota.left);
  return least;
}

http::StatusPage::Options page_options(const config::Settings& settings, const queue::RedisJobQueue& queue) {
  http::StatusPage::Options options;
  options.redis = settings.redis;
  options.token_file = settings.http.status_token_file;
  options.worker_id = queue.worker_id();
  return options;
}

/// The private redis-server died. It is for whoever supervises us to start us, and it with us, anew: as long as we live
/// we hold the lock that keeps a second server off its append-only file.
struct EmbeddedRedisGone : std::runtime_error {
  EmbeddedRedisGone() : std::runtime_error("the embedded Redis is gone: start the worker again, and it starts anew") {}
};

/// Nothing, if none is wanted, or if another worker at this machine listens where all do that are not told otherwise.
std::unique_ptr<http::Server> listening(const fhir::Executor& executor, const config::Http& settings,
                                        const http::Site& site) {
  if (settings.listen.empty()) return nullptr;
  std::unique_ptr<http::Server> server;
  try {
    server = std::make_unique<http::Server>(executor, settings, http::Limits(),
                                            [&site](http::Request request) { return site.answer(std::move(request)); });
  } catch (const http::CannotListen& trouble) {
    if (settings.listen_was_asked_for) throw;
    log::event(log::Level::warning, "no HTTP", {{"why", trouble.what()}});
    return nullptr;
  }
  const bool over_tls = !settings.tls_cert_file.empty();
  log::event(log::Level::info, "listening", {{"address", server->address()}, {"tls", over_tls}});
  if (server->beyond_loopback() && !over_tls) {
    log::event(log::Level::warning, "tokens of callers are sent in the clear",
               {{"why", "--listen is beyond loopback and there is no --tls-cert-file"}});
  }
  return server;
}

/// The parts of a running daemon, in the order in which they need each other.
class Daemon {
 public:
  Daemon(boost::asio::io_context& io, const config::Settings& settings, bool redis_is_embedded)
      : settings_(settings),
        redis_is_embedded_(redis_is_embedded),
        redis_(io.get_executor(), settings.redis, [this](const std::string& trouble) { note_redis(trouble); }),
        queue_(redis_, queue_options(settings, readiness_)),
        client_(io.get_executor(), settings.fhir),
        health_(client_, stop_, readiness_),
        runner_(queue_, client_, health_, runner_options(settings)),
        worker_(queue_, runner_, health_, stop_, {settings.worker.jobs, settings.worker.drain}),
        front_door_(io.get_executor(), redis_, client_, stop_, settings),
        audit_(redis_, settings.redis.queue),
        metrics_({client_, redis_, runner_, readiness_}, settings.redis.queue),
        page_(
            io.get_executor(), redis_, readiness_, [this] { return gauges(); }, page_options(settings, queue_)),
        site_(readiness_, stop_, rooms()),
        server_(listening(io.get_executor(), settings.http, site_)) {
    if (!server_) return;
    front_door_.listens_at(server_->address());
    metrics_.watch(server_->counts());
  }

  Awaitable<void> run() {
    co_await guarded(guarded(guarded(work(), queue_.run()), guarded(guarded(look_at_redis(), audit_.run()), serve())),
                     guarded(stop_on_signal(), end_without_embedded_redis()));
  }

  const std::string& worker_id() const { return queue_.worker_id(); }

  int exit_code() const {
    if (!settings_.worker.drain) return 0;
    return health_.up() && runner_.failed() == 0 ? 0 : 1;
  }

 private:
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
      if (!gone || !redis_is_embedded_) continue;
      worker_.stop();
      throw EmbeddedRedisGone();
    }
  }
  Awaitable<void> stop_on_signal() {
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::basic_signal_set<fhir::Executor> signals(executor, SIGTERM, SIGINT);
    co_await signals.async_wait(fhir::use_awaitable);
    log::event(log::Level::info, "stopping", {{"running", runner_.running()}});
    worker_.stop();
    co_await guarded(second_signal(signals), end_of_grace());
  }
  Awaitable<void> second_signal(boost::asio::basic_signal_set<fhir::Executor>& signals) {
    co_await signals.async_wait(fhir::use_awaitable);
    throw Hurried();
  }
  Awaitable<void> end_of_grace() {
    const auto executor = co_await boost::asio::this_coro::executor;
    fhir::Timer timer(executor, settings_.worker.grace);
    co_await timer.async_wait(fhir::use_awaitable);
    throw Hurried();
  }

  const config::Settings& settings_;
  bool redis_is_embedded_;
  fhir::Stop stop_;
  Readiness readiness_;
  std::optional<fhir::Clock::time_point> redis_away_since_;
  queue::RedisClient redis_;
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
  std::unique_ptr<http::Server> server_;
};

}  // namespace

int run_daemon(const config::Settings& settings) {
  log::set_up(settings.log);
  std::optional<queue::EmbeddedRedis> embedded;
  config::Settings resolved = settings;
  if (queue::EmbeddedRedis::wanted(settings.redis.url)) {
    embedded.emplace(queue::EmbeddedRedis::directory_of(settings.redis.url));
    resolved.redis.url = embedded->url();
  }

  // One thread: sockets need no locks. (The queue of handlers does: names are looked up by a thread of Asio's.)
  boost::asio::io_context io(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO);
  Daemon daemon(io, resolved, embedded.has_value());
  std::exception_ptr failure;
  boost::asio::co_spawn(io.get_executor(), daemon.run(), [&](std::exception_ptr error) {
    failure = error;
    io.stop();
  });
  log::event(log::Level::info, "worker started",
             {{"worker", daemon.worker_id()}, {"queue", settings.redis.queue}, {"fhir", settings.fhir.url}});
  io.run();
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const Hurried&) {
    log::event(log::Level::warning, "stopped in a hurry: the grace period is over");
  }
  log::event(log::Level::info, "worker stopped");
  return daemon.exit_code();
}

}  // namespace worker
