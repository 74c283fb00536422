#include "tests/bench/null_fhir/request.h"

#include <algorithm>
#include <charconv>

namespace null_fhir {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool is(std::string_view name, std::string_view lower_case) {
  return std::ranges::equal(name, lower_case, {}, lower);
}

std::string_view trimmed(std::string_view value) {
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
  return value;
}

/// What is before the separator; the rest keeps what is behind it.
std::string_view cut(std::string_view& rest, std::string_view separator) {
  const auto at = rest.find(separator);
  const std::string_view first = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + separator.size());
  return first;
}

bool read_size(std::string_view text, std::size_t& number) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

/// By their lengths first: most lines are of no interest.
bool take_header(std::string_view name, std::string_view value, Request& request, std::size_t& content_length) {
  switch (name.size()) {
    case 8:
      if (is(name, "if-match")) request.if_match = value;
      break;
    case 9:
      if (is(name, "x-medplum")) request.extended = value == "extended";
      break;
    case 12:
      if (is(name, "content-type")) request.content_type = value;
      break;
    case 13:
      if (is(name, "authorization")) request.authorization = value;
      break;
    case 14:
      return !is(name, "content-length") || read_size(value, content_length);
    case 17:
      return !is(name, "transfer-encoding");
    default:
      break;
  }
  return true;
}

}  // namespace

std::optional<std::string_view> Request::parameter(std::string_view name) const {
  for (std::string_view rest = query; !rest.empty();) {
    std::string_view value = cut(rest, "&");
    if (cut(value, "=") == name) return value;
  }
  return std::nullopt;
}

Reading read_request(std::string_view bytes, Request& request) {
  const auto end_of_head = bytes.find("\r\n\r\n");
  if (end_of_head == std::string_view::npos) return Reading::incomplete;
  std::string_view head = bytes.substr(0, end_of_head);
  std::string_view line = cut(head, "\r\n");
  request.method = cut(line, " ");
  request.query = cut(line, " ");
  request.path = cut(request.query, "?");

  std::size_t content_length = 0;
  while (!head.empty()) {
    std::string_view value = cut(head, "\r\n");
    const std::string_view name = cut(value, ":");
    if (!take_header(name, trimmed(value), request, content_length)) return Reading::broken;
  }
  const std::size_t begin_of_body = end_of_head + 4;
  if (bytes.size() - begin_of_body < content_length) return Reading::incomplete;
  request.body = bytes.substr(begin_of_body, content_length);
  request.size = begin_of_body + content_length;
  return Reading::whole;
}

}  // namespace null_fhir
