#include "worker/http/wire.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include <boost/beast/http/status.hpp>

namespace worker::http {
namespace {

void add(std::string& head, std::string_view name, std::string_view value) {
  const auto breaks = [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; };
  if (std::ranges::any_of(name, breaks) || std::ranges::any_of(value, breaks))
    throw std::invalid_argument("a response's field holds a control character");
  head.append(name).append(": ").append(value).append("\r\n");
}

bool has_body(unsigned status) {
  return status >= 200 && status != 204 && status != 304;
}

std::string status_line(unsigned status) {
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason) + "\r\n";
}

}  // namespace

std::string head_of(const Response& response, Manner manner, const std::string& date) {
  std::string head = status_line(response.status);
  add(head, "Date", date);
  for (const auto& [name, value] : response.fields) add(head, name, value);
  if (!response.content_type.empty()) add(head, "Content-Type", response.content_type);
  add(head, "X-Content-Type-Options", "nosniff");
  if (joined(response.fields, "Cache-Control").empty()) add(head, "Cache-Control", "no-store");
  if (response.events && !manner.http_1_0) add(head, "Transfer-Encoding", "chunked");
  if (!response.events && has_body(response.status)) add(head, "Content-Length", std::to_string(response.body.size()));
  if (!manner.keep_alive) add(head, "Connection", "close");
  if (manner.keep_alive && manner.http_1_0) add(head, "Connection", "keep-alive");
  return head.append("\r\n");
}

std::string piece_of(std::string_view text, Manner manner) {
  if (manner.http_1_0) return std::string(text);
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), text.size(), 16).ptr;
  std::string piece(size.data(), end);
  return piece.append("\r\n").append(text).append("\r\n");
}

std::string end_of_pieces(Manner manner) {
  return manner.http_1_0 ? "" : "0\r\n\r\n";
}

}  // namespace worker::http
