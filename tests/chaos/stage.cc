#include "tests/chaos/stage.h"

#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include "queue/clock.h"
#include "tests/chaos/inspection.h"
#include "tests/chaos/verdict.h"
#include "tests/support/run.h"

namespace chaos {
namespace {

using namespace std::chrono_literals;
using queue::Clock;

/// How long what the troubles left undone may take.
constexpr auto end_limit = 100s;

sandbox::ServerOptions server_options() {
  sandbox::ServerOptions options;
  options.latency = usual_latency;
  return options;
}

sandbox::Oracle oracle_of(sandbox::Server& server) {
  std::optional<sandbox::Oracle> oracle;
  server.with_world([&](const sandbox::World& world) { oracle.emplace(world); });
  return std::move(*oracle);
}

config::Redis settings_of(const Redis& redis) {
  config::Redis settings;
  settings.url = redis.url();
  return settings;
}

std::vector<std::string> worker_command(const Redis& redis, const sandbox::Server& fhir) {
  return {SET_ACCOUNTS_PROGRAM,
          "worker",
          "--redis-url",
          redis.url(),
          "--fhir-url",
          fhir.fhir_url(),
          "--listen",
          "",
          "--lease",
          std::to_string(lease.count()) + "ms",
          "--jobs",
          "4",
          "--concurrency",
          "3",
          "--request-timeout",
          "3s",
          "--grace",
          "5s",
          "--log-format",
          "text"};
}

/// What a failover forgot is done again.
bool tells_of_too_many_writes(const std::string& difference) {
  return difference.ends_with(" would do");
}

/// All that a worker may have written for.
std::vector<sandbox::Request> requests_of(const Evidence& evidence) {
  std::vector<sandbox::Request> requests;
  for (const Added& added : evidence.added)
    if (!added.job.dry_run && added.job.flaw == Flaw::none)
      requests.push_back({added.job.target, added.job.accounts, added.job.propagate});
  return requests;
}

queue::Awaitable<void> wait_until(Clock::time_point moment) {
  const auto executor = co_await boost::asio::this_coro::executor;
  queue::Timer timer(executor, moment);
  co_await timer.async_wait(queue::use_awaitable);
}

}  // namespace

Stage::Stage(const Plan& plan, Redis& redis)
    : plan_(plan),
      fhir_(server_options()),
      patients_(seed_patients(fhir_, plan.targets)),
      oracle_(oracle_of(fhir_)),
      journal_(fhir_),
      redis_(redis),
      producers_link_(io_.get_executor(), settings_of(redis_), [](const std::string&) {}),
      operators_link_(io_.get_executor(), settings_of(redis_), [](const std::string&) {}),
      crew_(worker_command(redis_, fhir_), folder()),
      producer_(producers_link_, redis_.replicas()),
      troublemaker_(crew_, redis_, operators_link_, fhir_, patients_.members) {}

void Stage::play() {
  std::vector<queue::Awaitable<void>> works;
  works.push_back(run_errands());
  works.push_back(make_trouble());
  together(std::move(works));
  troublemaker_.calm();
  test::run(io_, end_in_peace(), end_limit + 30s);
  crew_.dismiss();
}

Evidence Stage::evidence() {
  Evidence evidence;
  evidence.plan = plan_;
  evidence.added = producer_.added();
  evidence.pauses = producer_.pauses();
  evidence.repetitions = producer_.repetitions();
  evidence.patches = journal_.patches();
  evidence.fates = crew_.fates();
  evidence.troubles = troublemaker_.made();
  evidence.outages = troublemaker_.outages();
  evidence.refused = troublemaker_.refused();
  evidence.target_of = patients_.target_of;
  evidence.wasted_writes = fhir_.counters().wasted_writes;
  test::run(io_, inspect(operators_link_, evidence));
  return evidence;
}

std::vector<std::string> Stage::differences(const Evidence& evidence) {
  if (evidence.whole_history) {
    testify(evidence, oracle_);
  } else {
    testify_that_all_completed(evidence, oracle_);
  }
  std::vector<std::string> differences;
  fhir_.with_world([&](const sandbox::World& world) { differences = oracle_.differences(world, 10'000); });
  if (!evidence.whole_history) std::erase_if(differences, tells_of_too_many_writes);
  for (std::string& line : sandbox::trespasses(fhir_.committed_patches(), requests_of(evidence)))
    differences.push_back(std::move(line));
  return differences;
}

queue::Awaitable<void> Stage::run_errands() {
  const auto began = Clock::now();
  for (const Errand& errand : plan_.errands) {
    co_await wait_until(began + errand.at);
    if (const auto* job = std::get_if<AskedJob>(&errand.entry)) co_await producer_.add(*job);
    if (const auto* cancel = std::get_if<AskedCancel>(&errand.entry)) co_await producer_.cancel(cancel->job);
    if (const auto* retry = std::get_if<AskedRetry>(&errand.entry)) co_await producer_.retry(retry->job);
    if (const auto* pause = std::get_if<AskedPause>(&errand.entry)) co_await producer_.pause(pause->on);
  }
}

queue::Awaitable<void> Stage::make_trouble() {
  const auto began = Clock::now();
  for (const Trouble& trouble : plan_.troubles) {
    co_await wait_until(began + trouble.at);
    co_await troublemaker_.make(trouble);
    crew_.look();
  }
}

queue::Awaitable<void> Stage::end_in_peace() {
  co_await producer_.pause(false);
  for (const AskedJob& job : plan_.last_jobs) co_await producer_.add(job);
  co_await wait_until_drained();
}

queue::Awaitable<void> Stage::wait_until_drained() {
  const auto limit = Clock::now() + end_limit;
  bool drained = co_await is_drained(operators_link_);
  while (!drained && Clock::now() < limit) {
    co_await wait_until(Clock::now() + 50ms);
    crew_.look();
    drained = co_await is_drained(operators_link_);
  }
}

/// Until all have ended. Throws what one of them throws.
void Stage::together(std::vector<queue::Awaitable<void>> works) {
  std::exception_ptr failure;
  std::size_t left = works.size();
  for (queue::Awaitable<void>& work : works)
    boost::asio::co_spawn(io_.get_executor(), std::move(work), [&](std::exception_ptr error) {
      if (error) failure = error;
      if (--left == 0 || error) io_.stop();
    });
  io_.restart();
  io_.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace chaos
