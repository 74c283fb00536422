#include "fhir/http_connection.h"

#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/system/errc.hpp>

#include "fhir/name_lookup.h"
#include "fhir/unpacked_body.h"

namespace fhir {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Kind = TransportError::Kind;

using PlainStream = beast::basic_stream<tcp, Executor>;
using TlsStream = asio::ssl::stream<PlainStream>;
using Parser = http::response_parser<UnpackedBody>;

constexpr std::uint32_t header_limit = 64U * 1024;

/// A failure of ours or of the server is a TransportError; our own cancellation stays what it is.
[[noreturn]] void fail(error_code error, bool answer_begun, const std::string& doing) {
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
  Kind kind = Kind::broken;
  std::string why = error.message();
  if (error == beast::error::timeout || error == asio::error::timed_out) {
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

http::verb verb_of(HttpMethod method) {
  switch (method) {
    case HttpMethod::get:
      return http::verb::get;
    case HttpMethod::post:
      return http::verb::post;
    case HttpMethod::patch:
      return http::verb::patch;
  }
  return http::verb::unknown;
}

http::request<http::string_body> wire_form(HttpRequest request, const Origin& origin) {
  http::request<http::string_body> message{verb_of(request.method), request.target, 11};
  message.set(http::field::host, origin.authority());
  for (const auto& [name, value] : request.fields.lines()) message.insert(name, value);
  message.body() = std::move(request.body);
  message.prepare_payload();
  return message;
}

HttpAnswer answer_of(Parser& parser) {
  auto message = parser.release();
  HttpAnswer answer;
  answer.status = message.result_int();
  for (const auto& line : message) answer.fields.add(std::string(line.name_string()), std::string(line.value()));
  answer.body = std::move(message.body().text);
  return answer;
}

/// Neither closed by the server nor spoken on unasked: what comes before a request must never be taken for its answer.
bool is_quiet(PlainStream::socket_type& socket) {
  char byte = 0;
  const auto peeked = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return peeked < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

template <class Stream>
class Connection final : public HttpConnection {
 public:
  Connection(Stream stream, Origin origin, std::size_t body_limit)
      : stream_(std::move(stream)), origin_(std::move(origin)), body_limit_(body_limit) {}

  Awaitable<HttpAnswer> exchange(HttpRequest request, Clock::time_point deadline) override {
    reusable_ = false;
    const auto message = wire_form(std::move(request), origin_);
    beast::get_lowest_layer(stream_).expires_at(deadline);
    error_code error;
    co_await http::async_write(stream_, message, asio::redirect_error(use_awaitable, error));
    if (error) fail(error, false, "");
    for (;;) {
      Parser parser;
      parser.body_limit(body_limit_);
      parser.get().body().limit = body_limit_;
      parser.header_limit(header_limit);
      co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(use_awaitable, error));
      if (error) fail(error, parser.got_some(), "");
      const bool interim = parser.get().result_int() < 200;  // RFC 9110 section 15.2: not the answer yet
      if (interim) continue;
      beast::get_lowest_layer(stream_).expires_never();
      reusable_ = parser.keep_alive() && buffer_.size() == 0;
      co_return answer_of(parser);
    }
  }

  bool reusable() override { return reusable_ && is_quiet(beast::get_lowest_layer(stream_).socket()); }

 private:
  Stream stream_;
  Origin origin_;
  std::size_t body_limit_;
  beast::flat_buffer buffer_;
  bool reusable_ = false;
};

std::string shown(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string host = endpoint.address().is_v6() ? "[" + address + "]" : address;
  return host + ":" + std::to_string(endpoint.port());
}

/// The addresses share the time that is left evenly, so that a dead first one does not use up all of it.
Awaitable<PlainStream> connect_tcp(std::vector<tcp::endpoint> endpoints, Clock::time_point deadline) {
  const Executor executor = co_await asio::this_coro::executor;
  for (std::size_t i = 0;; ++i) {
    const auto left = deadline - Clock::now();
    PlainStream stream(executor);
    stream.expires_after(left / static_cast<int>(endpoints.size() - i));
    error_code error;
    co_await stream.async_connect(endpoints[i], asio::redirect_error(use_awaitable, error));
    if (!error) {
      error_code ignored;  // slower at worst
      stream.socket().set_option(tcp::no_delay(true), ignored);
      co_return std::move(stream);
    }
    if (error == asio::error::operation_aborted || i + 1 == endpoints.size()) {
      const std::string doing = "connect to " + shown(endpoints[i]) + ": ";
      if (error != asio::error::operation_aborted && error != beast::error::timeout) {
        throw TransportError(Kind::unreachable, false, doing + error.message());
      }
      fail(error, false, doing);
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
[[noreturn]] void fail_handshake(error_code error, long verified, const Origin& origin) {
  if (verified == X509_V_OK) fail(error, false, "TLS handshake with " + origin.authority() + ": ");
  throw TransportError(
      Kind::untrusted, false,
      "its certificate is not to be trusted for " + origin.host + ": " + X509_verify_cert_error_string(verified));
}

Awaitable<TlsStream> start_tls(PlainStream plain, asio::ssl::context& tls, Origin origin, Clock::time_point deadline) {
  TlsStream stream(std::move(plain), tls);
  expect_certificate_for(stream.native_handle(), origin.host);
  beast::get_lowest_layer(stream).expires_at(deadline);
  error_code error;
  co_await stream.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(use_awaitable, error));
  if (error) fail_handshake(error, SSL_get_verify_result(stream.native_handle()), origin);
  co_return std::move(stream);
}

}  // namespace

Awaitable<std::unique_ptr<HttpConnection>> connect_http(Origin origin, asio::ssl::context* tls, std::size_t body_limit,
                                                        Clock::time_point deadline) {
  const auto endpoints = co_await look_up(origin.host, origin.port, deadline);
  auto plain = co_await connect_tcp(endpoints, deadline);
  std::unique_ptr<HttpConnection> connection;
  if (tls == nullptr) {
    connection = std::make_unique<Connection<PlainStream>>(std::move(plain), std::move(origin), body_limit);
  } else {
    auto secured = co_await start_tls(std::move(plain), *tls, origin, deadline);
    connection = std::make_unique<Connection<TlsStream>>(std::move(secured), std::move(origin), body_limit);
  }
  co_return std::move(connection);
}

}  // namespace fhir
