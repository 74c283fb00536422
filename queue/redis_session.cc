#include "queue/redis_session.h"

#include <algorithm>
#include <array>
#include <exception>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>

#include "queue/job_queue.h"
#include "queue/redis_redirect.h"

namespace queue {
namespace {

using namespace std::chrono_literals;

/// How long a retired session may wait for its last replies.
constexpr auto retirement_limit = 10s;

constexpr auto longest_silence = 3s;

bool says(const Reply& reply, std::string_view code) {
  // Up to Redis 6.2 a script's error carries the cause behind a dash.
  return reply.text.starts_with(code) || reply.text.find("-" + std::string(code) + " ") != std::string::npos;
}

/// Errors that say: this server cannot be used now, look for it again. (UNBLOCKED: it became a replica while a command
/// blocked. NOREPLICAS: where another server may be the primary by now, this one may be cut off.)
bool unfit(const Reply& reply, const RedisWhereabouts& whereabouts) {
  if (!reply.is_error()) return false;
  constexpr std::array<std::string_view, 6> codes{"READONLY",  "LOADING",     "MASTERDOWN",
                                                  "UNBLOCKED", "CLUSTERDOWN", "NOAUTH"};
  if (whereabouts.may_change() && says(reply, "NOREPLICAS")) return true;
  return std::ranges::any_of(codes, [&](std::string_view code) { return says(reply, code); });
}

std::string in_milliseconds(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

}  // namespace

RedisSession::RedisSession(Executor executor, const config::Redis& settings,
                           std::shared_ptr<RedisWhereabouts> whereabouts, bool may_block, Watcher* watcher)
    : whereabouts_(std::move(whereabouts)),
      may_block_(may_block),
      watcher_(watcher),
      search_(executor, settings, whereabouts_),
      directions_(whereabouts_->directions()),
      pausing_(executor),
      writable_(executor) {}

void RedisSession::start(std::chrono::milliseconds pause) {
  boost::asio::co_spawn(pausing_.get_executor(), live(shared_from_this(), pause),
                        [session = shared_from_this()](const std::exception_ptr&) {});
}

Awaitable<std::vector<Reply>> RedisSession::exchange(std::shared_ptr<RedisSession> session,
                                                     const std::vector<Command>& commands,
                                                     std::chrono::milliseconds limit) {
  auto place = session->join_queue(commands, limit);
  return wait(std::move(session), std::move(place));
}

std::shared_ptr<RedisSession::Place> RedisSession::join_queue(const std::vector<Command>& commands,
                                                              std::chrono::milliseconds limit) {
  if (broken_) throw QueueUnavailable(why_broken_);
  const auto place = std::make_shared<Place>(pausing_.get_executor(), commands.size(), limit);
  for (const auto& command : commands) format_command(command, outbox_);
  waiting_.push_back(place);
  writable_.cancel();
  return place;
}

Awaitable<std::vector<Reply>> RedisSession::wait(std::shared_ptr<RedisSession> session, std::shared_ptr<Place> place) {
  const auto until = place->since + place->limit;
  while (!place->whole() && place->failure.empty()) {
    boost::system::error_code woken;
    place->changed.expires_at(std::min(until, session->end_of_silence(*place)));
    co_await place->changed.async_wait(boost::asio::redirect_error(use_awaitable, woken));
    if (place->whole() || !place->failure.empty()) break;
    if (woken) throw boost::system::system_error(woken);
    if (Clock::now() >= until) session->silent_for(place->limit);
    if (Clock::now() >= session->end_of_silence(*place)) session->silent_for(longest_silence);
  }
  if (!place->whole()) throw QueueUnavailable(place->failure);
  co_return std::move(place->replies);
}

/// Where another server may take over, one that says nothing at all is not waited for as long as a command may take.
Clock::time_point RedisSession::end_of_silence(const Place& place) const {
  if (may_block_ || !whereabouts_->may_change()) return Clock::time_point::max();
  if (!open_) return Clock::now() + longest_silence;
  return std::max(place.since, heard_last_) + longest_silence;
}

void RedisSession::silent_for(std::chrono::milliseconds time) {
  const std::string why = at_address() + "did not answer within " + in_milliseconds(time);
  Watcher* const watcher = watcher_;
  break_off(why, Trouble::yes);
  if (watcher != nullptr) watcher->fell_silent(why);
}

void RedisSession::retire() {
  watcher_ = nullptr;
  retired_ = true;
  if (waiting_.empty()) return break_off("the connection was no longer needed", Trouble::no);
  const auto limit = std::make_shared<Timer>(pausing_.get_executor(), retirement_limit);
  limit->async_wait([limit, weak = weak_from_this()](boost::system::error_code) {
    if (const auto session = weak.lock()) session->abandon("Redis did not answer any more");
  });
}

void RedisSession::abandon(std::string why) {
  watcher_ = nullptr;
  break_off(std::move(why), Trouble::no);
}

Awaitable<void> RedisSession::live(std::shared_ptr<RedisSession> session, std::chrono::milliseconds pause) {
  try {
    session->pausing_.expires_after(pause);
    co_await session->pausing_.async_wait(use_awaitable);
    co_await session->open();
    co_await session->read_on();
  } catch (const boost::system::system_error& error) {
    session->break_off(session->at_address() + "broke the connection: " + error.code().message(), Trouble::no);
  } catch (const RedisNotFound& error) {
    session->break_off(error.what(), Trouble::yes);
  } catch (const std::exception& error) {
    session->break_off(session->at_address() + "cannot be used: " + error.what(), Trouble::yes);
  }
}

Awaitable<void> RedisSession::open() {
  auto found = co_await search_.find();
  conversation_ = std::move(found);
  address_ = conversation_->address();
  if (broken_) co_return;
  open_ = true;
  heard_last_ = Clock::now();
  if (watcher_ != nullptr) watcher_->opened();
  boost::asio::co_spawn(pausing_.get_executor(), write_on(shared_from_this()),
                        [session = shared_from_this()](const std::exception_ptr&) {});
}

Awaitable<void> RedisSession::read_on() {
  while (!broken_) {
    auto reply = co_await conversation_->next_reply();
    heard_last_ = Clock::now();
    deliver(std::move(reply));
  }
}

void RedisSession::deliver(Reply reply) {
  if (unfit(reply, *whereabouts_)) {
    break_off(at_address() + "cannot be used: " + reply.text, Trouble::yes);
    return;
  }
  if (waiting_.empty()) throw std::runtime_error("answered what nobody asked");
  if (redirect_of(reply).kind == Redirect::Kind::none) {
    answered_ = true;
    if (watcher_ != nullptr) watcher_->answered();
  }
  const auto place = waiting_.front();
  place->replies.push_back(std::move(reply));
  if (!place->whole()) return;
  waiting_.pop_front();
  if (watcher_ != nullptr) watcher_->replied(heard_last_ - place->since);
  place->changed.cancel();
  if (retired_ && waiting_.empty()) break_off("the connection was no longer needed", Trouble::no);
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
      co_await session->conversation_->write(bytes);
    }
  } catch (const boost::system::system_error& error) {
    session->break_off(session->at_address() + "broke the connection: " + error.code().message(), Trouble::no);
  }
}

void RedisSession::break_off(std::string why, Trouble trouble) {
  if (broken_) return;
  broken_ = true;
  why_broken_ = std::move(why);
  pausing_.cancel();
  writable_.cancel();
  search_.give_up();
  if (conversation_) conversation_->close();
  for (const auto& place : std::exchange(waiting_, {})) {
    place->failure = why_broken_;
    place->changed.cancel();
  }
  if (trouble == Trouble::yes && watcher_ != nullptr) watcher_->unusable(why_broken_);
}

std::string RedisSession::at_address() const {
  return open_ ? "Redis at " + address_.where() + " " : "Redis ";
}

}  // namespace queue
