#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/child_process.h"

namespace soak {

/// A real worker, whose log goes to a file: nobody need read a pipe for it.
class RunningWorker {
 public:
  /// Starts it; `command` has no `--listen`, it listens at a port of its own.
  RunningWorker(std::vector<std::string> command, std::filesystem::path log);

  /// Whether it has said so; it may have lost its readiness since.
  bool has_been_ready() const;
  bool running() { return process_->running(); }
  void signal(int number) { process_->signal(number); }
  int exit_code() { return process_->wait(); }
  pid_t pid() const { return process_->pid(); }
  /// Once it listens.
  std::uint16_t port() const;
  std::string log() const;

 private:
  std::filesystem::path log_;
  std::unique_ptr<test::ChildProcess> process_;
};

}  // namespace soak
