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

constexpr int workers_at_once = 3;
constexpr auto from_job_to_job = 60ms;
constexpr int calm_jobs = 20;

class RollingRestart : public Soak {
 protected:
  void start() {
    seed_targets(12);
    server.change_options([](sandbox::ServerOptions& options) { options.latency = 20ms; });
    for (int i = 0; i < workers_at_once; ++i) in_place_.push_back(&start_worker(options_));
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
    long written = 0;
    for (const Asked& asked : jobs_) {
      until_state(asked.id, "completed");
      const test::RecordFields ended = record(asked.id);
      if (ended.at("state") != "completed") complain(asked.id + ": is " + ended.at("state") + ended.at("error"));
      if (ended.at("attempt") != "1") complain(asked.id + ": took attempt " + ended.at("attempt"));
      written += std::stol(ended.at("resourcesWritten"));
      oracle().expect(asked.request);
      (asked.while_restarting ? restarting_took_ : calm_took_)
          .add(static_cast<double>(std::stol(ended.at("finishedAt")) - std::stol(ended.at("enqueuedAt"))));
    }
    if (const long at_the_server = server.counters().total_writes(); at_the_server != written)
      complain("the jobs tell of " + std::to_string(written) + " writes, the server of " +
               std::to_string(at_the_server));
    if (const std::string differences = wrong(); !differences.empty()) complain(differences);
    for (const RunningWorker& worker : workers())
      if (worker.log().find("in a hurry") != std::string::npos) complain("a worker stopped in a hurry");
  }

  std::string report() {
    const std::string said = logs();
    std::size_t handed_back = 0;
    for (auto at = said.find("job handed back"); at != std::string::npos; at = said.find("job handed back", at + 1))
      ++handed_back;
    return std::to_string(jobs_.size()) + " jobs, " + std::to_string(restarts_) + " restarts, " +
           std::to_string(handed_back) + " handed back, " + std::to_string(server.counters().total_writes()) +
           " writes\n" + spread("calm", calm_took_) + spread("while restarting", restarting_took_);
  }

 private:
  struct Asked {
    std::string id;
    sandbox::Request request;
    bool while_restarting = false;
  };

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
  const long rounds = asked_for("SET_ACCOUNTS_ROLLING_ROUNDS", 1);
  start();
  ask_in_peace();
  for (long round = 0; round < rounds; ++round) restart_one_after_the_other();
  judge_all();
  std::cout << report();
  EXPECT_EQ(complaints(), "");
}

}  // namespace
}  // namespace soak
