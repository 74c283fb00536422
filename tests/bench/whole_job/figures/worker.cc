#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/bench/plain_connection.h"
#include "tests/bench/whole_job/figures/clients.h"
#include "tests/bench/whole_job/figures/null_server.h"
#include "tests/bench/whole_job/figures/processors.h"
#include "tests/support/redis_server.h"

namespace whole_job {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Redis, the null server and a worker that is warm.
class Stage {
 public:
  Stage(const Setting& setting, const WorkerOptions& options)
      : on_server_(Processor::server), server_(setting), redis_(redis_server_.socket()) {
    std::ofstream(token_file()) << server_.token();
    start_worker(setting, options);
    enqueue({"target", "Patient/" + server_.patient(0), "accounts", "", "dryRun", "true"});
    wait_for(1);
    server_before_ = server_.cpu();
    cpu_before_ = cpu_of(worker_->pid());
    began_ = Clock::now();
  }

  NullServer& server() { return server_; }

  void enqueue(std::vector<std::string> fields) {
    fields.insert(fields.begin(), {"XADD", "{set-accounts}:inbox", "*"});
    redis_.ask(fields);
  }

  /// Until so many jobs are done, counted from the beginning.
  void wait_for(int jobs, std::chrono::milliseconds pause = 1ms) {
    const auto limit = Clock::now() + 10min;
    const std::string enough = std::to_string(jobs);
    while (redis_.ask({"HGET", "{set-accounts}:stats", "completed"}).text != enough) {
      if (!worker_->running() || Clock::now() > limit) throw std::runtime_error("the worker did not do its jobs");
      std::this_thread::sleep_for(pause);
    }
  }

  Run measured() {
    Run run;
    run.seconds = std::chrono::duration<double>(Clock::now() - began_).count();
    run.cpu = cpu_of(worker_->pid()) - cpu_before_;
    run.server_cpu = server_.cpu() - server_before_;
    run.peak_mib = peak_mib(worker_->pid());
    worker_.reset();
    return run;
  }

 private:
  std::filesystem::path token_file() const { return folder_.path() / "token"; }

  void start_worker(const Setting& setting, const WorkerOptions& options) {
    std::vector<std::string> command{SET_ACCOUNTS_PROGRAM, "worker",
                                     "--redis-url",        redis_server_.url(),
                                     "--fhir-url",         server_.base(),
                                     "--listen",           "",
                                     "--token-file",       token_file().string(),
                                     "--verify",           options.verifies ? "full" : "none",
                                     "--concurrency",      std::to_string(setting.connections),
                                     "--log-level",        "error"};
    command.insert(command.end(), options.more.begin(), options.more.end());
    worker_ = start_on(Processor::client, command);
  }

  Pinned on_server_;
  test::TempFolder folder_;
  test::RedisServer redis_server_{{"--appendfsync", "everysec"}};
  NullServer server_;
  bench::PlainConnection redis_;
  std::unique_ptr<test::ChildProcess> worker_;
  double server_before_ = 0, cpu_before_ = 0;
  Clock::time_point began_;
};

}  // namespace

Run run_worker(const Setting& setting, const WorkerOptions& options) {
  Stage stage(setting, options);
  const std::string account = "Organization/" + stage.server().account();
  for (std::size_t n = 0; n < setting.patients; ++n)
    stage.enqueue({"target", "Patient/" + stage.server().patient(n), "accounts", account, "propagate", "true"});
  stage.wait_for(1 + static_cast<int>(setting.patients));
  Run run = stage.measured();
  stage.server().judge(run, static_cast<double>(setting.resources * setting.patients));
  return run;
}

Run run_small_jobs(std::uint64_t jobs) {
  Setting setting;
  setting.resources = 1;
  setting.patients = jobs;
  Stage stage(setting, {.more = {"--jobs", "16"}});
  const std::string account = "Organization/" + stage.server().account();
  for (std::size_t n = 0; n < jobs; ++n)
    stage.enqueue({"target", "Patient/" + stage.server().patient(n), "accounts", account});
  stage.wait_for(1 + static_cast<int>(jobs));
  Run run = stage.measured();
  stage.server().judge(run, static_cast<double>(jobs));
  return run;
}

}  // namespace whole_job
