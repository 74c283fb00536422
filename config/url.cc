#include "config/url.h"

#include <algorithm>
#include <array>
#include <cstddef>

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

}  // namespace

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
  if (parts.scheme == "unix") return parts.host.empty() && parts.rest.starts_with('/') && parts.rest.size() > 1;
  return (parts.scheme == "redis" || parts.scheme == "rediss") && !parts.host.empty() && parts.host.front() != ':';
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
