#include "worker/http/server.h"

#include <algorithm>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/resource.h>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include "fhir/time_limit.h"
#include "worker/http/date.h"
#include "worker/http/ends.h"
#include "worker/http/error_answer.h"
#include "worker/http/wire.h"
#include "worker/log.h"

namespace worker::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

/// Milliseconds after which a peer that acknowledges nothing is gone: whoever waits for events says no word himself.
using Unacknowledged = boost::asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;

constexpr auto until_files_are_free = std::chrono::milliseconds(100);

CannotListen cannot_listen(const std::string& address, const error_code& error) {
  return CannotListen("--listen " + address + ": " + error.message());
}

/// HOST:PORT was checked when it was read; a name may be none.
tcp::endpoint endpoint_of(const fhir::Executor& executor, const std::string& address) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  boost::asio::ip::basic_resolver<tcp, fhir::Executor> resolver(executor);
  error_code error;
  const auto found = resolver.resolve(host, address.substr(colon + 1), tcp::resolver::passive, error);
  if (error) throw cannot_listen(address, error);
  return found.begin()->endpoint();
}

/// The worker needs files for its own work, too.
Limits within_files(Limits limits) {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY)
    limits.connections = std::min<std::size_t>(limits.connections, files.rlim_cur / 2);
  return limits;
}

std::optional<Certificate> certificate_of(const config::Http& settings) {
  if (settings.tls_cert_file.empty()) return {};
  return std::make_optional<Certificate>(settings.tls_cert_file, settings.tls_key_file);
}

std::string_view sentence_of(Turned why) {
  return why == Turned::too_many ? "too many connections" : "too many connections from one address";
}

/// A limit for one address counts a connection for as long as it lives.
class OfPeer {
 public:
  OfPeer(std::unordered_map<std::string, std::size_t>& counts, std::string peer)
      : counts_(counts), peer_(std::move(peer)) {
    ++counts_[peer_];
  }
  ~OfPeer() {
    const auto count = counts_.find(peer_);
    if (--count->second == 0) counts_.erase(count);
  }
  OfPeer(const OfPeer&) = delete;
  OfPeer& operator=(const OfPeer&) = delete;

 private:
  std::unordered_map<std::string, std::size_t>& counts_;
  std::string peer_;
};

}  // namespace

Server::Server(const fhir::Executor& executor, const config::Http& settings, const Limits& limits, Handler handler)
    : executor_(executor),
      certificate_(certificate_of(settings)),
      state_(executor, within_files(limits), settings.caller_rate, std::move(handler)),
      acceptor_(executor),
      connections_(executor) {
  const tcp::endpoint wanted = endpoint_of(executor, settings.listen);
  error_code error;
  acceptor_.open(wanted.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(wanted, error);
  if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
  if (!error) bound_ = acceptor_.local_endpoint(error);
  if (error) throw cannot_listen(settings.listen, error);
}

Awaitable<void> Server::run() {
  co_await guarded(connections_.hold(), accept());
}

Awaitable<void> Server::finish(std::chrono::milliseconds limit) {
  error_code ignored;
  acceptor_.close(ignored);
  state_.stopping.request();
  for (Connection* connection : state_.quiet) connection->close();
  try {
    co_await guarded(connections_.wait_until_empty(), fhir::time_limit(limit));
  } catch (const fhir::TimeIsUp&) {
    log::event(log::Level::warning, "connections cut off", {{"count", connections_.size()}});
  }
}

std::string Server::address() const {
  const std::string host = bound_.address().to_string();
  return (bound_.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(bound_.port());
}

bool Server::beyond_loopback() const {
  return !plain(bound_.address()).is_loopback();
}

Awaitable<void> Server::accept() {
  while (acceptor_.is_open()) {
    fhir::Socket socket(executor_);
    Endpoint from;
    error_code error;
    co_await acceptor_.async_accept(socket, from, boost::asio::redirect_error(fhir::use_awaitable, error));
    if (!error) admit(std::move(socket), from);
    const bool files_are_used_up =
        error && error != boost::asio::error::operation_aborted && error != boost::asio::error::connection_aborted;
    if (!files_are_used_up) continue;
    refused_log_.note(error.message(), fhir::Clock::now());
    fhir::Timer timer(executor_, until_files_are_free);
    co_await timer.async_wait(fhir::use_awaitable);
  }
  fhir::Timer never(executor_, fhir::Clock::time_point::max());
  co_await never.async_wait(fhir::use_awaitable);
}

void Server::admit(fhir::Socket socket, const Endpoint& from) {
  ++state_.counts.accepted;
  error_code gone;
  const Endpoint here = socket.local_endpoint(gone);
  if (!gone) socket.set_option(tcp::no_delay(true), gone);
  if (!gone) socket.set_option(Unacknowledged(static_cast<int>(state_.limits.write_time.count())), gone);
  if (gone) return;
  const std::string peer = peer_of(from.address());
  const auto of_peer = of_peer_.find(peer);
  if (of_peer != of_peer_.end() && of_peer->second >= state_.limits.connections_of_peer)
    return turn_away(socket, Turned::too_many_of_peer);
  if (!has_room()) return turn_away(socket, Turned::too_many);
  connections_.add(serve(std::move(socket), {here.address(), from.address()}, peer));
}

/// A connection that nobody waits for makes room for one that somebody does.
bool Server::has_room() {
  if (connections_.size() < state_.limits.connections) return true;
  const auto quiet = std::ranges::find_if_not(state_.quiet, &Connection::closed);
  if (quiet == state_.quiet.end()) return false;
  (*quiet)->close();
  return true;
}

/// Whoever is turned away is told, if that costs no waiting.
void Server::turn_away(fhir::Socket& socket, Turned why) {
  ++state_.counts.turned_away[static_cast<std::size_t>(why)];
  refused_log_.note(sentence_of(why), fhir::Clock::now());
  if (certificate_) return;
  const Response response = answer_to({Refusal::busy, sentence_of(why)}, false);
  const std::string bytes = head_of(response, {.http_1_0 = false, .keep_alive = false}, date_now()) + response.body;
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(boost::asio::buffer(bytes), ignored);
}

Awaitable<void> Server::serve(fhir::Socket socket, Ends ends, std::string peer) {
  const OfPeer of_peer(of_peer_, std::move(peer));
  const Counted open(state_.counts.open);
  Connection connection(stream_over(std::move(socket)), std::move(ends), certificate_.has_value(), state_);
  co_await connection.run();
}

std::unique_ptr<Stream> Server::stream_over(fhir::Socket socket) {
  if (!certificate_) return make_plain_stream(std::move(socket));
  return make_tls_stream(std::move(socket), certificate_->context());
}

}  // namespace worker::http
