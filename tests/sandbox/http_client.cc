#include "sandbox/http_client.h"

#include <stdexcept>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace sandbox {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

struct HttpClient::Connection {
  Connection(std::uint16_t port, bool with_tls) : tls(with_tls), stream(io, context) {
    stream.next_layer().connect({asio::ip::address_v4::loopback(), port});
    stream.next_layer().set_option(tcp::no_delay(true));
    if (tls) stream.handshake(asio::ssl::stream_base::client);
  }

  /// Runs one operation to its end, or throws.
  template <class Start>
  void run(const Start& start, std::chrono::milliseconds limit) {
    boost::system::error_code error = asio::error::timed_out;
    const auto done = [&](const boost::system::error_code& result, std::size_t) { error = result; };
    tls ? start(stream, done) : start(stream.next_layer(), done);
    io.restart();
    io.run_for(limit);
    if (!io.stopped()) {
      stream.next_layer().close();
      io.restart();
      io.run();
      throw std::runtime_error("no whole answer in time");
    }
    if (error) throw boost::system::system_error(error);
  }

  bool tls;
  asio::io_context io{1};
  asio::ssl::context context{asio::ssl::context::tls_client};
  asio::ssl::stream<tcp::socket> stream;
  boost::beast::flat_buffer buffer;
};

HttpClient::HttpClient(std::uint16_t port, bool tls) : port_(port), tls_(tls) {}
HttpClient::~HttpClient() = default;

Reply HttpClient::get(const std::string& target, const Headers& headers) {
  return send("GET", target, headers, "");
}

Reply HttpClient::patch(const std::string& target, const std::string& body, const Headers& headers) {
  Headers all = headers;
  all.emplace("Content-Type", "application/json-patch+json");
  return send("PATCH", target, all, body);
}

Reply HttpClient::post(const std::string& target, const std::string& body, const Headers& headers) {
  return send("POST", target, headers, body);
}

Reply HttpClient::send(const std::string& method, const std::string& target, const Headers& headers,
                       const std::string& body) {
  auto connection = connection_ ? std::move(connection_) : std::make_unique<Connection>(port_, tls_);
  http::request<http::string_body> request(http::string_to_verb(method), target, 11, body);
  request.set(http::field::host, "127.0.0.1");
  for (const auto& [name, value] : headers) request.set(name, value);
  request.prepare_payload();
  http::response_parser<http::string_body> parser;
  parser.body_limit(1'000'000'000);
  parser.header_limit(1'000'000);
  const auto write = [&](auto& stream, auto done) { http::async_write(stream, request, done); };
  const auto read = [&](auto& stream, auto done) { http::async_read(stream, connection->buffer, parser, done); };
  connection->run(write, limit_);
  connection->run(read, limit_);
  Reply reply;
  reply.status = parser.get().result_int();
  for (const auto& field : parser.get()) reply.headers.emplace_back(field.name_string(), field.value());
  const bool keep = parser.get().keep_alive();
  reply.body = std::move(parser.get().body());
  if (keep) connection_ = std::move(connection);
  return reply;
}

void HttpClient::disconnect() {
  connection_.reset();
}

std::string Reply::header(std::string_view name) const {
  for (const auto& [each, value] : headers) {
    if (boost::beast::iequals(each, name)) return value;
  }
  return "";
}

std::size_t Reply::count(std::string_view name) const {
  std::size_t n = 0;
  for (const auto& [each, value] : headers) n += boost::beast::iequals(each, name) ? 1 : 0;
  return n;
}

std::string Reply::version() const {
  const std::string tag = header("ETag");
  return tag.size() > 4 ? tag.substr(3, tag.size() - 4) : "";
}

std::string Reply::text() const {
  const Json outcome = json();
  const JsonValue* issues = member(outcome, "issue");
  return issues ? std::string(text_member((*issues)[0]["details"], "text")) : "";
}

}  // namespace sandbox
