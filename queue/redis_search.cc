#include "queue/redis_search.h"

#include <deque>
#include <utility>

#include "queue/redis_inquiry.h"
#include "queue/redis_login.h"

namespace queue {
namespace {

using namespace std::chrono_literals;

constexpr auto limit_of_the_only_one = 4s;
constexpr auto limit_of_one_among_several = 2s;
constexpr auto limit_of_a_sentinel = 1s;

bool refuses_strangers(const Reply& reply) {
  return reply.is_error() && reply.text.starts_with("NOAUTH");
}

bool is_in_cluster(const Reply& info) {
  return info.text.find("cluster_enabled:1") != std::string::npos;
}

/// Whoever is still starting, or was cut off from its cluster, serves nobody. That a user may not ask says nothing.
bool cannot_serve(const Reply& reply) {
  if (!reply.is_error()) return false;
  return reply.text.starts_with("LOADING") || reply.text.starts_with("MASTERDOWN") ||
         reply.text.starts_with("CLUSTERDOWN") || reply.text.starts_with("NOAUTH");
}

}  // namespace

RedisSearch::RedisSearch(Executor executor, config::Redis settings, std::shared_ptr<RedisWhereabouts> whereabouts)
    : executor_(std::move(executor)), settings_(std::move(settings)), whereabouts_(std::move(whereabouts)) {}

Awaitable<RedisSearch::Conversation> RedisSearch::find() {
  RedisUrl url = whereabouts_->to_ask();
  primary_ = url.primary;
  Conversation found;
  if (primary_.empty())
    found = co_await find_among(std::move(url.servers));
  else
    found = co_await find_by_sentinels(std::move(url));
  found->unlimited();
  co_return found;
}

void RedisSearch::give_up() {
  given_up_ = true;
  if (under_way_) under_way_->close();
}

Awaitable<RedisSearch::Conversation> RedisSearch::find_by_sentinels(RedisUrl url) {
  Asked asked;
  Reasons reasons;
  for (const auto& sentinel : url.servers) {
    const auto told = co_await consult(sentinel, limit_of_a_sentinel, &RedisSearch::where_is_primary);
    if (!told.elsewhere) {
      reasons.add(sentinel, told.why_not, told.unreachable);
      continue;
    }
    if (asked.has(*told.elsewhere)) continue;
    asked.add(*told.elsewhere);
    const auto outcome = co_await consult(*told.elsewhere, limit_of_one_among_several, &RedisSearch::are_you_primary);
    if (outcome.found) {
      whereabouts_->helped(sentinel);
      co_return outcome.found;
    }
    reasons.add(*told.elsewhere, outcome.why_not, outcome.unreachable);
  }
  throw RedisNotFound("the Sentinels lead to no primary '" + primary_ + "': " + reasons.text());
}

Awaitable<RedisSearch::Conversation> RedisSearch::find_among(std::vector<RedisAddress> servers) {
  const auto limit = servers.size() > 1 ? limit_of_one_among_several : limit_of_the_only_one;
  std::deque<RedisAddress> left(servers.begin(), servers.end());
  Asked asked;
  Reasons reasons;
  while (!left.empty()) {
    const RedisAddress next = left.front();
    left.pop_front();
    if (asked.has(next)) continue;
    asked.add(next);
    const auto outcome = co_await consult(next, limit, &RedisSearch::do_you_serve_queue);
    if (outcome.found) {
      whereabouts_->helped(next);
      co_return outcome.found;
    }
    if (outcome.elsewhere)
      left.push_front(*outcome.elsewhere);
    else
      reasons.add(next, outcome.why_not, outcome.unreachable);
  }
  throw RedisNotFound("Redis at " + reasons.text());
}

/// What goes wrong is an outcome like any other: the next one is asked.
Awaitable<RedisSearch::Outcome> RedisSearch::consult(RedisAddress address, std::chrono::milliseconds limit,
                                                     Question question) {
  if (given_up_) throw RedisNotFound("the connection to Redis was closed by this program");
  Outcome outcome;
  try {
    under_way_ = std::make_shared<RedisConversation>(executor_, address, settings_);
    under_way_->limit(limit);
    co_await under_way_->connect();
    outcome = co_await (this->*question)(under_way_);
  } catch (const boost::system::system_error& error) {
    outcome = {.found = {}, .elsewhere = {}, .why_not = error.code().message(), .unreachable = true};
    if (under_way_->out_of_time()) outcome.why_not = "no answer within " + std::to_string(limit.count()) + " ms";
  } catch (const std::exception& error) {
    outcome = {.found = {}, .elsewhere = {}, .why_not = error.what(), .unreachable = false};
  }
  if (outcome.unreachable) whereabouts_->failed(address);
  if (!outcome.found && under_way_) under_way_->close();
  co_return outcome;
}

/// The login is Redis': a Sentinel gets it only if it asks for one.
Awaitable<RedisSearch::Outcome> RedisSearch::where_is_primary(Conversation sentinel) {
  const Command question{"SENTINEL", "get-master-addr-by-name", primary_};
  std::vector<Command> commands{question};
  auto replies = co_await sentinel->ask(commands);
  if (refuses_strangers(replies.back())) {
    commands = authentication(sentinel->address());
    commands.push_back(question);
    replies = co_await sentinel->ask(commands);
  }
  Outcome outcome;
  const Reply& answer = replies.back();
  if (answer.is_error()) {
    outcome.why_not = replies.front().is_error() ? replies.front().text : answer.text;
  } else if (answer.items.size() < 2) {
    outcome.why_not = "knows no primary of that name";
  } else {
    const RedisNode node{.host = answer.items[0].text, .port = answer.items[1].text};
    outcome.elsewhere = address_of(node, sentinel->address());
  }
  co_return outcome;
}

/// A Sentinel may tell of the old primary for a while, and that one may be a replica by now. Who may not ask for the
/// role takes the server for what the Sentinel says it is.
Awaitable<RedisSearch::Outcome> RedisSearch::are_you_primary(Conversation server) {
  co_await log_in(server);
  const std::vector<Command> commands{{"ROLE"}};
  const auto replies = co_await server->ask(commands);
  const Reply& role = replies.front();
  Outcome outcome;
  if (cannot_serve(role))
    outcome.why_not = role.text;
  else if (!role.items.empty() && role.items.front().text != "master")
    outcome.why_not = "is a replica; the Sentinels have not agreed on a new primary yet";
  else
    outcome.found = server;
  co_return outcome;
}

Awaitable<RedisSearch::Outcome> RedisSearch::do_you_serve_queue(Conversation server) {
  co_await log_in(server);
  const std::vector<Command> commands{{"INFO", "cluster"}, {"EXISTS", whereabouts_->key_in_slot()}};
  const auto replies = co_await server->ask(commands);
  const Redirect redirect = redirect_of(replies.back());
  Outcome outcome;
  if (cannot_serve(replies.back())) {
    outcome.why_not = replies.back().text;
    co_return outcome;
  }
  if (is_in_cluster(replies.front()) || redirect.kind != Redirect::Kind::none) {
    const std::vector<Command> question{{"CLUSTER", "SLOTS"}};
    const auto slots = co_await server->ask(question);
    whereabouts_->learn(nodes_of(slots.front()), server->address());
  }
  if (redirect.kind == Redirect::Kind::moved)
    outcome.elsewhere = address_of(redirect.node, server->address());
  else
    outcome.found = server;
  co_return outcome;
}

Awaitable<void> RedisSearch::log_in(Conversation server) {
  const auto commands = login_commands(server->address());
  const auto replies = co_await server->ask(commands);
  for (const auto& reply : replies)
    if (reply.is_error()) throw std::runtime_error(reply.text);
}

}  // namespace queue
