#include "worker/http/front_door/headers.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace worker::http::front_door {
namespace {

constexpr std::size_t longest_token = 8192;

bool same_word(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other,
                            [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// The next part of a list, taken off it with its separator; a quoted string (RFC 9110 section 5.6.4) is not parted.
std::string_view next_part(std::string_view& list, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < list.size(); ++end) {
    if (quoted && list[end] == '\\') {
      ++end;
    } else if (list[end] == '"') {
      quoted = !quoted;
    } else if (!quoted && list[end] == separator) {
      break;
    }
  }
  const std::string_view part = list.substr(0, end);
  list.remove_prefix(std::min(end + 1, list.size()));
  return trimmed(part);
}

std::string_view unquoted(std::string_view value) {
  return value.size() > 1 && value.starts_with('"') && value.ends_with('"') ? value.substr(1, value.size() - 2) : value;
}

bool is_in_utf8(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = next_part(parameters, ';');
    const std::string_view name = next_part(parameter, '=');
    if (same_word(name, "charset") && !same_word(unquoted(trimmed(parameter)), "utf-8")) return false;
  }
  return true;
}

bool has_type(std::string_view content_type, std::string_view type) {
  return same_word(next_part(content_type, ';'), type) && is_in_utf8(content_type);
}

/// RFC 9110 section 11.2: token68.
bool is_token68(std::string_view text) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("-._~+/=").find(static_cast<char>(c)) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= longest_token && std::ranges::all_of(text, allowed);
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}
bool is_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

bool prefers_async(std::string_view prefer) {
  while (!prefer.empty()) {
    std::string_view preference = next_part(prefer, ',');
    if (same_word(next_part(preference, ';'), "respond-async")) return true;
  }
  return false;
}

bool is_json(std::string_view content_type) {
  return has_type(content_type, "application/fhir+json") || has_type(content_type, "application/json");
}

bool is_form(std::string_view content_type) {
  return has_type(content_type, "application/x-www-form-urlencoded");
}

bool is_authorization(std::string_view authorization) {
  const std::string_view scheme = authorization.substr(0, authorization.find(' '));
  if (!same_word(scheme, "Bearer") && !same_word(scheme, "Basic")) return false;
  return is_token68(trimmed(authorization.substr(scheme.size())));
}

std::string_view bearer_token(std::string_view authorization) {
  const std::string_view scheme = authorization.substr(0, authorization.find(' '));
  return same_word(scheme, "Bearer") ? trimmed(authorization.substr(scheme.size())) : std::string_view();
}

bool is_traceparent(std::string_view text) {
  constexpr std::size_t longest = 128, size_of_version_0 = 55;
  if (text.size() < size_of_version_0 || text.size() > longest) return false;
  const std::string_view version = text.substr(0, 2), trace = text.substr(3, 32), span = text.substr(36, 16),
                         flags = text.substr(53, 2), more = text.substr(55);
  if (text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  if (!is_hex(version) || !is_hex(trace) || !is_hex(span) || !is_hex(flags)) return false;
  if (version == "ff" || is_zero(trace) || is_zero(span)) return false;
  if (more.empty()) return true;
  return version != "00" && more.starts_with('-') && is_hex(more.substr(1));
}

}  // namespace worker::http::front_door
