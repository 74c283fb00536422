#pragma once

#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace fhir {

/// Whom a connection is made to.
struct Origin {
  bool tls = false;
  std::string host;  ///< a name or an address; IPv6 without brackets
  std::string port;  ///< always there, e.g. "443"

  std::string authority() const;  ///< as in the Host header: IPv6 in brackets, a default port left out
  std::string str() const;        ///< e.g. https://api.example.org
  bool operator==(const Origin&) const = default;
};

/// An absolute http or https URL.
struct Url {
  Origin origin;
  std::string path;   ///< as it came, without a trailing slash; empty for the root
  std::string query;  ///< with its question mark, or empty
};

/// A FHIR base.
struct BaseUrl {
  Origin origin;
  std::string path;  ///< without a trailing slash, e.g. /fhir/R4
  std::string root;  ///< what `/auth/me` and `/oauth2/token` are below: `path` without `/projects/<id>` and `/fhir/R4`
};

/// The error says what is wrong, without the URL itself (a password may be in it).
boost::system::result<Url, std::string> parse_url(std::string_view text);
boost::system::result<BaseUrl, std::string> parse_base_url(std::string_view text);

/// May `path` (with or without a query) be put behind a base? Printable ASCII only, nothing that leaves the base or is
/// read otherwise by a proxy: no `.` or `..` segment (encoded or not), no empty segment, no backslash, no fragment.
bool stays_below_base(std::string_view path);

/// RFC 3986 section 2.1: everything but unreserved characters encoded, so also fit for a form's body.
std::string percent_encoded(std::string_view text);

}  // namespace fhir
