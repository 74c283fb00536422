#pragma once

#include <initializer_list>
#include <memory>

#include "fhir/awaitable.h"
#include "worker/awaitable.h"

namespace worker::service {

/// Called first of all: SIGTERM, SIGINT and SIGHUP wait from now on until somebody asks for them, so that none is lost.
/// (The kernel gives process 1, which the worker is in a container, no signal that is neither held nor handled.)
void hold_signals();

/// As long as it lives these signals end the program at once, whatever it waits for; then they are held again. A SIGHUP
/// that whoever started us had ignored (nohup) stays ignored. One at a time.
class EndAtOnce {
 public:
  EndAtOnce(std::initializer_list<int> signals, int exit_code);
  ~EndAtOnce();
  EndAtOnce(const EndAtOnce&) = delete;
  EndAtOnce& operator=(const EndAtOnce&) = delete;

 private:
  struct Held;
  std::unique_ptr<Held> held_;
};

/// The signals that a daemon is led by, held ones first: SIGTERM, SIGINT, SIGHUP and SIGCHLD.
class Signals {
 public:
  /// Throws boost::system::system_error.
  explicit Signals(const fhir::Executor& executor);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// The number of the next one; equal ones that wait are one.
  Awaitable<int> next();

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace worker::service
