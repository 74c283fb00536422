#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "queue/awaitable.h"
#include "queue/job_queue.h"
#include "queue/redis_protocol.h"

namespace queue {

class RedisClient;

/// One atomic move between the keys of a queue: a file of queue/scripts behind the parts that it needs. The
/// file's head says what it takes, answers and leaves behind.
struct Script {
  std::string_view name;
  std::string_view digest;  ///< SHA-1 of the text, in hex: what EVALSHA asks for
  std::string_view text;
};

namespace scripts {
extern const Script borrow_endings;
extern const Script claim;
extern const Script drained;
extern const Script enqueue_once;
extern const Script expire;
extern const Script finish;
extern const Script overview;
extern const Script hand_back;
extern const Script owe;
extern const Script promote;
extern const Script renew;
extern const Script retry_later;
extern const Script sweep;
extern const Script take_in;
}  // namespace scripts

/// The command that runs the script by its digest.
Command by_digest(const Script& script, const std::string& prefix, const std::vector<std::string>& arguments);
/// The command that brings its text along: for a Redis that does not know it (yet, or any more).
Command by_text(const Script& script, const std::string& prefix, const std::vector<std::string>& arguments);
bool unknown_script(const Reply& reply);

/// Runs the script on the queue of that prefix. Throws QueueUnavailable, also for an error that the script answers.
/// Waits as any command does, so its caller may be cancelled only where the move may be lost.
Awaitable<Reply> run_script(RedisClient& redis, const Script& script, std::string prefix,
                            std::vector<std::string> arguments);

/// SMEMBERS. Throws QueueUnavailable.
Awaitable<std::vector<std::string>> members_of(RedisClient& redis, std::string key);

/// Redis answers, but refuses: out of memory, no permission, a key of another type.
struct MoveRefused : QueueUnavailable {
  using QueueUnavailable::QueueUnavailable;
};

/// Throws MoveRefused if the reply is an error; says what was asked.
void refuse_error(const Reply& reply, std::string_view what);

}  // namespace queue
