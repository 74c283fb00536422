#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <zlib.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include "fhir/answer_parser.h"
#include "tests/fuzz/must.h"

namespace {

using fuzz::must;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t body_limit = 2048;
constexpr std::uint32_t header_limit = 1024;

/// How reading ended, and what had come by then.
struct Reading {
  error_code error;
  bool whole = false;
  unsigned status = 0;
  std::string lines;
  std::string body;
  bool operator==(const Reading&) const = default;
};

/// Reads one answer as a connection does, `piece` bytes coming at a time and then no more.
Reading read(std::string_view bytes, std::size_t piece) {
  fhir::AnswerParser parser(body_limit, false);
  parser.header_limit(header_limit);
  Reading reading;
  std::string buffer;
  while (!parser.is_done() && !reading.error) {
    if (bytes.empty()) {
      parser.put_eof(reading.error);
      break;
    }
    buffer += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (!buffer.empty() && !parser.is_done() && !reading.error) {
      buffer.erase(0, parser.put(boost::asio::buffer(buffer), reading.error));
      if (reading.error != http::error::need_more) continue;
      reading.error = {};
      break;
    }
  }
  reading.whole = parser.is_done() && !reading.error;
  if (!reading.whole) return reading;
  auto answer = parser.take();
  reading.status = answer.status;
  reading.lines = answer.fields.lines();
  reading.body = std::move(answer.body);
  return reading;
}

/// Beast counts the status line among what its limit is for, or not, depending on how much came with it.
bool is_at_the_limit(std::string_view bytes) {
  const std::size_t status_line = bytes.find("\r\n") + 2;
  const std::size_t header = bytes.find("\r\n\r\n") + 4;
  return header > header_limit && header <= header_limit + status_line;
}

void judge_lines(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    must(end != std::string_view::npos, "each header line is ended", lines);
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 2);
    must(line.find(": ") != std::string_view::npos && line.front() != ':', "a header line has a name", line);
    must(line.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a header line is one line", line);
  }
}

void judge_answer(std::string_view bytes, std::size_t piece) {
  const Reading at_once = read(bytes, bytes.size() + 1);
  const Reading in_pieces = read(bytes, piece);
  if (in_pieces.error == http::error::header_limit && is_at_the_limit(bytes)) return;
  must(at_once.whole == in_pieces.whole, "pieces do not decide whether an answer is whole", at_once.error.message());
  if (!at_once.whole) return;
  must(at_once == in_pieces, "what comes in pieces is understood as if it came at once", in_pieces.body);
  must(at_once.status <= 999, "a status has three digits");
  must(at_once.body.size() <= body_limit, "no body passes the limit");
  judge_lines(at_once.lines);
}

std::string packed(std::string_view text) {
  constexpr int gzip_with_largest_window = 16 + 15;
  std::string out(text.size() + 100, '\0');
  z_stream stream{};
  must(deflateInit2(&stream, 1, Z_DEFLATED, gzip_with_largest_window, 8, Z_DEFAULT_STRATEGY) == Z_OK, "zlib works");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  must(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib works");
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

/// Packed, whole, cut off and damaged: the text, or an error, and never another text.
void judge_packing(std::string_view text, std::size_t piece) {
  const std::string body = packed(text);
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  const Reading whole = read(head + body, piece);
  const bool fits = text.size() <= body_limit;
  must(whole.whole == fits, "what fits is unpacked, and nothing else", whole.error.message());
  if (fits) must(whole.body == text, "a packed text comes out as it went in", whole.body);
  must(fits || whole.error == http::error::body_limit, "what is too large is said to be", whole.error.message());

  const std::string cut = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + body.substr(0, piece % body.size());
  must(!read(cut, piece).whole || cut.ends_with("\r\n\r\n"), "what was cut off is not whole");
  std::string damaged = head + body;
  damaged[head.size() + 10 + piece % (body.size() - 10)] ^= '\x10';
  const Reading after_damage = read(damaged, piece);
  must(!after_damage.whole || after_damage.body == text, "damage is noticed", after_damage.body);
}

}  // namespace

/// The first byte says how large the pieces are. The others are taken for an answer, and for a text to be packed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::size_t piece = bytes[0] + std::size_t{1};
  judge_answer(input, piece);
  judge_packing(input, piece);
  return 0;
}
