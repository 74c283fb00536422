#include "queue/rights.h"

#include <utility>

#include "queue/keys.h"
#include "queue/redis_client.h"

namespace queue {
namespace {

std::vector<Command> harmless(const std::string& prefix) {
  return {{"EVALSHA", std::string(40, '0'), "1", prefix},
          {"EVAL", "return 1", "1", prefix},
          {"XREAD", "COUNT", "1", "STREAMS", prefix + ":inbox", prefix + ":wake", "0", "0"},
          {"XLEN", prefix + ":inbox"},
          {"HGETALL", prefix + ":stats"},
          {"SMEMBERS", prefix + ":owed:x"},
          {"ZCARD", prefix + ":running"},
          {"LRANGE", prefix + ":line:x", "0", "0"},
          {"TIME"},
          {"INFO", "server"}};
}

std::vector<Command> all(const std::string& prefix) {
  auto commands = harmless(prefix);
  const std::vector<Command> writing{{"XADD", prefix + ":inbox", "*", "a", "b"},
                                     {"XDEL", prefix + ":inbox", "1-1"},
                                     {"HSET", prefix + ":job:x", "a", "b"},
                                     {"ZADD", prefix + ":running", "0", "x"},
                                     {"RPUSH", prefix + ":line:x", "y"},
                                     {"SADD", prefix + ":owed:x", "y"},
                                     {"SREM", prefix + ":owed:x", "y"},
                                     {"ZREM", prefix + ":unaudited", "y"},
                                     {"DEL", prefix + ":owed:x"},
                                     {"PEXPIRE", prefix + ":job:x", "1"},
                                     {"WAIT", "1", "1"},
                                     {"PUBLISH", events_channel(prefix), "x"},
                                     {"SUBSCRIBE", events_channel(prefix)}};
  commands.insert(commands.end(), writing.begin(), writing.end());
  return commands;
}

std::vector<Command> rehearsals(const std::string& user, const std::vector<Command>& commands) {
  std::vector<Command> rehearsed;
  for (const auto& command : commands) {
    Command one{"ACL", "DRYRUN", user};
    one.insert(one.end(), command.begin(), command.end());
    rehearsed.push_back(std::move(one));
  }
  return rehearsed;
}

bool not_permitted(const Reply& reply) {
  return reply.is_error() && reply.text.starts_with("NOPERM");
}

}  // namespace

Awaitable<Rights> ask_rights(RedisClient& redis, std::string queue_name) {
  const std::string prefix = prefix_of(queue_name);
  auto commands = all(prefix);
  const Command who{"ACL", "WHOAMI"};
  const auto user = co_await redis.execute(who);
  auto rehearsed = rehearsals(user.text, commands);
  auto replies = co_await redis.pipeline(std::move(rehearsed));
  Rights rights{.refused = {}, .all_asked = !user.is_error() && !replies.front().is_error()};
  if (!rights.all_asked) {
    commands = harmless(prefix);
    replies = co_await redis.pipeline(commands);
  }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const bool refused = rights.all_asked ? replies[i].text != "OK" : not_permitted(replies[i]);
    if (refused) rights.refused.push_back(commands[i].front());
  }
  co_return rights;
}

}  // namespace queue
