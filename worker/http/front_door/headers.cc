#include "worker/http/front_door/headers.h"

#include <algorithm>
#include <cctype>

#include "worker/http/same_name.h"

namespace worker::http::front_door {
namespace {

constexpr std::size_t longest_token = 8192;

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
    if (same_name(name, "charset") && !same_name(unquoted(trimmed(parameter)), "utf-8")) return false;
  }
  return true;
}

bool has_type(std::string_view content_type, std::string_view type) {
  return same_name(next_part(content_type, ';'), type) && is_in_utf8(content_type);
}

/// RFC 9110 section 11.2: token68.
bool is_token68(std::string_view text) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("-._~+/=").find(static_cast<char>(c)) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= longest_token && std::ranges::all_of(text, allowed);
}

}  // namespace

bool prefers_async(std::string_view prefer) {
  while (!prefer.empty()) {
    std::string_view preference = next_part(prefer, ',');
    if (same_name(next_part(preference, ';'), "respond-async")) return true;
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
  if (!same_name(scheme, "Bearer") && !same_name(scheme, "Basic")) return false;
  return is_token68(trimmed(authorization.substr(scheme.size())));
}

std::string_view bearer_token(std::string_view authorization) {
  const std::string_view scheme = authorization.substr(0, authorization.find(' '));
  return same_name(scheme, "Bearer") ? trimmed(authorization.substr(scheme.size())) : std::string_view();
}

}  // namespace worker::http::front_door
