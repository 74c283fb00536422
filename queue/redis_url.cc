#include "queue/redis_url.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace queue {
namespace {

std::optional<int> number_in(std::string_view text, int least, int most) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number >= least && number <= most ? std::optional(number) : std::nullopt;
}

int parse_database(std::string_view text) {
  const auto database = number_in(text, 0, std::numeric_limits<int>::max());
  if (!database) throw BadRedisUrl("--redis-url: the database must be a number from 0 on, as in redis://host:6379/2");
  return *database;
}

constexpr std::string_view sentinel_suffix = "+sentinel";

RedisAddress::Kind kind_of(std::string_view scheme) {
  if (scheme == "redis" || scheme == "redis+sentinel") return RedisAddress::Kind::tcp;
  if (scheme == "rediss" || scheme == "rediss+sentinel") return RedisAddress::Kind::tls;
  if (scheme == "unix") return RedisAddress::Kind::unix_socket;
  throw BadRedisUrl(
      "--redis-url: must begin with redis://, rediss://, redis+sentinel://, rediss+sentinel://, unix:// or embedded:");
}

/// (The parameters that Boost.URL 1.81 makes of an empty query before a fragment cannot be looked at without a crash.)
void read_unix(const boost::urls::url_view& url, RedisAddress& address) {
  address.path = url.path();
  if (!address.path.starts_with('/') || address.path.size() < 2 || !url.host().empty())
    throw BadRedisUrl("--redis-url: a unix socket needs its absolute path, as in unix:///run/redis/redis.sock");
  const std::string query = url.query();
  for (std::size_t begin = 0; begin < query.size();) {
    const auto end = std::min(query.find('&', begin), query.size());
    const auto parameter = std::string_view(query).substr(begin, end - begin);
    if (parameter.starts_with("db=")) address.database = parse_database(parameter.substr(3));
    begin = end + 1;
  }
}

void read_host(const boost::urls::url_view& url, RedisAddress& address) {
  address.host = url.host_address();
  if (address.host.empty()) throw BadRedisUrl("--redis-url: the host is missing, as in redis://host:6379");
  if (!url.port().empty()) address.port = url.port();
  if (!number_in(address.port, 1, 65535)) throw BadRedisUrl("--redis-url: the port must be a number from 1 to 65535");
}

/// `/database`, as in redis://host/2.
void read_database(const boost::urls::url_view& url, RedisAddress& address) {
  const std::string path = url.path();
  if (path.size() > 1) address.database = parse_database(std::string_view(path).substr(1));
}

/// `/primary[/database]`, as in redis+sentinel://host/main/2: the name.
std::string read_primary(const boost::urls::url_view& url, RedisAddress& address) {
  const auto segments = url.segments();
  const std::string name = segments.empty() ? std::string() : std::string(segments.front());
  if (name.empty() || segments.size() > 2)
    throw BadRedisUrl(
        "--redis-url: Sentinels are asked for the primary by its name, as in redis+sentinel://host1,host2/name");
  if (segments.size() == 2) address.database = parse_database(std::string(segments.back()));
  return name;
}

/// The URL once for each of its hosts: what stands before and behind them belongs to all.
std::vector<std::string> one_for_each_host(const std::string& url) {
  const auto begin = url.find("://") + 3;
  const auto end = std::min(url.find_first_of("/?#", begin), url.size());
  const auto at = url.rfind('@', end);
  const auto hosts = at == std::string::npos || at < begin ? begin : at + 1;
  std::vector<std::string> urls;
  for (auto from = hosts; from <= end;) {
    const auto to = std::min(url.find(',', from), end);
    urls.push_back(url.substr(0, hosts) + url.substr(from, to - from) + url.substr(end));
    from = to + 1;
  }
  return urls;
}

boost::urls::url_view parsed(const std::string& url) {
  const auto result = boost::urls::parse_uri(url);
  if (!result)
    throw BadRedisUrl(
        "--redis-url: is not a URL; special characters of a user or password must be percent-encoded (@ is %40)");
  return *result;
}

RedisAddress with_login(RedisAddress::Kind kind, const boost::urls::url_view& url) {
  RedisAddress address;
  address.kind = kind;
  address.user = url.user();
  address.password = url.password();
  return address;
}

}  // namespace

std::string RedisAddress::where() const {
  if (kind == Kind::unix_socket) return "unix://" + path;
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return (kind == Kind::tls ? "rediss://" : "redis://") + shown + ":" + port;
}

RedisUrl parse_redis_url(const std::string& url) {
  const auto scheme = std::string_view(url).substr(0, url.find(':'));
  const auto kind = kind_of(scheme);
  const bool sentinels = scheme.ends_with(sentinel_suffix);
  RedisUrl read;
  if (kind == RedisAddress::Kind::unix_socket) {
    const auto of_socket = parsed(url);
    read.servers.push_back(with_login(kind, of_socket));
    read_unix(of_socket, read.servers.back());
    return read;
  }
  if (url.find("://") == std::string::npos)
    throw BadRedisUrl("--redis-url: the host is missing, as in redis://host:6379");
  for (const auto& single : one_for_each_host(url)) {
    const auto of_host = parsed(single);
    auto address = with_login(kind, of_host);
    if (sentinels) address.port = "26379";
    read_host(of_host, address);
    if (sentinels)
      read.primary = read_primary(of_host, address);
    else
      read_database(of_host, address);
    read.servers.push_back(std::move(address));
  }
  return read;
}

}  // namespace queue
