#include "queue/event_subscription.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>

#include "queue/keys.h"
#include "queue/redis_search.h"

namespace queue {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Our user may not listen: only somebody who administers Redis can mend that.
struct MayNotSubscribe : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void check_welcome(const Reply& reply, const std::string& channel) {
  if (!reply.is_error()) return;
  const std::string why = "Redis refuses SUBSCRIBE " + channel + ": " + reply.text;
  if (reply.text.starts_with("NOPERM"))
    throw MayNotSubscribe(why + "; ACL SETUSER must give this user +subscribe and the queue's channels");
  throw std::runtime_error(why);
}

/// RESP2: a message is `message`, the channel, the text.
bool is_message(const Reply& reply) {
  return reply.kind == Reply::Kind::array && reply.items.size() == 3 && reply.items[0].text == "message";
}

Awaitable<void> wait(std::chrono::milliseconds time) {
  const auto executor = co_await asio::this_coro::executor;
  Timer timer(executor, time);
  co_await timer.async_wait(use_awaitable);
}

}  // namespace

EventSubscription::EventSubscription(Executor executor, const config::Redis& settings)
    : EventSubscription(std::move(executor), settings, Limits()) {}

EventSubscription::EventSubscription(Executor executor, const config::Redis& settings, Limits limits)
    : executor_(std::move(executor)),
      settings_(settings),
      limits_(limits),
      channel_(events_channel(prefix_of(settings.queue))),
      whereabouts_(std::make_shared<RedisWhereabouts>(settings_)) {}

Awaitable<void> EventSubscription::listen(Listener& listener) {
  for (;;) {
    std::string why;
    auto until_next = pause();
    try {
      co_await subscribe(listener);
      co_await hear(listener);
    } catch (const MayNotSubscribe& refusal) {
      why = refusal.what();
      until_next = limits_.refused;
    } catch (const boost::system::system_error& error) {
      why = "the connection for events broke: " + error.code().message();
    } catch (const std::exception& error) {
      why = error.what();
    }
    if (conversation_) conversation_->close();
    // Asked, not guessed from an error code: whoever cancels us is told nothing.
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() == asio::cancellation_type::none) listener.interrupted(why);
    ++failures_;
    co_await wait(until_next);
  }
}

Awaitable<void> EventSubscription::subscribe(Listener& listener) {
  RedisSearch search(executor_, settings_, whereabouts_);
  conversation_ = co_await search.find();
  conversation_->limit(limits_.answer);
  const std::vector<Command> commands{{"SUBSCRIBE", channel_}};
  const auto replies = co_await conversation_->ask(commands);
  conversation_->unlimited();
  check_welcome(replies.front(), channel_);
  failures_ = 0;
  heard_last_ = Clock::now();
  listener.subscribed();
}

/// Ends by throwing why.
Awaitable<void> EventSubscription::hear(Listener& listener) {
  auto group = asio::experimental::make_parallel_group(asio::co_spawn(executor_, read_on(listener), asio::deferred),
                                                       asio::co_spawn(executor_, ask_when_silent(), asio::deferred));
  const auto [order, broken, silent] = co_await group.async_wait(asio::experimental::wait_for_one(), use_awaitable);
  std::rethrow_exception(order[0] == 0 ? broken : silent);
}

Awaitable<void> EventSubscription::read_on(Listener& listener) {
  for (;;) {
    auto reply = co_await conversation_->next_reply();
    heard_last_ = Clock::now();
    if (is_message(reply)) listener.heard(std::move(reply.items[2].text));
  }
}

/// A server that vanished closes no connection: nobody would hear that nothing is heard any more.
Awaitable<void> EventSubscription::ask_when_silent() {
  std::string ping;
  format_command({"PING"}, ping);
  for (;;) {
    const auto quiet_since = heard_last_;
    co_await wait(limits_.silence);
    if (heard_last_ != quiet_since) continue;
    co_await conversation_->write(ping);
    co_await wait(limits_.answer);
    if (heard_last_ == quiet_since)
      throw std::runtime_error("Redis at " + conversation_->address().where() +
                               " fell silent on the events' connection");
  }
}

/// As RedisLink's: none at first, then full jitter under a limit that doubles.
std::chrono::milliseconds EventSubscription::pause() {
  const auto most = std::min<std::chrono::milliseconds>(25ms * (1 << std::min(failures_, 10)), 2s);
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(0, most.count())(random_));
}

}  // namespace queue
