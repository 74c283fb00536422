#pragma once

#include <string>
#include <string_view>

namespace config {

/// Whether it is one as far as can be told without connecting: scheme and host, no user, query or fragment, no blanks.
bool is_http_url(std::string_view url);
/// http to a host that is not this machine: whoever sits between reads the token.
bool is_unprotected(std::string_view http_url);

/// `HOST:PORT` to listen at, port 0 for any; a host is an IPv4 address, an IPv6 one in brackets, or a name.
bool is_listen_address(std::string_view text);

inline constexpr std::string_view redis_urls =
    "redis://HOST[:PORT][,HOST[:PORT]...][/DATABASE], the same with rediss:// for TLS, "
    "redis+sentinel://HOST[:PORT][,HOST[:PORT]...]/NAME[/DATABASE], the same with rediss+sentinel://, "
    "unix:///PATH[?db=DATABASE] or embedded:[DIR]";
/// The same for a Redis: one of those kinds, with ports and a database that can be.
bool is_redis_url(std::string_view url);
/// Whether a value may hold a password where without_password() does not see it: an @ in what is no URL at all, or only
/// nearly one (`default:s3cret@host:6379`).
bool may_hide_password(std::string_view refused_value);
/// Whether a password stands between user and host.
bool has_password(std::string_view url);
/// The URL to show: `redis://user:***@host`.
std::string without_password(std::string_view url);

}  // namespace config
