#pragma once

#include <string>
#include <string_view>

namespace config {

/// Whether it is one as far as can be told without connecting: scheme and host, no user, query or fragment, no blanks.
bool is_http_url(std::string_view url);
/// http to a host that is not this machine: whoever sits between reads the token.
bool is_unprotected(std::string_view http_url);

inline constexpr std::string_view redis_urls = "redis://HOST, rediss://HOST, unix:///PATH or embedded:[DIR]";
bool is_redis_url(std::string_view url);
/// Whether a password stands between user and host.
bool has_password(std::string_view url);
/// The URL to show: `redis://user:***@host`.
std::string without_password(std::string_view url);

}  // namespace config
