#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace worker::http {

/// A request's target, taken apart.
struct Target {
  std::vector<std::string> path;  ///< its segments, percent-decoded once
  std::string query;              ///< as sent, without `?`
};

/// Throws Refused for what could be understood in two ways: an escaped slash, backslash or control character, `.` and
/// `..` however written, an empty segment (but for the last: one slash at the end is allowed), a broken escape, what is
/// no UTF-8. A target with scheme and authority is taken if the authority is that of `host` (RFC 9112 section 3.2.2).
Target read_target(std::string_view target, std::string_view host);

}  // namespace worker::http
