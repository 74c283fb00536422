#include "queue/scripts.h"

#include "queue/redis_client.h"
#include "queue/replies.h"

namespace queue {
namespace {

Command call(std::string_view verb, std::string_view script, const std::string& prefix,
             const std::vector<std::string>& arguments) {
  Command command{std::string(verb), std::string(script), "1", prefix};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

}  // namespace

Command by_digest(const Script& script, const std::string& prefix, const std::vector<std::string>& arguments) {
  return call("EVALSHA", script.digest, prefix, arguments);
}

Command by_text(const Script& script, const std::string& prefix, const std::vector<std::string>& arguments) {
  return call("EVAL", script.text, prefix, arguments);
}

bool unknown_script(const Reply& reply) {
  return reply.is_error() && reply.text.starts_with("NOSCRIPT");
}

Awaitable<Reply> run_script(RedisClient& redis, const Script& script, std::string prefix,
                            std::vector<std::string> arguments) {
  auto command = by_digest(script, prefix, arguments);
  auto reply = co_await redis.execute(std::move(command));
  if (unknown_script(reply)) {
    command = by_text(script, prefix, arguments);
    reply = co_await redis.execute(std::move(command));
  }
  if (reply.is_error()) ++redis.tally().moves_refused;
  refuse_error(reply, script.name);
  co_return reply;
}

Awaitable<std::vector<std::string>> members_of(RedisClient& redis, std::string key) {
  Command command{"SMEMBERS", std::move(key)};
  const auto reply = co_await redis.execute(std::move(command));
  refuse_error(reply, "SMEMBERS");
  co_return texts_of(reply);
}

void refuse_error(const Reply& reply, std::string_view what) {
  if (reply.is_error()) throw MoveRefused("Redis refused " + std::string(what) + ": " + reply.text);
}

}  // namespace queue
