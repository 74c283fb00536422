#include "config/url.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "config/whole_number.h"

namespace config {
namespace {

struct Url {
  std::string_view scheme;
  std::string_view user;  ///< and password
  std::string_view host;  ///< and port
  std::string_view rest;  ///< path, query and fragment
};

/// Only where each part begins: nothing is decoded.
Url parts_of(std::string_view url) {
  Url parts;
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return parts;
  parts.scheme = url.substr(0, colon);
  const std::string_view behind = url.substr(colon + 3);
  // A password that is not percent-encoded may hold a slash: what stands before the last @ is hidden all the same.
  const std::size_t at = behind.rfind('@');
  if (at != std::string_view::npos) parts.user = behind.substr(0, at);
  const std::string_view located = at == std::string_view::npos ? behind : behind.substr(at + 1);
  parts.host = located.substr(0, located.find_first_of("/?#"));
  parts.rest = located.substr(parts.host.size());
  return parts;
}

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

bool is_loopback(std::string_view host_and_port) {
  if (host_and_port.starts_with("[::1]")) return true;
  const std::string_view host = host_and_port.substr(0, host_and_port.rfind(':'));
  return host == "localhost" || host.starts_with("127.");
}

constexpr std::int64_t greatest_port = 65535;
constexpr std::int64_t greatest_database = std::numeric_limits<int>::max();

bool is_database(std::string_view text) {
  return parse_whole_number(text, 0, greatest_database).has_value();
}

/// Nothing behind the host, a lone colon, or a port.
bool has_usable_port(std::string_view host_and_port) {
  const std::size_t host_end = host_and_port.starts_with('[') ? host_and_port.find(']') : 0;
  if (host_end == std::string_view::npos) return false;
  const std::size_t colon = host_and_port.find(':', host_end);
  if (colon == std::string_view::npos || colon + 1 == host_and_port.size()) return true;
  return parse_whole_number(host_and_port.substr(colon + 1), 1, greatest_port).has_value();
}

/// `/2`, as in redis://host/2.
bool has_usable_database(std::string_view rest) {
  const std::string_view path = rest.substr(0, rest.find_first_of("?#"));
  return path.size() <= 1 || is_database(path.substr(1));
}

/// `db=2`, as in unix:///path?db=2.
bool has_usable_db_parameter(std::string_view rest) {
  const std::string_view before_fragment = rest.substr(0, rest.find('#'));
  std::string_view query = before_fragment.substr(std::min(before_fragment.find('?'), before_fragment.size()));
  while (!query.empty()) {
    query.remove_prefix(1);
    const std::string_view parameter = query.substr(0, query.find('&'));
    if (parameter == "db" || (parameter.starts_with("db=") && !is_database(parameter.substr(3)))) return false;
    query.remove_prefix(parameter.size());
  }
  return true;
}

bool is_unix_url(const Url& parts) {
  return parts.host.empty() && parts.rest.starts_with('/') && parts.rest.find_first_of("?#") != 1 &&
         parts.rest.size() > 1 && has_usable_db_parameter(parts.rest);
}

bool is_usable_host(std::string_view host_and_port) {
  return !host_and_port.empty() && host_and_port.front() != ':' && has_usable_port(host_and_port);
}

/// One, or several with commas between them.
bool are_usable_hosts(std::string_view hosts) {
  for (;;) {
    const std::size_t comma = hosts.find(',');
    if (!is_usable_host(hosts.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    hosts.remove_prefix(comma + 1);
  }
}

bool is_network_url(const Url& parts) {
  return are_usable_hosts(parts.host) && has_usable_database(parts.rest);
}

/// `/name` or `/name/2`.
bool is_sentinel_url(const Url& parts) {
  if (!are_usable_hosts(parts.host) || !parts.rest.starts_with('/')) return false;
  const std::string_view path = parts.rest.substr(1, parts.rest.find_first_of("?#") - 1);
  const std::size_t slash = std::min(path.find('/'), path.size());
  return slash > 0 && (slash == path.size() || is_database(path.substr(slash + 1)));
}

}  // namespace

bool is_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  const bool plain = !host.empty() && host.find_first_of("[]:/@") == std::string_view::npos;
  return (bracketed || plain) && is_printable_ascii(host) &&
         parse_whole_number(text.substr(colon + 1), 0, greatest_port).has_value();
}

bool is_http_url(std::string_view url) {
  const Url parts = parts_of(url);
  return (parts.scheme == "http" || parts.scheme == "https") && is_printable_ascii(url) && parts.user.empty() &&
         url.find('@') == std::string_view::npos && !parts.host.empty() && parts.host.front() != ':' &&
         parts.rest.find_first_of("?#") == std::string_view::npos;
}

bool is_unprotected(std::string_view http_url) {
  const Url parts = parts_of(http_url);
  return parts.scheme == "http" && !is_loopback(parts.host);
}

bool is_redis_url(std::string_view url) {
  if (url.starts_with("embedded:")) return true;
  const Url parts = parts_of(url);
  if (!is_printable_ascii(url)) return false;
  if (parts.scheme == "unix") return is_unix_url(parts);
  if (parts.scheme == "redis+sentinel" || parts.scheme == "rediss+sentinel") return is_sentinel_url(parts);
  return (parts.scheme == "redis" || parts.scheme == "rediss") && is_network_url(parts);
}

bool may_hide_password(std::string_view refused_value) {
  return refused_value.find('@') != std::string_view::npos;
}

bool has_password(std::string_view url) {
  const std::size_t colon = parts_of(url).user.find(':');
  return colon != std::string_view::npos && colon + 1 < parts_of(url).user.size();
}

std::string without_password(std::string_view url) {
  if (!has_password(url)) return std::string(url);
  const std::string_view user = parts_of(url).user;
  std::string shown(url.substr(0, static_cast<std::size_t>(user.data() - url.data()) + user.find(':') + 1));
  return shown.append("***").append(url.substr(static_cast<std::size_t>(user.data() + user.size() - url.data())));
}

}  // namespace config
