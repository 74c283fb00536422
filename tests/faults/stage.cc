#include "tests/faults/stage.h"

#include <algorithm>
#include <optional>
#include <set>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>

#include "tests/faults/judge.h"

namespace faults {
namespace {

using namespace std::chrono_literals;
using queue::Awaitable;

/// By far longer than anything takes, also on a busy machine under a sanitizer: who reaches it hangs.
constexpr auto hangs_after = 90s;
constexpr auto look_again_after = 3ms;
constexpr std::size_t steps_at_once = 64;

Awaitable<void> pause(std::chrono::milliseconds time) {
  using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>, queue::Executor>;
  const auto executor = co_await boost::asio::this_coro::executor;
  Timer timer(executor, time);
  co_await timer.async_wait(queue::use_awaitable);
}

sandbox::ServerOptions server_options(const Mixture& mixture) {
  sandbox::ServerOptions options;
  options.world.real_time = mixture.real_time;
  options.world.seed = mixture.seed;
  options.paging = mixture.paging;
  options.auth = mixture.login;
  options.tokens.client_id = client_id;
  options.tokens.client_secret = client_secret;
  options.search_mode = mixture.search_mode;
  options.compartment_in_meta = mixture.compartment_in_meta;
  options.if_match = mixture.if_match;
  options.rate_limit_header = mixture.quota_header;
  options.retry_after = mixture.retry_after;
  options.reset_in_outcome = mixture.reset_in_outcome;
  options.quota = mixture.quota;
  options.quota_window = 1s;
  options.latency = mixture.latency;
  options.seed = mixture.seed;
  return options;
}

config::Redis redis_settings(const std::string& url) {
  config::Redis settings;
  settings.url = url;
  return settings;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

}  // namespace

Stage::Stage(Mixture mixture, const std::string& redis_url)
    : mixture_(std::move(mixture)),
      redis_url_(redis_url),
      queue_("mixture-" + std::to_string(mixture_.seed)),
      server_(server_options(mixture_)),
      redis_(io_.get_executor(), redis_settings(redis_url), [](const std::string&) {}),
      producer_(redis_, queue_),
      records_(redis_, queue_) {
  seed();
  boost::asio::co_spawn(io_.get_executor(), play(), [this](const std::exception_ptr& error) {
    over_ = true;
    try {
      if (error) std::rethrow_exception(error);
    } catch (const std::exception& failure) {
      wrong(std::string("the stage itself broke: ") + failure.what());
    }
  });
}

Stage::~Stage() = default;

bool Stage::work() {
  bool worked = io_.poll() > 0;
  for (std::size_t n = 0; n < workers_.size(); ++n) {
    if (!workers_[n]) continue;
    const std::size_t steps = workers_[n]->work(steps_at_once);
    worked = worked || steps > 0;
    if (n == 0) steps_ += steps;
  }
  return worked;
}

Awaitable<void> Stage::play() {
  co_await in_trouble();
  co_await stop_workers();
  if (wrong_.empty()) co_await in_quiet_weather();
  co_await stop_workers();
  const sandbox::Counters counters = server_.counters();
  if (counters.wasted_writes > 0) wrong(std::to_string(counters.wasted_writes) + " PATCHes changed nothing");
  figures_.mixtures = 1;
  figures_.writes = counters.total_writes();
  for (const auto& [kind, n] : counters.requests) figures_.requests += n;
  figures_.doings = weather_->doings();
}

Awaitable<void> Stage::in_trouble() {
  if (!mixture_.owed.empty()) {
    std::vector<std::string> command{"SADD", "{" + queue_ + "}:owed:" + seeded_.target};
    command.insert(command.end(), mixture_.owed.begin(), mixture_.owed.end());
    co_await redis_.execute(std::move(command));
  }
  for (const Job& job : mixture_.jobs) co_await enqueue(job);
  weather_->turn_bad();
  for (int n = 0; n < mixture_.workers; ++n) start_worker(temper());
  const auto limit = Clock::now() + hangs_after;
  while (server_.counters().requests.empty() && Clock::now() < limit) co_await pause(1ms);
  const auto began = Clock::now();
  co_await interrupt();
  bool ended = co_await jobs_end_before(began + mixture_.trouble_lasts);
  weather_->clear_up();
  if (!ended) ended = co_await jobs_end_before(Clock::now() + hangs_after);
  if (!ended) wrong("a job never ends");
  co_await judge(false);
}

/// One after the other, so that what one of them gives is what the next one finds.
Awaitable<void> Stage::in_quiet_weather() {
  std::map<std::string, Job> last;
  for (const Job& job : mixture_.jobs) last[target_of(job.who)] = job;
  mixture_.verify = config::Verify::full;
  weather_->fall_calm();
  start_worker(Temper::calm);
  for (const auto& each : last) {
    const Job job = each.second;
    jobs_.clear();
    co_await enqueue(job);
    const bool ended = co_await jobs_end_before(Clock::now() + hangs_after);
    if (!ended) wrong("a job never ends in quiet weather");
    co_await judge(true);
  }
}

Awaitable<void> Stage::enqueue(Job job) {
  QueuedJob queued;
  queued.target = target_of(job.who);
  queued.accounts = job.accounts;
  server_.with_world([&](sandbox::World&) { witness_->requested(queued.target, queued.accounts); });
  queue::InboxEntry entry{{"target", queued.target}, {"accounts", joined(queued.accounts)}, {"propagate", "true"}};
  if (mixture_.verify == config::Verify::none) entry.emplace_back("verify", "none");
  std::vector<queue::InboxEntry> entries{std::move(entry)};
  const std::vector<std::string> ids = co_await producer_.enqueue(std::move(entries));
  queued.id = ids.front();
  jobs_.push_back(std::move(queued));
}

/// The first worker is killed or stopped, and another one goes on; or the first job is cancelled.
Awaitable<void> Stage::interrupt() {
  const std::size_t when = std::max({mixture_.killed_after, mixture_.stopped_after, mixture_.cancelled_after});
  if (when == 0) co_return;
  const auto limit = Clock::now() + mixture_.trouble_lasts;
  while (steps_ < when && Clock::now() < limit) co_await pause(1ms);
  if (mixture_.cancelled_after > 0) {
    co_await producer_.cancel(jobs_.front().id);
    co_return;
  }
  ++figures_.kills;
  if (mixture_.stopped_after > 0) {
    workers_.front()->stop();
    const auto patience = Clock::now() + hangs_after;
    while (!workers_.front()->is_over() && Clock::now() < patience) co_await pause(1ms);
    if (!workers_.front()->is_over()) wrong("a worker does not stop");
  }
  workers_.front().reset();
  const queue::Reply running = co_await redis_.execute({"ZCARD", "{" + queue_ + "}:running"});
  figures_.kills_at_work += mixture_.killed_after > 0 && running.number > 0 ? 1 : 0;
  start_worker(temper());
}

Awaitable<bool> Stage::jobs_end_before(Clock::time_point limit) {
  const std::set<std::string> ends{"completed", "failed", "cancelled"};
  for (;;) {
    bool ended = true;
    for (const QueuedJob& job : jobs_) {
      const queue::Reply reply = co_await redis_.execute({"HGET", "{" + queue_ + "}:job:" + job.id, "state"});
      ended = ended && ends.contains(reply.text);
    }
    if (ended) co_return true;
    if (Clock::now() >= limit) co_return false;
    co_await pause(look_again_after);
  }
}

Awaitable<void> Stage::read_records() {
  for (QueuedJob& job : jobs_) {
    const std::optional<queue::Record> record = co_await records_.find(job.id);
    if (!record) continue;
    job.record = record->fields;
    job.failures = co_await records_.failures(job.id);
  }
}

Awaitable<void> Stage::judge(bool in_quiet_weather) {
  if (!wrong_.empty()) co_return;
  co_await read_records();
  for (const QueuedJob& job : jobs_) figures_.count_end(job.field("state"), job.field("error"));
  Judge judge(mixture_, *witness_, jobs_, in_quiet_weather);
  server_.with_world([&](const sandbox::World& world) { judge.judge(world); });
  std::set<std::string> targets;
  for (const QueuedJob& job : jobs_) targets.insert(job.target);
  for (const std::string& target : targets) {
    const std::vector<std::string> owed = co_await records_.owed(target);
    server_.with_world([&](const sandbox::World&) { judge.judge_owed(target, owed); });
  }
  wrong_.insert(wrong_.end(), judge.wrong().begin(), judge.wrong().end());
}

Temper Stage::temper() const {
  return mixture_.impatient ? Temper::impatient : Temper::quick;
}

Awaitable<void> Stage::stop_workers() {
  for (const auto& worker : workers_) {
    if (!worker) continue;
    if (worker->is_over()) wrong("a worker ended by itself: " + worker->failure());
    worker->stop();
  }
  const auto limit = Clock::now() + hangs_after;
  const auto works = [](const auto& worker) { return worker && !worker->is_over(); };
  while (std::ranges::any_of(workers_, works) && Clock::now() < limit) co_await pause(look_again_after);
  if (std::ranges::any_of(workers_, works)) wrong("a worker does not stop");
  workers_.clear();
}

void Stage::start_worker(Temper temper) {
  workers_.push_back(std::make_unique<WorkerInProcess>(WorkerInProcess::Options{.redis_url = redis_url_,
                                                                                .queue = queue_,
                                                                                .fhir_url = server_.fhir_url(),
                                                                                .logs_in = mixture_.login,
                                                                                .page_size = mixture_.page_size,
                                                                                .temper = temper}));
}

void Stage::seed() {
  server_.with_world([&](sandbox::World& world) {
    sandbox::Seeding seeding;
    seeding.patient = "p" + std::to_string(mixture_.seed);
    seeding.members = mixture_.members;
    seeding.shared_every = mixture_.shared_every;
    seeding.seed = mixture_.seed;
    seeded_ = sandbox::seed_compartment(world, seeding);
    witness_ = std::make_unique<Witness>(world);
    witness_->owes(seeded_.target, mixture_.owed);
    weather_ = std::make_unique<Weather>(server_, mixture_, seeded_, *witness_);
    weather_->look(world);
  });
}

void Stage::wrong(const std::string& what) {
  wrong_.push_back(what);
}

std::string Stage::target_of(Who who) const {
  switch (who) {
    case Who::patient:
      return seeded_.target;
    case Who::second:
      return seeded_.second;
    case Who::stranger:
      return seeded_.stranger;
  }
  return "";
}

}  // namespace faults
