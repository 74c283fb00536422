#include "queue/redis_session.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>

#include "queue/job_queue.h"
#include "queue/redis_login.h"

namespace queue {
namespace {

using namespace std::chrono_literals;

constexpr auto connect_limit = 4s;

/// Errors that say: this server cannot be used now, look for it again. (UNBLOCKED: it became a replica while a command
/// blocked. Up to Redis 6.2 a script's error carries the cause behind a dash.)
bool unfit(const Reply& reply) {
  if (!reply.is_error()) return false;
  constexpr std::array<std::string_view, 6> codes{"READONLY",  "LOADING",     "MASTERDOWN",
                                                  "UNBLOCKED", "CLUSTERDOWN", "NOAUTH"};
  return std::ranges::any_of(codes, [&](std::string_view code) {
    return reply.text.starts_with(code) || reply.text.find("-" + std::string(code) + " ") != std::string::npos;
  });
}

std::string seconds(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

}  // namespace

RedisSession::RedisSession(Executor executor, config::Redis settings, Watcher* watcher)
    : settings_(std::move(settings)),
      watcher_(watcher),
      pausing_(executor),
      connecting_(executor),
      writable_(executor) {}

void RedisSession::start(std::chrono::milliseconds pause) {
  boost::asio::co_spawn(pausing_.get_executor(), live(shared_from_this(), pause),
                        [session = shared_from_this()](const std::exception_ptr&) {});
}

Awaitable<std::vector<Reply>> RedisSession::exchange(std::shared_ptr<RedisSession> session,
                                                     std::vector<Command> commands, std::chrono::milliseconds limit) {
  if (session->broken_) throw QueueUnavailable(session->why_broken_);
  const auto place = std::make_shared<Place>(session->pausing_.get_executor(), commands.size());
  place->changed.expires_after(limit);
  for (const auto& command : commands) format_command(command, session->outbox_);
  session->waiting_.push_back(place);
  session->writable_.cancel();

  boost::system::error_code woken;
  co_await place->changed.async_wait(boost::asio::redirect_error(use_awaitable, woken));
  if (place->whole()) co_return std::move(place->replies);
  if (!place->failure.empty()) throw QueueUnavailable(place->failure);
  if (woken) throw boost::system::system_error(woken);
  session->break_off("Redis at " + session->where_ + " did not answer within " + seconds(limit), Trouble::yes);
  throw QueueUnavailable(session->why_broken_);
}

void RedisSession::abandon() {
  watcher_ = nullptr;
  break_off("the connection to Redis was closed by this program", Trouble::no);
}

Awaitable<void> RedisSession::live(std::shared_ptr<RedisSession> session, std::chrono::milliseconds pause) {
  try {
    session->pausing_.expires_after(pause);
    co_await session->pausing_.async_wait(use_awaitable);
    co_await session->open();
    co_await session->read_on();
  } catch (const boost::system::system_error& error) {
    const std::string trouble = "Redis at " + session->where_ + ": " + error.code().message();
    if (session->open_) {
      session->break_off(trouble, Trouble::no);
    } else {
      session->break_off(trouble + "; check that it runs and that --redis-url is right", Trouble::yes);
    }
  } catch (const std::exception& error) {
    session->break_off("Redis at " + session->where_ + ": " + error.what(), Trouble::yes);
  }
}

Awaitable<void> RedisSession::open() {
  limit_connecting();
  const RedisAddress address = find_redis(settings_);
  where_ = address.where();
  stream_ = make_redis_stream(pausing_.get_executor(), address, settings_);
  co_await stream_->connect();
  co_await log_in(address);
  connecting_.cancel();
  if (broken_) co_return;
  open_ = true;
  if (watcher_ != nullptr) watcher_->opened();
  boost::asio::co_spawn(pausing_.get_executor(), write_on(shared_from_this()),
                        [session = shared_from_this()](const std::exception_ptr&) {});
}

void RedisSession::limit_connecting() {
  connecting_.expires_after(connect_limit);
  connecting_.async_wait([weak = weak_from_this()](boost::system::error_code stopped) {
    const auto session = weak.lock();
    if (stopped || !session || session->open_) return;
    session->break_off("Redis at " + session->where_ + ": no connection within " + seconds(connect_limit),
                       Trouble::yes);
  });
}

Awaitable<void> RedisSession::log_in(const RedisAddress& address) {
  std::string greeting;
  const auto commands = login_commands(address);
  for (const auto& command : commands) format_command(command, greeting);
  if (greeting.empty()) co_return;
  co_await stream_->write(greeting);
  for (std::size_t answers = 0; answers < commands.size();) {
    const auto reply = parser_.next();
    if (!reply) {
      co_await receive();
      continue;
    }
    if (reply->is_error()) throw std::runtime_error(reply->text);
    ++answers;
  }
}

Awaitable<void> RedisSession::read_on() {
  while (!broken_) {
    auto reply = parser_.next();
    if (reply)
      deliver(std::move(*reply));
    else
      co_await receive();
  }
}

Awaitable<void> RedisSession::receive() {
  const auto length = co_await stream_->read_some(buffer_);
  parser_.feed({buffer_.data(), length});
}

void RedisSession::deliver(Reply reply) {
  if (unfit(reply)) {
    break_off("Redis at " + where_ + " cannot be used: " + reply.text, Trouble::yes);
    return;
  }
  if (waiting_.empty()) throw std::runtime_error("answered what nobody asked");
  answered_ = true;
  if (watcher_ != nullptr) watcher_->answered();
  const auto place = waiting_.front();
  place->replies.push_back(std::move(reply));
  if (!place->whole()) return;
  waiting_.pop_front();
  place->changed.cancel();
}

Awaitable<void> RedisSession::write_on(std::shared_ptr<RedisSession> session) {
  try {
    while (!session->broken_) {
      if (session->outbox_.empty()) {
        boost::system::error_code woken;
        session->writable_.expires_at(Clock::time_point::max());
        co_await session->writable_.async_wait(boost::asio::redirect_error(use_awaitable, woken));
        continue;
      }
      const std::string bytes = std::exchange(session->outbox_, {});
      co_await session->stream_->write(bytes);
    }
  } catch (const boost::system::system_error& error) {
    session->break_off("Redis at " + session->where_ + ": " + error.code().message(), Trouble::no);
  }
}

void RedisSession::break_off(std::string why, Trouble trouble) {
  if (broken_) return;
  broken_ = true;
  why_broken_ = std::move(why);
  pausing_.cancel();
  connecting_.cancel();
  writable_.cancel();
  if (stream_) stream_->close();
  for (const auto& place : std::exchange(waiting_, {})) {
    place->failure = why_broken_;
    place->changed.cancel();
  }
  if (trouble == Trouble::yes && watcher_ != nullptr) watcher_->unusable(why_broken_);
}

}  // namespace queue
