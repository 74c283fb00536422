#include <algorithm>
#include <cmath>
#include <csignal>
#include <iostream>
#include <thread>

#include <gtest/gtest.h>

#include "tests/bench/spread.h"
#include "tests/soak/soak.h"

namespace soak {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int workers_in_place = 3;
constexpr auto from_job_to_job = 60ms;
constexpr int calm_jobs = 20;

class RollingRestart : public Soak {
 protected:
  void start() {
    seed_targets(12);
    server.change_options([](sandbox::ServerOptions& options) { options.latency = 20ms; });
    for (int i = 0; i < workers_in_place; ++i) in_place_.push_back(&start_worker(options_));
  }

  /// The next job, if it is time for it.
  void keep_asking() {
    if (Clock::now() < next_job_) return;
    next_job_ = Clock::now() + from_job_to_job;
    const sandbox::Request request{.target = targets()[jobs_.size() % targets().size()],
                                   .accounts = {"Organization/roll-" + std::to_string(jobs_.size())},
                                   .propagate = true};
    jobs_.push_back({enqueue(request), request, restarting_});
  }

  void ask_in_peace() {
    while (jobs_.size() < calm_jobs) wait_a_moment();
  }

  /// As whoever updates a fleet does it: stop one, wait, start it anew, wait until it is ready, go to the next.
  void restart_one_after_the_other() {
    restarting_ = true;
    for (RunningWorker*& worker : in_place_) {
      worker->signal(SIGTERM);
      while (worker->running()) wait_a_moment();
      if (const int code = worker->exit_code(); code != 0) complain("a worker ended with " + std::to_string(code));
      worker = &start_worker(options_);
      ++restarts_;
      const auto until = Clock::now() + 300ms;
      while (Clock::now() < until) wait_a_moment();
    }
    restarting_ = false;
  }

  void judge_all() {
    long failed = 0;
    long attempts = 0;
    long written = 0;
    for (const Asked& asked : jobs_) {
      until_state(asked.id, "completed");
      const test::RecordFields ended = record(asked.id);
      if (ended.at("state") != "completed") ++failed;
      attempts += std::stol(ended.at("attempt")) - 1;
      written += std::stol(ended.at("resourcesWritten"));
      oracle().expect(asked.request);
      (asked.while_restarting ? restarting_took_ : calm_took_)
          .add(static_cast<double>(std::stol(ended.at("finishedAt")) - std::stol(ended.at("enqueuedAt"))));
    }
    const sandbox::Counters counters = server.counters();
    const std::string differences = wrong();
    const std::string said = logs();
    claim("jobs that did not complete", failed, failed == 0);
    claim("attempts that a restart used", attempts, attempts == 0);
    claim("writes at the server that no job tells of", counters.total_writes() - written,
          counters.total_writes() == written);
    claim("writes that changed nothing", counters.wasted_writes, counters.wasted_writes == 0);
    claim("resources that are not as they must be", std::ranges::count(differences, '\n'), differences.empty());
    claim("workers that had to hurry", count_in(said, "in a hurry"), count_in(said, "in a hurry") == 0);
    std::cout << jobs_.size() << " jobs, " << restarts_ << " restarts, " << count_in(said, "job handed back")
              << " handed back, " << counters.total_writes() << " writes\n"
              << spread("calm", calm_took_) << spread("while restarting", restarting_took_);
  }

 private:
  struct Asked {
    std::string id;
    sandbox::Request request;
    bool while_restarting = false;
  };

  static long count_in(const std::string& said, const std::string& text) {
    long times = 0;
    for (auto at = said.find(text); at != std::string::npos; at = said.find(text, at + 1)) ++times;
    return times;
  }

  void wait_a_moment() {
    keep_asking();
    std::this_thread::sleep_for(2ms);
  }

  static std::string spread(const std::string& when, bench::Spread& took) {
    if (took.size() == 0) return "";
    return "ms from XADD to its end, " + when + ": median " + std::to_string(std::lround(took.median())) + ", p99 " +
           std::to_string(std::lround(took.p99())) + ", most " + std::to_string(std::lround(took.most())) + "\n";
  }

  const test::Fields options_{"--jobs", "4", "--concurrency", "4", "--grace", "20s"};
  std::vector<RunningWorker*> in_place_;
  std::vector<Asked> jobs_;
  Clock::time_point next_job_ = Clock::now();
  bool restarting_ = false;
  int restarts_ = 0;
  bench::Spread calm_took_;
  bench::Spread restarting_took_;
};

TEST_F(RollingRestart, FailsNoJobUsesNoAttemptAndRepeatsNoWrite) {
  const long rounds = asked_for("SET_ACCOUNTS_ROLLING_ROUNDS", 2);
  start();
  ask_in_peace();
  for (long round = 0; round < rounds; ++round) restart_one_after_the_other();
  judge_all();
  EXPECT_EQ(complaints(), "");
}

}  // namespace
}  // namespace soak
