#include "worker/http/target.h"

#include <algorithm>
#include <optional>

#include "worker/http/refusal.h"
#include "worker/http/same_name.h"
#include "worker/printable.h"

namespace worker::http {
namespace {

[[noreturn]] void refuse(std::string_view why) {
  throw Refused{Refusal::malformed, why};
}

std::string_view without_origin(std::string_view target, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!same_name(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    if (!same_name(target.substr(0, end), host)) refuse("The target and Host name different servers");
    target.remove_prefix(end);
    return target;
  }
  return target;
}

std::optional<unsigned> value_of(char digit) {
  constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
  const std::size_t place = digits.find(digit);
  if (place == digits.npos) return {};
  return static_cast<unsigned>(place % 16);
}

char unescaped(std::string_view escape) {
  const auto high = escape.size() == 3 ? value_of(escape[1]) : std::nullopt;
  const auto low = escape.size() == 3 ? value_of(escape[2]) : std::nullopt;
  if (!high || !low) refuse("The path holds a broken escape");
  return static_cast<char>(*high * 16 + *low);
}

std::string decoded(std::string_view segment) {
  std::string text;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const bool escaped = segment[i] == '%';
    const char c = escaped ? unescaped(segment.substr(i, 3)) : segment[i];
    if (c == '/' || c == '\\') refuse("The path holds an escaped slash or a backslash");
    text.push_back(c);
    if (escaped) i += 2;
  }
  if (printable(text) != text) refuse("The path holds a control character, or is no UTF-8");
  if (text.empty()) refuse("The path holds an empty segment");
  if (text == "." || text == "..") refuse("The path holds a segment of dots");
  return text;
}

}  // namespace

Target read_target(std::string_view target, std::string_view host) {
  target = without_origin(target, host);
  const std::size_t question = target.find('?');
  Target read;
  if (question != target.npos) read.query = target.substr(question + 1);
  std::string_view path = target.substr(0, question);
  if (path.empty() && target.empty()) return read;
  if (!path.starts_with('/')) refuse("The target is no path");
  path.remove_prefix(1);
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, path.find('/'));
    read.path.push_back(decoded(segment));
    path.remove_prefix(std::min(segment.size() + 1, path.size()));
  }
  return read;
}

}  // namespace worker::http
