#include "tests/faults/stage.h"

#include <algorithm>
#include <optional>
#include <set>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>

#include "sandbox/json.h"

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

/// Short enough to count by: without names and numbers of one run.
std::string kind_of_error(const std::string& error) {
  std::string kind;
  for (const char c : error.substr(0, 200))
    if (c < '0' || c > '9') kind += c;
  const auto list = kind.find(" resources could not be updated");
  return list == std::string::npos ? kind.substr(0, 110) : "resources could not be updated";
}

}  // namespace

void Figures::add(const Figures& other) {
  mixtures += other.mixtures;
  completed += other.completed;
  failed += other.failed;
  cancelled += other.cancelled;
  kills += other.kills;
  kills_at_work += other.kills_at_work;
  writes += other.writes;
  requests += other.requests;
  doings += other.doings;
  for (const auto& [error, n] : other.by_error) by_error[error] += n;
}

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
  figures_.doings = doings_;
}

Awaitable<void> Stage::in_trouble() {
  if (!mixture_.owed.empty()) {
    std::vector<std::string> command{"SADD", "{" + queue_ + "}:owed:" + seeded_.target};
    command.insert(command.end(), mixture_.owed.begin(), mixture_.owed.end());
    co_await redis_.execute(std::move(command));
  }
  for (const Job& job : mixture_.jobs) co_await enqueue(job);
  bring_trouble();
  for (int n = 0; n < mixture_.workers; ++n) start_worker(temper());
  const auto limit = Clock::now() + hangs_after;
  while (server_.counters().requests.empty() && Clock::now() < limit) co_await pause(1ms);
  const auto began = Clock::now();
  co_await interrupt();
  bool ended = co_await jobs_end_before(began + mixture_.trouble_lasts);
  end_trouble();
  if (!ended) ended = co_await jobs_end_before(Clock::now() + hangs_after);
  if (!ended) wrong("a job never ends");
  co_await judge(false);
}

/// One after the other, so that what one of them gives is what the next one finds.
Awaitable<void> Stage::in_quiet_weather() {
  std::map<std::string, Job> last;
  for (const Job& job : mixture_.jobs) last[target_of(job.who)] = job;
  mixture_.verify = config::Verify::full;
  server_.before_patch({});
  server_.before_read({});
  server_.before_page([this](sandbox::World&, int, const std::string& reference) { witness_->page_asked(reference); });
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
  Queued queued;
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
    for (const Queued& job : jobs_) {
      const queue::Reply reply = co_await redis_.execute({"HGET", "{" + queue_ + "}:job:" + job.id, "state"});
      ended = ended && ends.contains(reply.text);
    }
    if (ended) co_return true;
    if (Clock::now() >= limit) co_return false;
    co_await pause(look_again_after);
  }
}

Awaitable<void> Stage::read_records() {
  for (Queued& job : jobs_) {
    const std::optional<queue::Record> record = co_await records_.find(job.id);
    if (!record) continue;
    job.record = record->fields;
    job.failures = co_await records_.failures(job.id);
  }
}

Awaitable<void> Stage::judge(bool in_quiet_weather) {
  if (!wrong_.empty()) co_return;
  co_await read_records();
  server_.with_world([&](const sandbox::World& world) {
    for (const Queued& job : jobs_) witness_->settled(job.target);
    for (auto job = jobs_.begin(); job != jobs_.end(); ++job) {
      const bool last =
          std::none_of(job + 1, jobs_.end(), [&](const Queued& later) { return later.target == job->target; });
      judge_job(world, *job, last, in_quiet_weather);
    }
    for (const std::string& each : witness_->wrong_writes(world)) wrong(each);
  });
  co_await judge_owed(in_quiet_weather);
}

void Stage::judge_job(const sandbox::World& world, const Queued& job, bool last_of_its_target, bool in_quiet_weather) {
  const auto field = [&](const char* name) {
    const auto found = job.record.find(name);
    return found == job.record.end() ? std::string() : found->second;
  };
  const std::string state = field("state");
  figures_.completed += state == "completed" ? 1 : 0;
  figures_.failed += state == "failed" ? 1 : 0;
  figures_.cancelled += state == "cancelled" ? 1 : 0;
  if (state == "failed") ++figures_.by_error[kind_of_error(field("error"))];
  if (in_quiet_weather && state != "completed") wrong("in quiet weather: " + state + ": " + field("error"));
  if (state == "failed" && field("error").empty()) wrong("failed without a reason");
  if (!last_of_its_target) return;

  const bool unverified = mixture_.verify == config::Verify::none;
  const bool by_cursor = mixture_.paging == sandbox::Paging::cursor;
  const bool several = std::ranges::count(jobs_, job.target, &Queued::target) > 1;
  if (!in_quiet_weather && state == "completed")
    witness_->excuse_late_changes(job.target, several || unverified || !by_cursor);
  const auto faults = witness_->not_right(world, job.target, in_quiet_weather);
  if (state == "completed" && !(unverified && witness_->anything_changed_by_another())) {
    for (const auto& [reference, fault] : faults) wrong(state + ", but " + reference + " " + fault);
    judge_counts(job, witness_->members_of(world, job.target).size());
  }
  if (state == "failed" && field("error").find("resources could not be updated") != std::string::npos)
    judge_failures(job, faults);
}

void Stage::judge_counts(const Queued& job, std::size_t members) {
  const auto count = [&](const char* name) {
    const auto found = job.record.find(name);
    return found == job.record.end() || found->second.empty() ? -1L : std::stol(found->second);
  };
  const auto claim = [&](bool true_claim, const std::string& what) {
    if (!true_claim) wrong("the counts of " + job.id + " are not true: " + what);
  };
  claim(count("resourcesFailed") == 0, "completed with failures");
  claim(count("resourcesUpdated") + count("resourcesGone") == count("resourcesTotal"),
        "updated " + std::to_string(count("resourcesUpdated")) + " + gone " + std::to_string(count("resourcesGone")) +
            " of " + std::to_string(count("resourcesTotal")));
  claim(count("resourcesUnchanged") <= count("resourcesUpdated"), "more unchanged than updated");
  const bool alone = std::ranges::all_of(mixture_.jobs, [](const Job& each) { return each.who == Who::patient; });
  if (alone && jobs_.size() == 1)
    claim(count("resourcesWritten") <= witness_->writes(job.target),
          "written " + std::to_string(count("resourcesWritten")) + ", but only " +
              std::to_string(witness_->writes(job.target)) + " resources were");
  if (witness_->anything_changed_by_another()) return;
  claim(count("resourcesUpdated") == static_cast<long>(members) + 1,
        "updated " + std::to_string(count("resourcesUpdated")) + " of " + std::to_string(members) + " members");
}

/// Each one listed was refused, or is not right; each one not listed is right.
void Stage::judge_failures(const Queued& job, const std::map<std::string, std::string>& not_right) {
  std::set<std::string> listed;
  for (const std::string& failure : job.failures) {
    const sandbox::Json parsed = sandbox::parsed(failure);
    const std::string reference(sandbox::text_member(parsed, "reference"));
    listed.insert(reference);
    if (sandbox::text_member(parsed, "diagnostics").empty()) wrong("no diagnostics: " + failure);
    if (!may_refuse() && !not_right.contains(reference) && !witness_->was_changed_by_another(reference))
      wrong("listed as failed, but right: " + failure);
  }
  if (std::to_string(listed.size()) != job.record.at("resourcesFailed")) wrong("the failure list is not whole");
  if (mixture_.verify == config::Verify::none && witness_->anything_changed_by_another()) return;
  for (const auto& [reference, fault] : not_right)
    if (!listed.contains(reference) && !witness_->was_changed_by_another(reference))
      wrong("failed, and not listed: " + reference + " " + fault);
}

/// What a target lost by our writes is owed until a job was proven to have removed it everywhere.
Awaitable<void> Stage::judge_owed(bool in_quiet_weather) {
  std::map<std::string, std::string> states;
  for (const Queued& job : jobs_) states[job.target] = job.record.at("state");
  for (const auto& each : states) {
    const std::string target = each.first;
    const std::string state = each.second;
    const std::vector<std::string> owed = co_await records_.owed(target);
    const std::set<std::string> held(owed.begin(), owed.end());
    server_.with_world([&](const sandbox::World&) {
      if (state == "completed" && (in_quiet_weather || held.empty())) {
        if (!held.empty()) wrong(target + " still owes " + joined(owed));
        witness_->paid(target);
        return;
      }
      if (state == "completed" && mixture_.verify == config::Verify::full) wrong(target + " owes " + joined(owed));
      const bool several = std::ranges::count(jobs_, target, &Queued::target) > 1;
      for (const std::string& account : witness_->owed(target))
        if (!held.contains(account) && !several) wrong(target + " no longer owes " + account + ", though " + state);
    });
  }
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
    somebody_else_ = std::make_unique<SomebodyElse>(world, seeded_, *witness_, mixture_.seed);
  });
}

void Stage::bring_trouble() {
  const auto doings_at = [this](sandbox::RequestKind kind, sandbox::World& world, int n, const std::string& about) {
    for (const Strike& strike : mixture_.strikes) {
      if (strike.trouble.doing == Doing::none || strike.doing_before != kind || strike.nth != n) continue;
      happen(world, strike.trouble.doing, about);
    }
  };
  server_.before_patch([=](sandbox::World& world, int n, const std::string& reference) {
    doings_at(sandbox::RequestKind::patch, world, n, reference);
  });
  server_.before_read([=](sandbox::World& world, int n, const std::string& reference) {
    doings_at(sandbox::RequestKind::read, world, n, reference);
  });
  server_.before_page([=, this](sandbox::World& world, int n, const std::string& reference) {
    doings_at(sandbox::RequestKind::page, world, n, reference);
    witness_->page_asked(reference);
  });
  server_.after_patch(
      [this](sandbox::World& world, int, const std::string& reference) { witness_->patched(world, reference); });
  for (const Strike& strike : mixture_.strikes) {
    if (strike.trouble.doing != Doing::none) continue;
    sandbox::Fault fault = strike.trouble.fault;
    fault.probability = strike.probability;
    fault.times = strike.times;
    if (strike.trouble.lasting_on_one_member) {
      if (seeded_.members.empty()) continue;
      fault.reference = seeded_.members[mixture_.seed % seeded_.members.size()];
      fault.probability = 1;
      fault.times = 0;
    }
    server_.add_fault(fault);
  }
}

void Stage::happen(sandbox::World& world, Doing doing, const std::string& about) {
  if (trouble_is_over_ && doing == Doing::fall_silent) return;
  ++doings_;
  switch (doing) {
    case Doing::hang_up:
      server_.drop_connections();
      return;
    case Doing::fall_silent:
      server_.set_silent(true);
      return;
    default:
      somebody_else_->act(world, doing, about);
  }
}

void Stage::end_trouble() {
  server_.clear_faults();
  server_.with_world([this](sandbox::World&) { trouble_is_over_ = true; });
  server_.set_silent(false);
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

bool Stage::may_refuse() const {
  return std::ranges::any_of(mixture_.strikes, [](const Strike& strike) { return strike.trouble.refuses(); });
}

}  // namespace faults
