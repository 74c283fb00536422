#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "queue/awaitable.h"
#include "queue/clock.h"
#include "queue/redis_protocol.h"
#include "queue/redis_stream.h"
#include "queue/redis_url.h"

namespace queue {

/// One connection to one server: commands go out, replies come in their order. Throws boost::system::system_error for a
/// connection that cannot be had or breaks, std::runtime_error for answers that are not Redis'.
class RedisConversation {
 public:
  /// Throws as make_redis_stream() does.
  RedisConversation(Executor executor, RedisAddress address, const config::Redis& settings);

  Awaitable<void> connect();
  /// One question after the other: not while somebody else reads replies.
  Awaitable<std::vector<Reply>> ask(std::vector<Command> commands);
  /// All of it; `bytes` stays untouched until then.
  Awaitable<void> write(const std::string& bytes);
  Awaitable<Reply> next_reply();

  /// Ends the conversation unless it is limited anew, or unlimited() is called, within that time.
  void limit(std::chrono::milliseconds time);
  void unlimited();
  bool out_of_time() const { return *out_of_time_; }
  /// Ends everything that is under way. May be called more than once.
  void close();

  const RedisAddress& address() const { return address_; }

 private:
  RedisAddress address_;
  std::shared_ptr<RedisStream> stream_;
  std::shared_ptr<bool> out_of_time_ = std::make_shared<bool>(false);
  Timer deadline_;
  ReplyParser parser_;
  std::array<char, 16384> buffer_{};
};

}  // namespace queue
