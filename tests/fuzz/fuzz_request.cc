#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "tests/fuzz/must.h"
#include "worker/http/head.h"
#include "worker/http/target.h"
#include "worker/printable.h"

namespace {

using fuzz::must;
using worker::http::HeadSearch;
using worker::http::Limits;
using worker::http::Refused;
using worker::http::Target;
namespace http = boost::beast::http;

Limits small_limits() {
  Limits limits;
  limits.head = 1024;
  limits.fields = 20;
  return limits;
}

/// Where the head ends, if it comes `piece` bytes at a time; nothing if it does not, or is refused.
std::optional<std::size_t> end_of_head(std::string_view bytes, std::size_t piece, std::size_t limit) {
  HeadSearch search;
  std::optional<std::size_t> end;
  try {
    for (std::size_t received = 0; !end && received < bytes.size();) {
      received = std::min(received + piece, bytes.size());
      end = search.look(bytes.substr(0, received), limit);
    }
  } catch (const Refused&) {
    return {};
  }
  return end;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

/// What is let through and Beast takes, it reads as it stands, too: as one request whose body's length is said once.
std::string beast_reads(std::string_view head) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(2048);
  parser.body_limit(boost::none);
  boost::beast::error_code error;
  const std::size_t read = parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (error) return {};  // it wants more of some fields' values
  must(read == head.size() && parser.is_header_done(), "it ends at the same place", head);
  const auto& message = parser.get();
  const auto lines = static_cast<std::size_t>(std::distance(message.begin(), message.end()));
  must(lines == count(head, "\r\n") - 2, "each line is one field", head);
  must(message.count(http::field::host) == (message.version() == 11 ? 1 : message.count(http::field::host)) &&
           message.count(http::field::host) <= 1,
       "there is one Host", head);
  must(message.count(http::field::content_length) + message.count(http::field::transfer_encoding) <= 1,
       "the body's length is said once", head);
  must(message.count(http::field::transfer_encoding) == 0 || (parser.chunked() && message.version() == 11),
       "a coding is chunked", head);
  const std::string first_line = std::string(message.method_string()) + " " + std::string(message.target()) +
                                 (message.version() == 11 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
  must(head.starts_with(first_line), "the request line is what was sent", head);
  return std::string(message.target());
}

std::string escaped(std::string_view segment) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const char c : segment) {
    const auto byte = static_cast<unsigned char>(c);
    text.append({'%', digits[byte / 16], digits[byte % 16]});
  }
  return text;
}

/// A path that is let through has one meaning, however it is written.
void check_target(std::string_view target) {
  Target read;
  try {
    read = worker::http::read_target(target, "h");
  } catch (const Refused&) {
    return;
  }
  std::string again;
  for (const std::string& segment : read.path) {
    must(!segment.empty() && segment != "." && segment != "..", "no segment moves up or stays", target);
    must(segment.find_first_of("/\\") == segment.npos, "a segment is one", target);
    must(worker::printable(segment) == segment, "it is UTF-8 without control characters", target);
    again.append("/").append(escaped(segment));
  }
  must(worker::http::read_target(again, "h").path == read.path, "escaped, it is the same path", target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Limits limits = small_limits();
  const auto end = end_of_head(bytes, std::max<std::size_t>(size, 1), limits.head);
  must(end == end_of_head(bytes, 1, limits.head) && end == end_of_head(bytes, 7, limits.head),
       "the head ends at one place, however it comes", bytes);
  check_target(bytes);
  const bool let_through = !worker::http::judge_head(bytes, limits);
  must(!let_through || end == size, "what is let through is one head and no more", bytes);
  if (let_through) check_target(beast_reads(bytes));
  if (end && *end < size && !worker::http::judge_head(bytes.substr(0, *end), limits))
    beast_reads(bytes.substr(0, *end));
  return 0;
}
