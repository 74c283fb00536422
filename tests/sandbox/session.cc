#include "sandbox/session.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "sandbox/delivery.h"
#include "sandbox/outcome.h"

namespace sandbox {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::use_awaitable;
using tcp = asio::ip::tcp;

constexpr std::uint64_t most_body = 1'048'576;  ///< Medplum's maxJsonSize
constexpr std::uint32_t most_header = 16'384;   ///< Node's --max-http-header-size

/// A connection is open, and one more.
class Presence {
 public:
  Presence(Host& host, tcp::socket& socket) : host_(host), socket_(socket) {
    host_.open.insert(&socket_);
    ++host_.endpoints.counters().connections;
    ++host_.endpoints.counters().open_connections;
  }
  ~Presence() {
    host_.open.erase(&socket_);
    --host_.endpoints.counters().open_connections;
  }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

 private:
  Host& host_;
  tcp::socket& socket_;
};

bool is_fhir(RequestKind kind) {
  return kind == RequestKind::read || kind == RequestKind::page || kind == RequestKind::patch;
}

/// A request is in flight from when it was read to when its answer begins to go out: not longer, because a client may
/// have read the answer and sent its next request before the server hears that the bytes are gone.
class Flight {
 public:
  Flight(Host& host, const Asked& asked) : host_(host), patch_(asked.kind == RequestKind::patch) {
    Counters& counters = host_.endpoints.counters();
    const RequestKind kind = asked.kind;
    if (is_fhir(kind)) ++counters.traces[std::string(asked.header("traceparent"))];
    if (kind != RequestKind::control) ++counters.requests[std::string(name_of(kind))];
    ++host_.in_flight;
    if (patch_) ++counters.patches_in_flight;
    counters.most_patches_in_flight = std::max(counters.most_patches_in_flight, counters.patches_in_flight);
  }
  ~Flight() {
    --host_.in_flight;
    if (patch_) --host_.endpoints.counters().patches_in_flight;
  }
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

 private:
  Host& host_;
  bool patch_;
};

Asked asked_of(http::request<http::string_body>&& request) {
  Asked asked;
  asked.method = request.method_string();
  asked.target = request.target();
  const std::size_t question = asked.target.find('?');
  asked.path = percent_decoded(std::string_view(asked.target).substr(0, question));
  if (question != std::string::npos) asked.query = parse_query(std::string_view(asked.target).substr(question + 1));
  for (const auto& field : request) {
    std::string name(field.name_string());
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    asked.headers.emplace(std::move(name), field.value());
  }
  asked.body = std::move(request.body());
  classify(asked);
  return asked;
}

asio::awaitable<void> pause(std::chrono::milliseconds time) {
  if (time.count() <= 0) co_return;
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(use_awaitable);
}

/// Waits for so long; for ever: until the other side is gone, and then true.
asio::awaitable<bool> stall(tcp::socket& socket, std::chrono::milliseconds time) {
  if (time.count() > 0) {
    co_await pause(time);
    co_return false;
  }
  co_await socket.async_wait(tcp::socket::wait_read, use_awaitable);
  co_return true;
}

void reset(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::socket::linger(true, 0), ignored);
  socket.close(ignored);
}

std::chrono::milliseconds latency_of(const Host& host, RequestKind kind) {
  if (!is_fhir(kind)) return {};
  return host.options.latency_in_flight ? host.options.latency_in_flight(host.in_flight) : host.options.latency;
}

/// As Medplum's compression middleware decides.
bool is_packed(const Host& host, const Asked& asked, const Answer& answer) {
  constexpr std::size_t worth_it = 1024;
  return host.options.gzip && answer.body.size() > worth_it &&
         asked.header("accept-encoding").find("gzip") != std::string_view::npos;
}

enum class Next { go_on, hang_up };

/// The faults that come instead of an answer, or before it.
asio::awaitable<Next> suffer(tcp::socket& socket, const std::optional<Fault>& fault, bool committed) {
  if (!fault || fault->after_commit != committed) co_return Next::go_on;
  if (fault->kind == FaultKind::reset) {
    reset(socket);
    co_return Next::hang_up;
  }
  if (fault->kind != FaultKind::stall) co_return Next::go_on;
  const bool gone = co_await stall(socket, fault->wait);
  co_return gone ? Next::hang_up : Next::go_on;
}

bool instead(const std::optional<Fault>& fault, bool committed) {
  return fault && fault->kind == FaultKind::status && fault->after_commit == committed;
}

template <class Stream>
asio::awaitable<Next> send(Stream& stream, Delivery delivery) {
  const std::size_t piece = delivery.piece == 0 ? delivery.body.size() : delivery.piece;
  const std::size_t first = std::min(piece, delivery.body.size());
  const std::array<asio::const_buffer, 2> begin = {asio::buffer(delivery.head), asio::buffer(delivery.body, first)};
  co_await asio::async_write(stream, begin, use_awaitable);
  for (std::size_t at = first; at < delivery.body.size(); at += piece) {
    co_await pause(delivery.pause);
    co_await asio::async_write(stream, asio::buffer(asio::buffer(delivery.body) + at, piece), use_awaitable);
  }
  co_return delivery.close ? Next::hang_up : Next::go_on;
}

template <class Stream>
asio::awaitable<Next> exchange(Host& host, Stream& stream, tcp::socket& socket, Asked asked, bool keep_alive) {
  std::optional<Flight> flight(std::in_place, host, asked);
  if (asked.kind == RequestKind::control) {
    flight.reset();
    const Next after = co_await send(stream, delivery_of(host.control(asked), keep_alive, std::nullopt));
    co_return after;
  }
  const std::optional<Fault> fault = host.faults.strike(asked);
  const auto latency = latency_of(host, asked.kind);
  co_await pause(latency / 2);
  if (host.silent) co_await stall(socket, {});
  Next next = co_await suffer(socket, fault, false);
  if (next == Next::hang_up || host.silent) co_return Next::hang_up;
  if (fault && fault->kind == FaultKind::revoke_tokens) host.endpoints.tokens().revoke_all();
  Answer answer = instead(fault, false) ? faulty_answer(*fault) : host.endpoints.answer(asked, fault);
  co_await pause(latency - latency / 2);
  next = co_await suffer(socket, fault, true);
  if (next == Next::hang_up) co_return next;
  if (instead(fault, true)) answer = faulty_answer(*fault);
  answer.packed = is_packed(host, asked, answer);
  ++host.endpoints.counters().statuses[answer.status];
  flight.reset();
  next = co_await send(stream, delivery_of(std::move(answer), keep_alive, fault));
  co_return next;
}

/// Closing with something unread resets the connection, and the client may lose the answer to that (RFC 9112 section
/// 9.6). So what it still sends is read, within reason.
template <class Stream>
asio::awaitable<void> let_it_finish(Stream& stream, tcp::socket& socket) {
  constexpr std::size_t most = 4 * most_body;
  boost::system::error_code error;
  socket.shutdown(tcp::socket::shutdown_send, error);
  std::array<char, 16'384> unwanted;
  for (std::size_t read = 0; !error && read < most;)
    read += co_await stream.async_read_some(asio::buffer(unwanted), asio::redirect_error(use_awaitable, error));
}

template <class Stream>
asio::awaitable<void> converse(Host& host, Stream& stream, tcp::socket& socket) {
  boost::beast::flat_buffer buffer;
  Next next = Next::go_on;
  while (next == Next::go_on) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(most_body);
    parser.header_limit(most_header);
    boost::system::error_code error;
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(use_awaitable, error));
    if (error == http::error::body_limit || error == http::error::header_limit) {
      const unsigned status = error == http::error::body_limit ? 413 : 431;
      ++host.endpoints.counters().statuses[status];
      co_await send(stream, delivery_of(usual_answer(status), false, std::nullopt));
      co_await let_it_finish(stream, socket);
      co_return;
    }
    if (error) co_return;
    const bool keep_alive = parser.get().keep_alive();
    Asked asked = asked_of(parser.release());
    next = co_await exchange(host, stream, socket, std::move(asked), keep_alive);
  }
}

}  // namespace

asio::awaitable<void> serve(Host& host, tcp::socket socket) {
  const Presence presence(host, socket);
  socket.set_option(tcp::no_delay(true));
  co_await converse(host, socket, socket);
}

asio::awaitable<void> serve_tls(Host& host, tcp::socket socket, asio::ssl::context& context) {
  asio::ssl::stream<tcp::socket> stream(std::move(socket), context);
  const Presence presence(host, stream.next_layer());
  stream.next_layer().set_option(tcp::no_delay(true));
  co_await stream.async_handshake(asio::ssl::stream_base::server, use_awaitable);
  co_await converse(host, stream, stream.next_layer());
}

}  // namespace sandbox
