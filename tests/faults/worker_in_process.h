#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "config/settings.h"

namespace faults {

/// How long a worker waits for what does not come.
enum class Temper {
  quick,      ///< a request, then a second; a job, four attempts
  impatient,  ///< gives requests up at once, and jobs after two attempts: more of them fail
  calm,       ///< so long that no busy machine makes it fail
};

/// The whole daemon but for its process: the real parts, wired as the daemon wires them, in a context of their own. Its
/// pauses are short, so that a mixture takes no longer than its requests; what they are pauses between is the same.
class WorkerInProcess {
 public:
  struct Options {
    std::string redis_url;
    std::string queue;
    std::string fhir_url;
    bool logs_in = false;
    std::size_t page_size = 1000;
    Temper temper = Temper::quick;
  };
  explicit WorkerInProcess(const Options& options);
  /// Kills it, as SIGKILL would: nothing is settled, nothing more is sent.
  ~WorkerInProcess();
  WorkerInProcess(const WorkerInProcess&) = delete;
  WorkerInProcess& operator=(const WorkerInProcess&) = delete;

  /// Does what can be done now, at most `most` steps; how many it did.
  std::size_t work(std::size_t most);
  /// No new job; those that run are handed back.
  void stop();
  bool is_over() const;
  /// What ended it early; empty if nothing did.
  const std::string& failure() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// What client credentials a worker logs in with, if it does. Never to be seen in a log.
constexpr const char* client_id = "worker";
constexpr const char* client_secret = "hush-nobody-may-read-this";

}  // namespace faults
