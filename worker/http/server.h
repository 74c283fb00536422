#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "config/settings.h"
#include "worker/awaitable.h"
#include "worker/concurrency.h"
#include "worker/http/certificate.h"
#include "worker/http/connection.h"
#include "worker/http/counts.h"
#include "worker/http/limits.h"
#include "worker/http/refused_log.h"
#include "worker/http/server_state.h"

namespace worker::http {

/// The address is another's already, or none that this machine has.
struct CannotListen : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The worker's own HTTP server. Health is answered whatever the others wait for.
class Server {
 public:
  /// Listens from now on, and answers as soon as it runs. Throws CannotListen, or std::invalid_argument for a
  /// certificate; the sentence names the option.
  Server(const fhir::Executor& executor, const config::Http& settings, const Limits& limits, Handler handler);

  /// For ever; cancelled, it aborts what is open.
  Awaitable<void> run();
  /// Accepts nobody any more, and waits, while it runs, until the answers that were begun have gone, at most so long.
  Awaitable<void> finish(std::chrono::milliseconds limit);

  void set_caller_rate(std::size_t per_minute) { state_.caller_rate.change(per_minute); }

  /// HOST:PORT that it listens at.
  std::string address() const;
  bool beyond_loopback() const;
  const ServerCounts& counts() const { return state_.counts; }

 private:
  using Endpoint = boost::asio::ip::tcp::endpoint;

  Awaitable<void> accept();
  void admit(fhir::Socket socket, const Endpoint& from);
  bool has_room();
  void turn_away(fhir::Socket& socket, Turned why);
  Awaitable<void> serve(fhir::Socket socket, Ends ends, std::string peer);
  std::unique_ptr<Stream> stream_over(fhir::Socket socket);

  fhir::Executor executor_;
  std::optional<Certificate> certificate_;
  ServerState state_;
  boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, fhir::Executor> acceptor_;
  Endpoint bound_;
  std::unordered_map<std::string, std::size_t> of_peer_;  ///< connections
  RefusedLog refused_log_;
  OpenGroup connections_;
};

}  // namespace worker::http
