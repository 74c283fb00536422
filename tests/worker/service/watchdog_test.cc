#include <optional>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "fhir/client.h"
#include "queue/redis_job_queue.h"
#include "tests/faults/killable_context.h"
#include "tests/worker/e2e/end_to_end.h"
#include "tests/worker/service/supervisor.h"
#include "worker/concurrency.h"
#include "worker/http/site.h"
#include "worker/job_runner.h"
#include "worker/service/heartbeat.h"
#include "worker/worker.h"

namespace {

using namespace std::chrono_literals;
using test::Supervisor;

enum class Wedge { none, upkeep, claiming, lease };

/// Never ends, and hears of no cancellation: as code would that waits for what does not come.
worker::Awaitable<void> hang() {
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  const auto executor = co_await boost::asio::this_coro::executor;
  fhir::Timer never(executor, fhir::Clock::time_point::max());
  co_await never.async_wait(fhir::use_awaitable);
}

/// The real queue, of which one part hangs from a moment on.
class WedgedQueue : public queue::RedisJobQueue {
 public:
  using RedisJobQueue::RedisJobQueue;
  Wedge wedge = Wedge::none;

  queue::Awaitable<void> run() override {
    try {
      co_await worker::guarded(RedisJobQueue::run(), until_wedged());
    } catch (const Wedged&) {
      // From now on.
    }
    co_await hang();
  }
  queue::Awaitable<std::optional<queue::Job>> take() override {
    if (wedge == Wedge::claiming) co_await hang();
    auto job = co_await RedisJobQueue::take();
    co_return job;
  }
  queue::Awaitable<queue::Standing> beat(queue::Job job, queue::Progress progress) override {
    if (wedge == Wedge::lease) co_await hang();
    const auto standing = co_await RedisJobQueue::beat(std::move(job), std::move(progress));
    co_return standing;
  }

 private:
  struct Wedged {};

  worker::Awaitable<void> until_wedged() const {
    const auto executor = co_await boost::asio::this_coro::executor;
    while (wedge != Wedge::upkeep) {
      fhir::Timer timer(executor, 10ms);
      co_await timer.async_wait(fhir::use_awaitable);
    }
    throw Wedged();
  }
};

config::Redis redis_at(const std::string& url) {
  config::Redis settings;
  settings.url = url;
  return settings;
}

config::Fhir fhir_at(const std::string& url) {
  config::Fhir settings;
  settings.url = url;
  return settings;
}

/// The worker's parts in this process, wired as the daemon wires them, with bounds of a few seconds.
class Watchdog : public test::EndToEnd {
 protected:
  ~Watchdog() override { io.kill(); }
  explicit Watchdog(fhir::Clock::duration bound = 2500ms) : signs(bound) {
    readiness.note(worker::Readiness::Part::redis, {});
  }

  queue::RedisJobQueue::Options queue_options() {
    queue::RedisJobQueue::Options options;
    options.on_try = [this] { upkeep.moved(); };
    return options;
  }
  worker::Awaitable<void> work() {
    co_await worker::guarded(worker::guarded(worker.run(), queue.run()), heartbeat.run());
  }
  /// Runs all for so long.
  void pass(std::chrono::milliseconds time) {
    io.restart();
    io.run_for(time);
  }
  bool pass_until(const std::function<bool()>& holds) {
    return until([&] {
      pass(50ms);
      return holds();
    });
  }
  std::string healthz() {
    worker::http::Request request;
    request.method = "GET";
    request.path = {"healthz"};
    std::optional<worker::http::Response> response;
    boost::asio::co_spawn(
        io.get_executor(), site.answer(std::move(request)),
        [&](const std::exception_ptr&, worker::http::Response answer) { response = std::move(answer); });
    io.restart();
    while (!response) io.run_one();
    return std::to_string(response->status) + " " + response->body;
  }
  void begin() {
    boost::asio::co_spawn(io.get_executor(), work(), [](const std::exception_ptr&) {});
    ASSERT_TRUE(pass_until([&] { return supervisor.hears("READY=1", 0ms); })) << supervisor.all();
  }
  void expect_stuck(const std::string& part) {
    EXPECT_TRUE(pass_until([&] { return supervisor.hears_of("STATUS=stuck: " + part, 0ms); })) << supervisor.all();
    supervisor.feel(10ms);
    supervisor.forget();
    pass(1s);
    EXPECT_EQ(supervisor.feel(10ms).pings, 0) << supervisor.all();
    EXPECT_TRUE(healthz().starts_with(R"(503 {"healthy":false,"why":[")" + part + " has not moved for ")) << healthz();
  }

  faults::KillableContext io;
  Supervisor supervisor;
  config::Redis redis_settings = redis_at(redis_server.url());
  config::Fhir fhir_settings = fhir_at(server.fhir_url());
  fhir::Stop stop;
  worker::Readiness readiness;
  worker::service::VitalSigns signs;
  worker::service::VitalSign upkeep{signs, "the queue's upkeep"};
  queue::RedisClient client{io.get_executor(), redis_settings, [](const std::string&) {}};
  WedgedQueue queue{client, queue_options()};
  fhir::Client fhir{io.get_executor(), fhir_settings};
  worker::ServerHealth health{fhir, stop, readiness, signs};
  worker::JobRunner runner{queue, fhir, health, signs, {}};
  worker::Worker worker{queue, runner, health, stop, signs, {.jobs = 2, .drain = false}};
  worker::http::Site site{readiness, stop, signs, {}};
  worker::service::Heartbeat heartbeat{
      {.socket = supervisor.environment().at("NOTIFY_SOCKET"), .watchdog = 1s}, signs, [this] {
        return worker::service::Condition{.ready = readiness.ready(), .trouble = readiness.why(), .stopped = {}};
      }};
};

TEST_F(Watchdog, IsFedWhileAllMove) {
  begin();
  supervisor.forget();
  pass(3s);
  EXPECT_GE(supervisor.feel(10ms).pings, 6) << supervisor.all();
  EXPECT_EQ(supervisor.all().find("stuck"), std::string::npos) << supervisor.all();
  EXPECT_EQ(healthz(), "200 {\"healthy\":true}\n");
}

using WorkerToldToEnd = Watchdog;

TEST_F(WorkerToldToEnd, EndsAlsoIfItWasToldBeforeItBegan) {
  bool over = false;
  worker.stop();
  boost::asio::co_spawn(io.get_executor(), work(), [&](const std::exception_ptr&) { over = true; });
  EXPECT_TRUE(pass_until([&] { return over; }));
}

/// Between two tries of a Redis that is away lie some seconds.
class PatientWatchdog : public Watchdog {
 protected:
  PatientWatchdog() : Watchdog(5500ms) {}
};

TEST_F(PatientWatchdog, IsFedWhileRedisAndTheFhirServerAreAwayForLongerThanThat) {
  begin();
  const auto seeded = seed({.members = 20});
  server.add_fault({.kind = sandbox::FaultKind::stall, .on = sandbox::RequestKind::patch});
  enqueue({"target", seeded.target, "accounts", test::organization(5), "propagate", "true"});
  while (server.counters().patches_in_flight == 0) pass(10ms);
  redis_server.kill();
  server.close();
  supervisor.forget();
  int pings = 0;
  for (int second = 0; second < 9; ++second) {
    pass(1s);
    pings += supervisor.feel(10ms).pings;  // a socket that nobody reads takes ten
  }
  EXPECT_GE(pings, 16) << supervisor.all();
  EXPECT_EQ(supervisor.all().find("stuck"), std::string::npos) << supervisor.all();
}

TEST_F(Watchdog, IsNotFedOnceTheUpkeepOfTheQueueHangs) {
  begin();
  queue.wedge = Wedge::upkeep;
  expect_stuck("the queue's upkeep");
}

TEST_F(Watchdog, IsNotFedOnceTheClaimingHangs) {
  begin();
  queue.wedge = Wedge::claiming;
  expect_stuck("the claiming of jobs");
}

TEST_F(Watchdog, IsNotFedOnceARunningJobsLeaseKeeperHangs) {
  begin();
  const auto seeded = seed({.members = 20});
  server.add_fault({.kind = sandbox::FaultKind::stall, .on = sandbox::RequestKind::patch});
  const std::string job = enqueue({"target", seeded.target, "accounts", test::organization(5), "propagate", "true"});
  while (server.counters().patches_in_flight == 0) pass(10ms);
  queue.wedge = Wedge::lease;
  expect_stuck("the lease of a running job");
  EXPECT_EQ(signs.stopped()->job, job);
}

}  // namespace
