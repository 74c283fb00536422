#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "queue/redis_redirect.h"

namespace queue {

/// Commands that were sent at once, and what to do with those that a cluster did not answer. Decides only.
class RedisRedirects {
 public:
  explicit RedisRedirects(std::vector<Command> commands);

  /// What is to be sent now, in order; never empty before done().
  std::vector<Command> to_send() const;
  /// The replies to that. Those that are answers are kept.
  void received(std::vector<Reply> replies);

  bool done() const { return left_.empty(); }
  /// All replies, in the order of the commands.
  std::vector<Reply> take_replies() { return std::move(replies_); }

  /// The node that serves the slot now, if one was named.
  const std::optional<RedisNode>& moved_to() const { return moved_to_; }
  /// The node to send the commands to, each behind ASKING; empty if they have to wait.
  const std::optional<RedisNode>& ask_at() const { return ask_at_; }
  /// Whether there were so many that trying once more makes no sense.
  bool astray() const { return moves_ > most_moves; }
  /// Before the next try: none after the first redirect.
  std::chrono::milliseconds pause() const;
  /// For whoever gives up.
  const std::string& last_error() const { return last_error_; }

 private:
  std::vector<std::size_t> with_those_about_their_server(std::vector<std::size_t> again) const;

  static constexpr int most_moves = 5;

  std::vector<Command> commands_;
  std::vector<Reply> replies_;
  std::vector<std::size_t> left_;  ///< places of those without an answer, and of what is asked again with them
  std::optional<RedisNode> moved_to_;
  std::optional<RedisNode> ask_at_;
  int moves_ = 0;
  int waits_ = 0;
  std::string last_error_;
};

}  // namespace queue
