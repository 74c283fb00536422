#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "queue/redis_protocol.h"

namespace bench {

/// A blocking connection to a Redis at a unix socket: what a stranger sees who only knows the contract.
class PlainConnection {
 public:
  /// Throws std::system_error when it cannot connect.
  explicit PlainConnection(const std::filesystem::path& socket);
  ~PlainConnection();
  PlainConnection(const PlainConnection&) = delete;
  PlainConnection& operator=(const PlainConnection&) = delete;

  /// Sends the command and waits for its reply; throws std::runtime_error for an error reply and after ten seconds.
  queue::Reply ask(const queue::Command& command);
  void send(const queue::Command& command) const;
  /// The next reply or published message; nothing if none comes before `until`.
  std::optional<queue::Reply> next(std::chrono::steady_clock::time_point until);

 private:
  int socket_;
  queue::ReplyParser parser_;
};

}  // namespace bench
