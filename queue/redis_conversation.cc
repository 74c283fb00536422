#include "queue/redis_conversation.h"

#include <stdexcept>
#include <utility>

namespace queue {

RedisConversation::RedisConversation(Executor executor, RedisAddress address, const config::Redis& settings)
    : address_(std::move(address)), stream_(make_redis_stream(executor, address_, settings)), deadline_(executor) {}

Awaitable<void> RedisConversation::connect() {
  return stream_->connect();
}

/// Who is turned away hears why, and then the connection ends: what was said counts for more.
Awaitable<std::vector<Reply>> RedisConversation::ask(std::vector<Command> commands) {
  std::vector<Reply> replies;
  std::string bytes;
  for (const auto& command : commands) format_command(command, bytes);
  if (commands.empty()) co_return replies;
  try {
    co_await stream_->write(bytes);
    while (replies.size() < commands.size()) {
      auto reply = co_await next_reply();
      replies.push_back(std::move(reply));
    }
  } catch (const boost::system::system_error&) {
    if (!replies.empty() && replies.back().is_error()) throw std::runtime_error(replies.back().text);
    throw;
  }
  co_return replies;
}

Awaitable<void> RedisConversation::write(const std::string& bytes) {
  return stream_->write(bytes);
}

Awaitable<Reply> RedisConversation::next_reply() {
  for (;;) {
    auto reply = parser_.next();
    if (reply) co_return std::move(*reply);
    const auto length = co_await stream_->read_some(buffer_);
    parser_.feed({buffer_.data(), length});
  }
}

/// The timer may have run out already when the conversation goes: its handler owns what it touches.
void RedisConversation::limit(std::chrono::milliseconds time) {
  deadline_.expires_after(time);
  deadline_.async_wait([stream = stream_, out_of_time = out_of_time_](boost::system::error_code stopped) {
    if (stopped) return;
    *out_of_time = true;
    stream->close();
  });
}

void RedisConversation::unlimited() {
  deadline_.cancel();
}

void RedisConversation::close() {
  deadline_.cancel();
  stream_->close();
}

}  // namespace queue
