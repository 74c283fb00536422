#include "tests/support/redis_sentinels.h"

#include <algorithm>

#include "tests/support/wait_until.h"

namespace test {
namespace {

constexpr const char* name = "main";

std::vector<std::string> settings_of_server(const RedisSentinels::Options& options) {
  std::vector<std::string> settings{"appendonly yes", "appendfsync always", "save \"\"", "repl-diskless-sync-delay 0",
                                    "repl-ping-replica-period 1"};
  settings.insert(settings.end(), options.of_redis.begin(), options.of_redis.end());
  return settings;
}

std::vector<std::string> settings_of_sentinel(const RedisSentinels::Options& options, int port_of_primary) {
  const std::string of_main = std::string(name) + " ";
  std::vector<std::string> settings{
      "sentinel monitor " + of_main + "127.0.0.1 " + std::to_string(port_of_primary) + " 2",
      "sentinel down-after-milliseconds " + of_main + "1500", "sentinel failover-timeout " + of_main + "3000"};
  settings.insert(settings.end(), options.of_sentinel.begin(), options.of_sentinel.end());
  return settings;
}

std::string field_of(const queue::Reply& reply, const std::string& field) {
  for (std::size_t i = 0; i + 1 < reply.items.size(); i += 2)
    if (reply.items[i].text == field) return reply.items[i + 1].text;
  return {};
}

bool says(const RedisProcess& server, const std::string& text) {
  return server.ask({"INFO", "replication"}).text.find(text) != std::string::npos;
}

bool is_primary(const RedisProcess& server) {
  return says(server, "role:master");
}

}  // namespace

RedisSentinels::RedisSentinels(const Options& options) {
  servers_.push_back(std::make_unique<RedisProcess>(settings_of_server(options)));
  auto of_replica = settings_of_server(options);
  of_replica.push_back("replicaof 127.0.0.1 " + std::to_string(servers_[0]->port()));
  servers_.push_back(std::make_unique<RedisProcess>(of_replica));
  wait_until("the replica follows", [&] { return says(*servers_[0], "state=online"); });
  for (int i = 0; i < 3; ++i)
    sentinels_.push_back(std::make_unique<RedisProcess>(settings_of_sentinel(options, servers_[0]->port()),
                                                        std::vector<std::string>{"--sentinel"}));
  for (const auto& sentinel : sentinels_)
    for (const char* period : {"info-period", "publish-period", "ask-period"})
      sentinel->ask({"SENTINEL", "DEBUG", period, "200"});
  for (const auto& sentinel : sentinels_)
    wait_until("the Sentinels know each other", [&] {
      const auto main = sentinel->ask({"SENTINEL", "MASTER", name});
      return field_of(main, "num-other-sentinels") == "2" && field_of(main, "num-slaves") == "1";
    });
}

std::string RedisSentinels::url(const std::string& login) const {
  std::string hosts;
  for (const auto& sentinel : sentinels_) hosts += (hosts.empty() ? "" : ",") + sentinel->host_and_port();
  return "redis+sentinel://" + login + hosts + "/" + name;
}

RedisProcess& RedisSentinels::primary() {
  std::vector<int> named;
  for (const auto& sentinel : sentinels_)
    if (sentinel->answers()) named.push_back(port_of_primary(*sentinel));
  std::ranges::sort(named);
  const int port = named.at(named.size() / 2);
  return servers_[0]->port() == port ? *servers_[0] : *servers_[1];
}

RedisProcess& RedisSentinels::replica() {
  return &primary() == servers_[0].get() ? *servers_[1] : *servers_[0];
}

/// On a busy machine another Sentinel may take a slow new primary for dead and put the old one back: then once more.
void RedisSentinels::failover() {
  RedisProcess& old = primary();
  do {
    wait_until("a Sentinel begins the failover",
               [&] { return !sentinels_[0]->ask({"SENTINEL", "FAILOVER", name}).is_error(); });
    wait_until_promoted_instead_of(old);
    wait_until("the old primary follows the new one", [&] { return !is_primary(old) || &primary() == &old; });
  } while (is_primary(old));
}

void RedisSentinels::wait_until_promoted_instead_of(const RedisProcess& old) {
  wait_until("the Sentinels name another primary", [&] {
    return std::ranges::none_of(sentinels_, [&](const auto& sentinel) {
      return sentinel->answers() && port_of_primary(*sentinel) == old.port();
    });
  });
  wait_until("the new primary says so", [&] { return is_primary(primary()); });
}

void RedisSentinels::wait_until_replicated() {
  primary().wait_until_replicated();
}

int RedisSentinels::port_of_primary(const RedisProcess& sentinel) const {
  const auto answer = sentinel.ask({"SENTINEL", "get-master-addr-by-name", name});
  return answer.items.size() == 2 ? std::stoi(answer.items[1].text) : 0;
}

}  // namespace test
