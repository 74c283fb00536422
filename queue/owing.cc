#include "queue/owing.h"

#include <chrono>
#include <span>
#include <utility>

#include "queue/durability.h"
#include "queue/job_queue.h"
#include "queue/keys.h"
#include "queue/move_arguments.h"
#include "queue/redis_client.h"
#include "queue/scripts.h"

namespace queue {
namespace {

using namespace std::chrono_literals;

/// An append-only file that is synced every second answers within two.
constexpr auto durability_limit = 3s;

struct Circumstances {
  Durability durability;
  bool owes_already = false;
};

Awaitable<Circumstances> look_around(RedisClient& redis, std::string owed) {
  std::vector<Command> questions{{"INFO", "server"}, {"INFO", "persistence"}, {"INFO", "replication"}, {"SCARD", owed}};
  const auto replies = co_await redis.pipeline(std::move(questions), 5s);
  std::string info;
  for (const auto& reply : replies) {
    refuse_error(reply, "INFO");
    info += reply.text;
  }
  co_return Circumstances{.durability = durability_of(info), .owes_already = replies.back().number > 0};
}

/// The script and the waiting in one go: the server's promise is about what this one connection wrote.
Awaitable<std::vector<Reply>> write_and_wait(RedisClient& redis, Command script, Durability durability) {
  auto commands = wait_commands(durability, durability_limit);
  commands.insert(commands.begin(), std::move(script));
  auto replies = co_await redis.pipeline_blocking(std::move(commands), 3 * durability_limit);
  co_return replies;
}

}  // namespace

Awaitable<Reply> owe_durably(RedisClient& redis, std::string prefix, Job job, std::vector<std::string> leaving) {
  const auto around = co_await look_around(redis, owed_key(prefix, job.target));
  const bool nothing_owed = leaving.empty() && !around.owes_already;
  auto arguments = owe_arguments(job, std::move(leaving));
  if (nothing_owed || around.durability == Durability{}) {
    auto reply = co_await run_script(redis, scripts::owe, std::move(prefix), std::move(arguments));
    co_return reply;
  }
  auto script = by_digest(scripts::owe, prefix, arguments);
  auto replies = co_await write_and_wait(redis, std::move(script), around.durability);
  if (unknown_script(replies.front())) {
    script = by_text(scripts::owe, prefix, arguments);
    replies = co_await write_and_wait(redis, std::move(script), around.durability);
  }
  refuse_error(replies.front(), scripts::owe.name);
  if (replies.front().text != "lost" && !acknowledged(around.durability, std::span(replies).subspan(1)))
    throw QueueUnavailable("Redis did not acknowledge within " + milliseconds(durability_limit) + " ms that what " +
                           job.target +
                           " owes is on disk and on a replica: " + "look at its append-only file and its replicas");
  co_return std::move(replies.front());
}

}  // namespace queue
