#include "tests/soak/rounds.h"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <set>
#include <sstream>

#include "tests/soak/round_judge.h"

namespace soak {
namespace {

using namespace std::chrono_literals;

constexpr int workers_at_once = 2;
constexpr int targets_at_once = 8;
constexpr auto round_limit = 150s;
/// Every so many rounds all connections to Redis are cut.
constexpr int rounds_between_cuts = 20;
/// And every so many the workers are told to read their settings again.
constexpr int rounds_between_reloads = 2;

/// What goes wrong at the FHIR server all the time, each for some in a hundred requests. In a hurry not what a worker
/// must wait for: the end of a quota's window, an answer that does not come.
std::vector<sandbox::Fault> weather(bool in_a_hurry) {
  using sandbox::FaultKind;
  using sandbox::RequestKind;
  std::vector<sandbox::Fault> faults{
      {.probability = 0.01, .status = 503},
      {.kind = FaultKind::reset, .probability = 0.01},
      {.kind = FaultKind::reset, .on = RequestKind::patch, .probability = 0.01, .after_commit = true},
      {.kind = FaultKind::drip, .probability = 0.01, .wait = 1ms, .size = 256},
      {.kind = FaultKind::truncate, .on = RequestKind::page, .probability = 0.05},
      {.kind = FaultKind::half_json, .on = RequestKind::page, .probability = 0.05},
      {.kind = FaultKind::html, .probability = 0.005},
      {.kind = FaultKind::revoke_tokens, .probability = 0.001}};
  if (in_a_hurry) return faults;
  faults.push_back({.probability = 0.005, .status = 429});
  faults.push_back({.kind = FaultKind::stall, .probability = 0.001, .wait = 5s});
  return faults;
}

test::Fields entry_of(const PlannedJob& job) {
  std::string accounts;
  for (const std::string& account : job.request.accounts) accounts += (accounts.empty() ? "" : ",") + account;
  test::Fields entry{"target", job.request.target, "propagate", "true"};
  if (job.kind != Kind::flawed) entry.insert(entry.end(), {"accounts", accounts});
  if (job.kind == Kind::dry_run) entry.insert(entry.end(), {"dryRun", "true"});
  return entry;
}

void listen(test::RawClient& client) {
  client.send("GET /status/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  client.read_until("text/event-stream");
}

int times_said(const RunningWorker& worker, const std::string& text) {
  const std::string said = worker.log();
  int times = 0;
  for (auto at = said.find(text); at != std::string::npos; at = said.find(text, at + 1)) ++times;
  return times;
}

}  // namespace

Rounds::Rounds()
    : seed_(static_cast<std::uint64_t>(asked_for("SET_ACCOUNTS_TEST_SEED", std::random_device()()))), dice_(seed_) {}

void Rounds::start(bool in_a_hurry) {
  in_a_hurry_ = in_a_hurry;
  std::cout << "seed " << seed_ << std::endl;
  seed_targets(targets_at_once);
  server.change_options([](sandbox::ServerOptions& options) { options.latency = 2ms; });
  write_settings(8);
  for (int i = 0; i < workers_at_once; ++i)
    start_worker({"--config", settings_file(), "--keep-finished", "60s", "--request-timeout", "3s", "--lease", "10s"});
  for (RunningWorker& worker : workers()) callers_.emplace_back(worker.port());
}

void Rounds::play_round(int number) {
  const std::vector<PlannedJob> jobs = planned_round(number, targets(), dice_);
  make_trouble(jobs);
  const std::vector<test::RecordFields> ended = run(number, jobs);
  server.clear_faults();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (is_over(ended[i])) ++ends_[ended[i].at("state")];
    const std::string trouble = judge(jobs[i], ended[i], has_what_was_asked(jobs[i].request), oracle());
    if (!trouble.empty()) complain("round " + std::to_string(number) + ": " + trouble);
  }
  if (const std::string differences = wrong(); !differences.empty())
    complain("after round " + std::to_string(number) + ":\n" + differences);
  ++rounds_;
}

void Rounds::end() {
  claim("rounds of eight jobs: each ended as it may, every resource is as the oracle has it", rounds_,
        complaints().empty());
  until([&] { return unaudited().empty(); }, 20s);
  const auto missing = static_cast<long>(unaudited().size());
  claim("jobs that are over and have no audit line", missing, missing == 0);
  for (RunningWorker& worker : workers()) {
    if (!until([&] { return times_said(worker, "jobs 8 → 4") == (reloads_ + 1) / 2; }, 20s))
      complain("a worker did not take its settings over each time: " + worker.log());
    if (!worker.running()) complain("a worker ended by itself: " + worker.log());
    worker.signal(SIGTERM);
    if (const int code = worker.exit_code(); code != 0) complain("a worker ended with " + std::to_string(code));
  }
}

std::string Rounds::report() {
  std::string text = "jobs      ";
  for (const auto& [state, count] : ends_) text += " " + std::to_string(count) + " " + state;
  const sandbox::Counters counters = server.counters();
  long requests = 0;
  for (const auto& [kind, count] : counters.requests) requests += count;
  return text + "; settings read again " + std::to_string(reloads_) + " times\nserver     " +
         std::to_string(counters.total_writes()) + " writes, " + std::to_string(requests) + " requests, " +
         std::to_string(counters.answers_of(503)) + " answered 503, " + std::to_string(counters.answers_of(429)) +
         " 429\n";
}

void Rounds::write_settings(int jobs) const {
  std::ofstream(settings_file()) << "jobs = " << jobs << "\n";
}

/// Under way, while jobs run: with 4 jobs at once, and with 8 the next time.
void Rounds::reload(int number) {
  write_settings(number % (2 * rounds_between_reloads) == 1 ? 4 : 8);
  for (RunningWorker& worker : workers()) worker.signal(SIGHUP);
  ++reloads_;
}

/// The refusals first: of two faults that fit a request the first strikes.
void Rounds::make_trouble(const std::vector<PlannedJob>& jobs) {
  for (const PlannedJob& job : jobs) {
    if (job.kind != Kind::refused) continue;
    const std::vector<std::string>& members = members_of(job.request.target);
    const std::string& member = members[dice_.below(static_cast<unsigned>(members.size()))];
    server.add_fault({.on = sandbox::RequestKind::patch, .reference = member, .status = 422});
  }
  for (const sandbox::Fault& fault : weather(in_a_hurry_)) server.add_fault(fault);
}

std::vector<test::RecordFields> Rounds::run(int number, const std::vector<PlannedJob>& jobs) {
  std::deque<test::RawClient> listeners;
  for (RunningWorker& worker : workers()) listen(listeners.emplace_back(worker.port()));
  std::vector<std::string> ids;
  for (const PlannedJob& job : jobs) ids.push_back(ask(job));
  for (const Caller& caller : callers_)
    if (const unsigned status = caller.look(); status != 200) complain("a page answers " + std::to_string(status));
  if (number % rounds_between_reloads == 1) reload(number);
  if (number % rounds_between_cuts == rounds_between_cuts - 1) redis({"CLIENT", "KILL", "TYPE", "normal"});
  return ends_of(ids);
}

std::string Rounds::ask(const PlannedJob& job) {
  if (job.over_http) {
    note_asked(job.request);
    const auto id = callers_[dice_.below(workers_at_once)].ask(job.request);
    if (id) return *id;
  }
  const std::string id = enqueue(entry_of(job));
  if (job.kind == Kind::cancelled) redis({"XADD", "{set-accounts}:inbox", "*", "cancel", id});
  return id;
}

/// The records of these jobs as they are over; read at once, since they expire.
std::vector<test::RecordFields> Rounds::ends_of(const std::vector<std::string>& ids) {
  std::vector<test::RecordFields> ended(ids.size());
  const auto look = [&] {
    for (std::size_t i = 0; i < ids.size(); ++i)
      if (!is_over(ended[i])) ended[i] = record(ids[i]);
    return std::ranges::all_of(ended, is_over);
  };
  if (!until(look, round_limit)) complain("jobs do not end");
  ids_.insert(ids_.end(), ids.begin(), ids.end());
  return ended;
}

bool Rounds::has_what_was_asked(const sandbox::Request& request) {
  for (const std::string& account : accounts_of(request.target))
    if (account.find(request.accounts.front() + "\"") != std::string::npos) return true;
  return false;
}

/// Jobs that have no audit line yet.
std::vector<std::string> Rounds::unaudited() const {
  std::set<std::string> audited;
  std::istringstream lines(logs());
  const std::string before = " job=";
  for (std::string line; std::getline(lines, line);)
    if (const auto at = line.find(before); at != std::string::npos && line.find(" audit ") < at)
      audited.insert(line.substr(at + before.size(), line.find(' ', at + 1) - at - before.size()));
  std::vector<std::string> missing;
  std::ranges::copy_if(ids_, std::back_inserter(missing), [&](const std::string& id) { return !audited.contains(id); });
  return missing;
}

}  // namespace soak
