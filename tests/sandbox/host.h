#pragma once

#include <functional>
#include <set>
#include <utility>

#include <boost/asio/ip/tcp.hpp>

#include "sandbox/endpoints.h"
#include "sandbox/fault_rules.h"
#include "sandbox/server_options.h"

namespace sandbox {

/// What all connections of a server share. Everything here belongs to the server's one thread.
struct Host {
  explicit Host(ServerOptions given) : options(std::move(given)), endpoints(options), faults(options.seed) {}

  ServerOptions options;
  Endpoints endpoints;
  FaultRules faults;
  std::function<Answer(const Asked&)> control;  ///< answers what is under /sandbox/
  bool silent = false;                          ///< requests are read, and never answered
  long in_flight = 0;
  std::set<boost::asio::ip::tcp::socket*> open;
};

}  // namespace sandbox
