#include "worker/http/request_reader.h"

#include <array>
#include <span>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "worker/http/head.h"
#include "worker/http/refusal.h"
#include "worker/http/target.h"

namespace worker::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t read_at_once = std::size_t{8} * 1024;
/// Of a chunk's line or of the trailer.
constexpr std::size_t between_chunks = 4096;

[[noreturn]] void refuse(const error_code& error) {
  if (error == beast_http::error::body_limit) throw Refused{Refusal::body_too_large, {}};
  if (error == beast_http::error::header_limit) throw Refused{Refusal::head_too_large, {}};
  throw Refused{Refusal::malformed, "The body is not as its header says"};
}

std::string text_of(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

/// Beast's parser, of heads that were judged before.
class RequestReader::Parser : public beast_http::request_parser<beast_http::string_body> {
 public:
  explicit Parser(const Limits& limits) {
    header_limit(static_cast<std::uint32_t>(limits.head));
    body_limit(limits.body);
    // Nobody sends extensions of chunks but those who want them to be overlooked.
    refuse_extensions_ = [](std::uint64_t, boost::beast::string_view extensions, error_code& error) {
      if (!extensions.empty()) error = beast_http::error::bad_chunk_extension;
    };
    on_chunk_header(refuse_extensions_);
  }

 private:
  std::function<void(std::uint64_t, boost::beast::string_view, error_code&)> refuse_extensions_;
};

RequestReader::RequestReader(Stream& stream, const Limits& limits, ServerCounts& counts, std::size_t& bodies)
    : stream_(stream), limits_(limits), counts_(counts), bodies_(bodies) {}

RequestReader::~RequestReader() {
  release();
}

Awaitable<void> RequestReader::wait() {
  release();
  parser_.reset();
  target_.clear();
  // Some clients send an empty line behind a body (RFC 9112 section 2.2).
  if (received_.starts_with("\r\n")) received_.erase(0, 2);
  while (received_.empty()) co_await receive();
}

Awaitable<Head> RequestReader::read_head() {
  HeadSearch search;
  std::optional<std::size_t> size;
  for (;;) {
    note_target();
    size = search.look(received_, limits_.head);
    if (size) break;
    co_await receive();
  }
  const std::string_view bytes = std::string_view(received_).substr(0, *size);
  const auto refused = judge_head(bytes, limits_);
  if (refused) throw Refused(*refused);
  parser_ = std::make_unique<Parser>(limits_);
  error_code error;
  const std::size_t parsed = parser_->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (error) refuse(error);
  received_.erase(0, parsed);
  Head head;
  const auto& message = parser_->get();
  head.request.method = text_of(message.method_string());
  head.target = text_of(message.target());
  for (const auto& field : message)
    head.request.fields.emplace_back(text_of(field.name_string()), text_of(field.value()));
  Target target = read_target(head.target, head.request.field("Host"));
  head.request.path = std::move(target.path);
  head.request.query = std::move(target.query);
  head.http_1_0 = message.version() == 10;
  head.keep_alive = parser_->keep_alive();
  head.has_body = !parser_->is_done();
  head.expects_continue = !head.http_1_0 && !head.request.field("Expect").empty();
  co_return head;
}

Awaitable<std::string> RequestReader::read_body() {
  while (!parser_->is_done()) {
    if (received_.empty()) co_await receive();
    error_code error;
    const std::size_t parsed = parser_->put(boost::asio::buffer(received_), error);
    received_.erase(0, parsed);
    hold(parsed);
    const bool more = error == beast_http::error::need_more;
    if (error && !more) refuse(error);
    if (!more || parser_->is_done()) continue;
    if (received_.size() > between_chunks) throw Refused{Refusal::malformed, "A line between chunks has no end"};
    co_await receive();
  }
  std::string body = std::move(parser_->get().body());
  co_return body;
}

Awaitable<void> RequestReader::receive() {
  std::array<char, read_at_once> buffer;
  const std::span<char> room(buffer);
  const std::size_t length = co_await stream_.read_some(room);
  received_.append(buffer.data(), length);
  counts_.bytes_received += length;
}

void RequestReader::note_target() {
  const std::size_t first = received_.find(' ');
  if (first == received_.npos || !target_.empty()) return;
  const std::size_t end = received_.find_first_of(" \r\n", first + 1);
  if (end != received_.npos) target_ = received_.substr(first + 1, end - first - 1);
}

void RequestReader::hold(std::size_t bytes) {
  if (bodies_ + bytes > limits_.bodies) throw Refused{Refusal::busy, {}};
  bodies_ += bytes;
  held_ += bytes;
}

void RequestReader::release() {
  bodies_ -= std::exchange(held_, 0);
}

}  // namespace worker::http
