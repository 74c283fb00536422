#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "tests/bench/null_fhir/listener.h"
#include "tests/bench/null_fhir/outgoing.h"
#include "tests/bench/null_fhir/service.h"

namespace null_fhir {

/// Serves connections on one thread, until the process is told to end. Each request is answered `latency` after it
/// came; as that is the same for all of them, who comes first is due first, and a queue is all the timers there are.
class EventLoop {
 public:
  EventLoop(Descriptor listener, Service& service, std::chrono::microseconds latency);
  ~EventLoop();

  /// Returns when `signals`, a signalfd, has something to read. Throws std::system_error.
  void run(const Descriptor& signals);

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection;
  struct Due {
    Clock::time_point time;
    Connection* connection;
  };

  void accept_all();
  void on_event(Connection& connection, bool writable);
  void read(Connection& connection);
  void take_request(Connection& connection);
  void answer(Connection& connection);
  void send(Connection& connection);
  void watch_for_room(Connection& connection, bool wanted);
  void answer_those_due();
  void close(Connection& connection);

  Descriptor listener_;
  Service& service_;
  std::chrono::microseconds latency_;
  Descriptor epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;  ///< by descriptor
  std::deque<Due> due_;
};

}  // namespace null_fhir
