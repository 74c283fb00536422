#pragma once

#include <filesystem>

namespace queue {

/// The redis-server of one folder, which outlives the process that starts it. Only who holds the folder's lock alone
/// may start or stop it. It holds a lock of its own, DIR/redis.lock, as long as it lives: that tells for sure whether
/// there is one, whatever became of its socket.
class EmbeddedServer {
 public:
  /// Makes the folder if need be, mode 0700; the mode of an existing one is left alone, but one that others may write
  /// is refused unless it was used before. Throws std::runtime_error with a sentence for the operator.
  explicit EmbeddedServer(const std::filesystem::path& folder);

  std::filesystem::path socket() const { return folder_ / "redis.sock"; }
  bool answers() const;
  /// Whether it lives; it may not answer yet.
  bool lives() const;

  /// Starts it unless it lives, and waits until it answers. Throws std::runtime_error, with the last line of its log.
  void start_or_adopt() const;
  /// Ends it and waits until it is gone; one that will not go is left for the next to adopt.
  void stop() const;

 private:
  void start() const;
  void wait_until_it_answers() const;
  std::string last_log_line() const;

  std::filesystem::path folder_;
};

}  // namespace queue
