#include "fhir/http_connection.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <sys/socket.h>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/system/errc.hpp>

#include "fhir/answer_parser.h"
#include "fhir/name_lookup.h"
#include "fhir/wire_form.h"

namespace fhir {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Kind = TransportError::Kind;
using Watch = Deadlines::Watch;

using TlsStream = asio::ssl::stream<Socket>;

/// Of what is read at once: an answer to a PATCH, or a good piece of a page.
constexpr std::size_t buffer_size = std::size_t{16} * 1024;

/// A failure of ours or of the server is a TransportError; our own cancellation stays what it is.
[[noreturn]] void fail(error_code error, bool timed_out, bool answer_begun, const std::string& doing) {
  if (error == asio::error::operation_aborted && !timed_out) throw boost::system::system_error(error);
  Kind kind = Kind::broken;
  std::string why = error.message();
  if (timed_out || error == asio::error::timed_out) {
    kind = Kind::timed_out;
    why = "no answer in time";
  } else if (error == http::error::body_limit) {
    kind = Kind::too_large;
    why = "the answer is larger than --body-limit allows";
  } else if (error == boost::system::errc::bad_message) {
    kind = Kind::garbled;
    why = "the answer is no whole gzip";
  } else if (error == boost::system::errc::not_supported && answer_begun) {
    kind = Kind::garbled;
    why = "the answer has a Content-Encoding that was not asked for";
  } else if (error == http::error::end_of_stream || error == http::error::partial_message ||
             error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
    why = "the server closed the connection";
  } else if (error.category() == make_error_code(http::error::bad_version).category()) {
    kind = Kind::garbled;
  }
  throw TransportError(kind, answer_begun, doing + why);
}

Socket& socket_of(Socket& plain) {
  return plain;
}
Socket& socket_of(TlsStream& tls) {
  return tls.next_layer();
}

/// What goes out at once without waiting; the rest is for async_write.
std::size_t write_at_once(Socket& socket, const std::string& bytes, error_code& error) {
  const std::size_t written = socket.write_some(asio::buffer(bytes), error);
  if (error == asio::error::would_block) error = {};
  return written;
}
std::size_t write_at_once(TlsStream& /*tls*/, const std::string& /*bytes*/, error_code& /*error*/) {
  return 0;
}

template <class Stream>
class Connection final : public HttpConnection {
 public:
  Connection(Stream stream, const Connecting& connecting)
      : stream_(std::move(stream)),
        authority_(connecting.origin.authority()),
        body_limit_(connecting.body_limit),
        deadlines_(*connecting.deadlines),
        traffic_(*connecting.traffic) {
    ++traffic_.connections;
    error_code ignored;  // slower at worst
    socket_of(stream_).non_blocking(true, ignored);
  }

  Awaitable<HttpAnswer> exchange(const HttpRequest& request, const LastLook& last_look,
                                 Clock::time_point deadline) override {
    reusable_ = false;
    const Watch watch(deadlines_, socket_of(stream_), deadline);
    write_request(request, authority_, out_);
    // First everybody else whose answer is here already: requests that go out together need not wake a busy server
    // each, nor it us. So little is left to do between them.
    co_await asio::post(stream_.get_executor(), asio::deferred);
    last_look();
    error_code error;
    const std::size_t written = write_at_once(stream_, out_, error);
    if (!error && written < out_.size()) {
      const auto rest = asio::buffer(out_) + written;
      co_await asio::async_write(stream_, rest, asio::redirect_error(use_awaitable, error));
    }
    if (error) fail(error, watch.expired(), false, "");
    traffic_.bytes_sent += out_.size();
    std::optional<AnswerParser> parser;
    do {
      parser.emplace(body_limit_, request.version_suffices);
      while (!parse(*parser)) {
        make_room();
        const auto room = asio::buffer(buffer_) + end_;
        const std::size_t read = co_await stream_.async_read_some(room, asio::redirect_error(use_awaitable, error));
        end_ += read;
        traffic_.bytes_received += read;
        if (error == asio::error::eof && parser->got_some()) parser->put_eof(error);
        if (error) fail(error, watch.expired(), parser->got_some(), "");
      }
    } while (parser->status() < 200);  // RFC 9110 section 15.2: not the answer yet
    reusable_ = parser->keep_alive() && begin_ == end_;
    co_return parser->take();
  }

  bool reusable() const override { return reusable_; }

  bool is_quiet() override {
    char byte = 0;
    const auto peeked = ::recv(socket_of(stream_).native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return peeked < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }

 private:
  /// Takes what was read; false if that is not all.
  bool parse(AnswerParser& parser) {
    while (begin_ != end_ && !parser.is_done()) {
      error_code error;
      begin_ += parser.put(asio::buffer(buffer_.data() + begin_, end_ - begin_), error);
      if (error == http::error::need_more) return false;
      if (error) fail(error, false, true, "");
    }
    return parser.is_done();
  }

  /// A header must lie in one piece; the parser bounds its size.
  void make_room() {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
    if (buffer_.size() - end_ < buffer_size / 4) buffer_.resize(buffer_.size() + buffer_size);
  }

  Stream stream_;
  std::string authority_;
  std::size_t body_limit_;
  Deadlines& deadlines_;
  Traffic& traffic_;
  std::string out_;  ///< the request, in one piece
  std::vector<char> buffer_ = std::vector<char>(buffer_size);
  std::size_t begin_ = 0, end_ = 0;  ///< of what was read into it and not yet parsed
  bool reusable_ = false;
};

std::string shown(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string host = endpoint.address().is_v6() ? "[" + address + "]" : address;
  return host + ":" + std::to_string(endpoint.port());
}

/// The addresses share the time that is left evenly, so that a dead first one does not use up all of it.
Awaitable<Socket> connect_tcp(std::vector<tcp::endpoint> endpoints, Deadlines& deadlines, Clock::time_point deadline) {
  const Executor executor = co_await asio::this_coro::executor;
  for (std::size_t i = 0;; ++i) {
    const auto left = deadline - Clock::now();
    Socket socket(executor);
    error_code error;
    bool timed_out = false;
    {
      const Watch watch(deadlines, socket, Clock::now() + left / static_cast<int>(endpoints.size() - i));
      co_await socket.async_connect(endpoints[i], asio::redirect_error(use_awaitable, error));
      timed_out = watch.expired();
    }
    if (!error) {
      error_code ignored;  // slower at worst
      socket.set_option(tcp::no_delay(true), ignored);
      co_return std::move(socket);
    }
    const bool cancelled = error == asio::error::operation_aborted && !timed_out;
    if (cancelled || i + 1 == endpoints.size()) {
      const std::string doing = "connect to " + shown(endpoints[i]) + ": ";
      if (!cancelled && !timed_out) throw TransportError(Kind::unreachable, false, doing + error.message());
      fail(error, timed_out, false, doing);
    }
  }
}

bool is_name(const std::string& host) {
  error_code no_literal;
  asio::ip::make_address(host, no_literal);
  return static_cast<bool>(no_literal);
}

/// OpenSSL itself compares the name, so that it can also say that it was the name.
void expect_certificate_for(SSL* tls, const std::string& host) {
  const bool name = is_name(host);
  if (name) SSL_set_tlsext_host_name(tls, host.c_str());
  const int taken =
      name ? SSL_set1_host(tls, host.c_str()) : X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str());
  if (taken != 1) throw TransportError(Kind::untrusted, false, "no certificate could be for " + host);
}

/// Only a verification failure is the certificate's fault; anything else in a handshake may be a passing trouble.
[[noreturn]] void fail_handshake(error_code error, bool timed_out, long verified, const Origin& origin) {
  if (verified == X509_V_OK) fail(error, timed_out, false, "TLS handshake with " + origin.authority() + ": ");
  throw TransportError(
      Kind::untrusted, false,
      "its certificate is not to be trusted for " + origin.host + ": " + X509_verify_cert_error_string(verified));
}

Awaitable<TlsStream> start_tls(Socket plain, Connecting connecting, Clock::time_point deadline) {
  TlsStream stream(std::move(plain), *connecting.tls);
  expect_certificate_for(stream.native_handle(), connecting.origin.host);
  error_code error;
  bool timed_out = false;
  {
    const Watch watch(*connecting.deadlines, stream.next_layer(), deadline);
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(use_awaitable, error));
    timed_out = watch.expired();
  }
  if (error) fail_handshake(error, timed_out, SSL_get_verify_result(stream.native_handle()), connecting.origin);
  co_return std::move(stream);
}

}  // namespace

Awaitable<std::unique_ptr<HttpConnection>> connect_http(Connecting connecting, Clock::time_point deadline) {
  const auto endpoints = co_await look_up(connecting.origin.host, connecting.origin.port, deadline);
  auto plain = co_await connect_tcp(endpoints, *connecting.deadlines, deadline);
  std::unique_ptr<HttpConnection> connection;
  if (connecting.tls == nullptr) {
    connection = std::make_unique<Connection<Socket>>(std::move(plain), connecting);
  } else {
    auto secured = co_await start_tls(std::move(plain), connecting, deadline);
    connection = std::make_unique<Connection<TlsStream>>(std::move(secured), connecting);
  }
  co_return std::move(connection);
}

}  // namespace fhir
