#include <chrono>
#include <csignal>
#include <iomanip>
#include <ostream>
#include <stdexcept>

#include "tests/bench/figures.h"
#include "tests/bench/spread.h"
#include "tests/bench/stage.h"

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto lease = 2s;

double seconds(Clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

/// One job that goes on for as long as it is needed, and two workers: one runs it, the other is idle. Whoever is ended
/// is replaced, so that each time a worker that has been there takes over.
class Relay {
 public:
  Relay() : stage_(Keeping::synced_each_second, 3000, 50ms) {
    runner_ = worker();
    stage_.warm_up();
    job_ = stage_.enqueue(
        {"target", stage_.seeded.target, "accounts", sandbox::account(5), "propagate", "true", "dryRun", "false"});
    stage_.events.wait_for(job_, "running");
    idle_ = worker();
  }

  /// Ends the worker that runs the job; how long until the other one runs it.
  Clock::duration pass_on(int signal) {
    written_before_ = written();
    while (written() < written_before_ + 3) stage_.events.wait_for(job_, "running");
    stage_.events.forget_the_past();
    const auto ended = Clock::now();
    runner_->signal(signal);
    if (signal == SIGKILL) {
      runner_->wait();
      stage_.events.forget_the_past();
    } else {
      stage_.events.wait_for(job_, "queued");
    }
    const auto taken_over = stage_.events.wait_for(job_, "running") - ended;
    if (signal != SIGKILL) runner_->wait();
    runner_ = std::move(idle_);
    idle_ = worker();
    if (stage_.field(job_, "attempt") != "1") throw std::runtime_error("an attempt was used");
    return taken_over;
  }

 private:
  std::unique_ptr<test::ChildProcess> worker() { return stage_.worker({"--lease", "2s", "--concurrency", "2"}); }
  long written() {
    const std::string number = stage_.field(job_, "resourcesWritten");
    return number.empty() ? 0 : std::stol(number);
  }

  Stage stage_;
  std::unique_ptr<test::ChildProcess> runner_;
  std::unique_ptr<test::ChildProcess> idle_;
  std::string job_;
  long written_before_ = 0;
};

}  // namespace

void measure_recovery(const Effort& effort, std::ostream& out) {
  Relay relay;
  Spread after_kill;
  Spread after_sigterm;
  for (int i = 0; i < effort.interruptions; ++i) {
    after_kill.add(seconds(relay.pass_on(SIGKILL)));
    after_sigterm.add(seconds(relay.pass_on(SIGTERM)));
  }
  out << std::fixed << std::setprecision(2);
  out << "kill -9 to running elsewhere, lease " << lease.count() << " s: median " << after_kill.median() << " s, most "
      << after_kill.most() << " s of " << after_kill.size() << " (goal: lease + 2 s), no attempt used\n";
  out << "SIGTERM to running elsewhere: median " << after_sigterm.median() << " s, most " << after_sigterm.most()
      << " s of " << after_sigterm.size() << " (goal: 3 s), no attempt used\n";
}

}  // namespace bench
