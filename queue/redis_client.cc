#include "queue/redis_client.h"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "queue/clock.h"
#include "queue/job_queue.h"
#include "queue/redis_conversation.h"
#include "queue/redis_link.h"
#include "queue/redis_login.h"
#include "queue/redis_redirects.h"

namespace queue {

using namespace std::chrono_literals;

struct RedisClient::Parts {
  Parts(Executor executor, config::Redis redis, OnTrouble on_trouble)
      : settings(std::move(redis)),
        whereabouts(std::make_shared<RedisWhereabouts>(settings)),
        health(std::move(on_trouble)),
        commands(executor, settings, whereabouts, false, health, tally, on_silence()),
        blocking(executor, settings, whereabouts, true, health, tally, on_silence()),
        waiting(executor, settings, whereabouts, true, health, tally, on_silence()) {}

  RedisLink::OnSilence on_silence() {
    return [this](const std::string& why) {
      for (RedisLink* link : {&commands, &blocking, &waiting}) link->drop(why);
    };
  }
  void close() {
    health.mute();
    for (RedisLink* link : {&commands, &blocking, &waiting}) link->close();
  }

  config::Redis settings;
  std::shared_ptr<RedisWhereabouts> whereabouts;
  RedisHealth health;
  Tally tally;
  RedisLink commands;
  RedisLink blocking;
  RedisLink waiting;
};

namespace {

bool any_redirect(const std::vector<Reply>& replies) {
  return std::ranges::any_of(replies,
                             [](const Reply& reply) { return redirect_of(reply).kind != Redirect::Kind::none; });
}

std::chrono::milliseconds left_until(Clock::time_point until) {
  return std::max<std::chrono::milliseconds>(std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()), 1ms);
}

Awaitable<void> pause(std::chrono::milliseconds time) {
  if (time == 0ms) co_return;
  const auto executor = co_await boost::asio::this_coro::executor;
  Timer timer(executor, time);
  co_await timer.async_wait(use_awaitable);
}

std::vector<Command> behind_asking(std::vector<Command> commands) {
  std::vector<Command> asking;
  for (auto& command : commands) {
    asking.push_back({"ASKING"});
    asking.push_back(std::move(command));
  }
  return asking;
}

/// Every second one: those to ASKING are dropped.
std::vector<Reply> without_asking(std::vector<Reply> replies) {
  std::vector<Reply> answers;
  for (std::size_t i = 1; i < replies.size(); i += 2) answers.push_back(std::move(replies[i]));
  return answers;
}

/// On a connection of its own: it is needed a few times while a slot is on its way, and never again.
Awaitable<std::vector<Reply>> ask_elsewhere(config::Redis settings, RedisAddress address, std::vector<Command> commands,
                                            std::chrono::milliseconds limit) {
  const auto executor = co_await boost::asio::this_coro::executor;
  try {
    RedisConversation conversation(executor, address, settings);
    conversation.limit(limit);
    co_await conversation.connect();
    auto login = login_commands(address);
    const auto welcome = co_await conversation.ask(std::move(login));
    for (const auto& reply : welcome)
      if (reply.is_error()) throw QueueUnavailable("Redis at " + address.where() + " cannot be used: " + reply.text);
    auto asking = behind_asking(std::move(commands));
    auto replies = co_await conversation.ask(std::move(asking));
    co_return without_asking(std::move(replies));
  } catch (const boost::system::system_error& error) {
    throw QueueUnavailable("Redis at " + address.where() + ", to which the queue moves: " + error.code().message());
  }
}

[[noreturn]] void give_up(RedisHealth& health, const RedisRedirects& redirects) {
  const std::string why = "the cluster does not serve the queue's slot: " + redirects.last_error() +
                          (redirects.astray() ? "; its nodes disagree where it is"
                                              : "; it is on its way to another node and has not arrived in time");
  health.bad(why);
  throw QueueUnavailable(why);
}

}  // namespace

RedisClient::RedisClient(Executor executor, const config::Redis& settings, OnTrouble on_trouble)
    : parts_(std::make_shared<Parts>(executor, settings, std::move(on_trouble))) {}

RedisClient::~RedisClient() {
  parts_->close();
}

Awaitable<Reply> RedisClient::execute(Command command, std::chrono::milliseconds limit) {
  return send_one(parts_, parts_->commands, std::move(command), limit);
}

Awaitable<std::vector<Reply>> RedisClient::pipeline(std::vector<Command> commands, std::chrono::milliseconds limit) {
  return send(parts_, parts_->commands, std::move(commands), limit);
}

Awaitable<Reply> RedisClient::execute_blocking(Command command, std::chrono::milliseconds limit) {
  return send_one(parts_, parts_->blocking, std::move(command), limit);
}

Awaitable<std::vector<Reply>> RedisClient::pipeline_blocking(std::vector<Command> commands,
                                                             std::chrono::milliseconds limit) {
  return send(parts_, parts_->waiting, std::move(commands), limit);
}

std::uint64_t RedisClient::connections_made() const {
  return parts_->commands.opened_so_far();
}

Tally& RedisClient::tally() {
  return parts_->tally;
}

const Tally& RedisClient::tally() const {
  return parts_->tally;
}

RedisPlace RedisClient::place() const {
  return parts_->whereabouts->place_of(parts_->commands.address());
}

Awaitable<Reply> RedisClient::send_one(std::shared_ptr<Parts> parts, RedisLink& link, Command command,
                                       std::chrono::milliseconds limit) {
  std::vector<Command> commands;
  commands.push_back(std::move(command));
  auto replies = co_await send(std::move(parts), link, std::move(commands), limit);
  co_return std::move(replies.front());
}

Awaitable<std::vector<Reply>> RedisClient::send(std::shared_ptr<Parts> parts, RedisLink& link,
                                                std::vector<Command> commands, std::chrono::milliseconds limit) {
  if (commands.empty()) co_return std::vector<Reply>{};
  const auto until = Clock::now() + limit;
  parts->tally.commands += commands.size();
  auto session = link.session();
  auto replies = co_await RedisSession::exchange(session, commands, limit);
  if (!any_redirect(replies)) co_return replies;

  RedisRedirects redirects(std::move(commands));
  redirects.received(std::move(replies));
  while (!redirects.done()) {
    const auto named_by = session->address();
    const auto moved_to = redirects.moved_to();
    if (moved_to) parts->whereabouts->moved(address_of(*moved_to, named_by), session->directions());
    if (redirects.astray() || Clock::now() + redirects.pause() >= until) give_up(parts->health, redirects);
    co_await pause(redirects.pause());
    auto again = redirects.to_send();
    const auto ask_at = redirects.ask_at();
    if (ask_at) {
      const auto address = address_of(*ask_at, named_by);
      replies = co_await ask_elsewhere(parts->settings, address, std::move(again), left_until(until));
    } else {
      session = link.session();
      replies = co_await RedisSession::exchange(session, again, left_until(until));
    }
    redirects.received(std::move(replies));
  }
  co_return redirects.take_replies();
}

}  // namespace queue
