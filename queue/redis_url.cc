#include "queue/redis_url.h"

#include <charconv>
#include <limits>
#include <optional>
#include <string_view>

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

RedisAddress::Kind kind_of(std::string_view scheme) {
  if (scheme == "redis") return RedisAddress::Kind::tcp;
  if (scheme == "rediss") return RedisAddress::Kind::tls;
  if (scheme == "unix") return RedisAddress::Kind::unix_socket;
  if (scheme.ends_with("+sentinel"))
    throw BadRedisUrl("--redis-url: redis+sentinel:// is not supported; give the primary's redis:// or rediss://");
  throw BadRedisUrl("--redis-url: must begin with redis://, rediss://, unix:// or embedded:");
}

void read_unix(const boost::urls::url_view& url, RedisAddress& address) {
  address.path = url.path();
  if (address.path.size() < 2 || !url.host().empty())
    throw BadRedisUrl("--redis-url: a unix socket needs its absolute path, as in unix:///run/redis/redis.sock");
  for (const auto& parameter : url.params())
    if (parameter.key == "db") address.database = parse_database(parameter.value);
}

void read_network(const boost::urls::url_view& url, RedisAddress& address) {
  address.host = url.host_address();
  if (address.host.empty()) throw BadRedisUrl("--redis-url: the host is missing, as in redis://host:6379");
  if (!url.port().empty()) address.port = url.port();
  if (!number_in(address.port, 1, 65535)) throw BadRedisUrl("--redis-url: the port must be a number from 1 to 65535");
  const std::string path = url.path();
  if (path.size() > 1) address.database = parse_database(std::string_view(path).substr(1));
}

}  // namespace

std::string RedisAddress::where() const {
  if (kind == Kind::unix_socket) return "unix://" + path;
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return (kind == Kind::tls ? "rediss://" : "redis://") + shown + ":" + port;
}

RedisAddress parse_redis_url(const std::string& url) {
  RedisAddress address;
  address.kind = kind_of(std::string_view(url).substr(0, url.find(':')));
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed)
    throw BadRedisUrl(
        "--redis-url: is not a URL; special characters of a user or password must be percent-encoded (@ is %40)");
  address.user = parsed->user();
  address.password = parsed->password();
  if (address.kind == RedisAddress::Kind::unix_socket)
    read_unix(*parsed, address);
  else
    read_network(*parsed, address);
  return address;
}

}  // namespace queue
