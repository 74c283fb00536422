#include "fhir/base_url.h"

#include <algorithm>
#include <cctype>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace fhir {
namespace {

std::string without_trailing_slashes(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  return path;
}

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || text.front() == '0') return false;
  if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return false;
  return std::stoi(std::string(text)) <= 65535;
}

/// Medplum serves `/auth` and `/oauth2` beside `/fhir/R4`, and has no project-scoped form of them.
std::string root_of(std::string_view path) {
  constexpr std::string_view fhir = "/fhir/R4";
  if (!path.ends_with(fhir)) return "";
  path.remove_suffix(fhir.size());
  const std::size_t last = path.rfind('/');
  constexpr std::string_view projects = "/projects";
  if (last != std::string_view::npos && path.substr(0, last).ends_with(projects)) {
    path.remove_suffix(path.size() - last + projects.size());
  }
  return std::string(path);
}

/// `.` or `..`, whichever way each dot is written.
bool is_dots(std::string_view segment) {
  std::size_t dots = 0;
  for (; !segment.empty() && dots <= 2; ++dots) {
    if (segment.front() == '.') {
      segment.remove_prefix(1);
    } else if (segment.starts_with("%2e") || segment.starts_with("%2E")) {
      segment.remove_prefix(3);
    } else {
      return false;
    }
  }
  return dots == 1 || dots == 2;
}

bool has_safe_segments(std::string_view path) {
  for (;;) {
    const std::size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (segment.empty() || is_dots(segment)) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

/// Printable, and neither read differently by different programs nor cut off as a fragment. All are looked at without a
/// decision at each, because every request's path is.
bool all_plain(std::string_view text) {
  bool plain = true;
  for (const char c : text) plain &= (c > 0x20) & (c < 0x7f) & (c != '#') & (c != '\\');
  return plain;
}

}  // namespace

std::string Origin::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

std::string Origin::str() const {
  return (tls ? "https://" : "http://") + authority();
}

boost::system::result<Url, std::string> parse_url(std::string_view text) {
  const auto uri = boost::urls::parse_uri(boost::core::string_view(text.data(), text.size()));
  if (!uri) return std::string("is not a URL");
  Url url;
  if (uri->scheme_id() != boost::urls::scheme::http && uri->scheme_id() != boost::urls::scheme::https) {
    return std::string("must begin with https:// or http://");
  }
  url.origin.tls = uri->scheme_id() == boost::urls::scheme::https;
  if (uri->has_userinfo()) return std::string("must not hold a user or password");
  if (uri->has_fragment()) return std::string("must not have a fragment (#…)");
  url.origin.host = uri->host_type() == boost::urls::host_type::ipv6 ? std::string(uri->host_ipv6_address().to_string())
                                                                     : std::string(uri->encoded_host());
  if (url.origin.host.empty() || url.origin.host.find_first_of("%[]!$&'()*+,;=") != std::string::npos) {
    return std::string("has no usable host");
  }
  url.origin.port = std::string(uri->port());
  if (url.origin.port.empty()) url.origin.port = url.origin.tls ? "443" : "80";
  // Boost.URL 1.81 takes the x of http://host:x80/ for the beginning of a path.
  const bool has_path = uri->encoded_path().starts_with('/');
  if (!is_port(url.origin.port) || (!has_path && !uri->encoded_path().empty())) {
    return std::string("has a port that is not between 1 and 65535");
  }
  url.path = without_trailing_slashes(std::string(uri->encoded_path()));
  if (!url.path.empty() && !stays_below_base(url.path.substr(1)))
    return std::string("has '.', '..' or '//' in its path");
  if (uri->has_query()) url.query = "?" + std::string(uri->encoded_query());
  return url;
}

boost::system::result<BaseUrl, std::string> parse_base_url(std::string_view text) {
  auto url = parse_url(text);
  if (!url) return url.error();
  if (!url->query.empty()) return std::string("must not have a query (?…)");
  BaseUrl base;
  base.origin = std::move(url->origin);
  base.path = std::move(url->path);
  base.root = root_of(base.path);
  return base;
}

bool stays_below_base(std::string_view path) {
  return all_plain(path) && has_safe_segments(path.substr(0, path.find('?')));
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char c : text) {
    if (unreserved.find(c) != std::string_view::npos) {
      encoded.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', hex[byte >> 4U], hex[byte & 15U]};
  }
  return encoded;
}

}  // namespace fhir
