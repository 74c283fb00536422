#include "worker/redis_reach.h"

#include <algorithm>
#include <map>
#include <string>

namespace worker {
namespace {

using Kind = Finding::Kind;
using queue::RedisAddress;
using queue::RedisPlace;

bool is_local(const RedisAddress& address) {
  return address.kind == RedisAddress::Kind::unix_socket || address.host == "localhost" || address.host == "::1" ||
         address.host.starts_with("127.");
}

Finding judge_place(const RedisPlace& place) {
  const std::string where = place.address.where();
  switch (place.kind) {
    case RedisPlace::Kind::alone:
      return {Kind::ok, "one server, " + where};
    case RedisPlace::Kind::by_sentinels:
      return {Kind::ok, "the Sentinels' primary '" + place.primary + "' is " + where};
    case RedisPlace::Kind::in_cluster:
      return {Kind::ok, "a cluster, in which " + where + " has the queue"};
  }
  return {};
}

std::string setting_of(const std::map<std::string, std::string, std::less<>>& texts, const std::string& name) {
  const auto found = texts.find(name);
  return found == texts.end() ? std::string() : found->second;
}

/// `slave0:ip=127.0.0.1,port=6380,state=online,…`
int replicas_online(const RedisFacts& facts) {
  return static_cast<int>(std::ranges::count_if(facts.info, [](const auto& field) {
    return field.first.starts_with("slave") && field.second.find("state=online") != std::string::npos;
  }));
}

Finding judge_failover(const RedisPlace& place, const RedisFacts& facts) {
  const int replicas = replicas_online(facts);
  if (replicas == 0 && place.kind == RedisPlace::Kind::alone) return {Kind::ok, "no replica"};
  if (replicas == 0) return {Kind::warning, "no replica is online: if this primary dies, nobody takes over"};
  const std::string online = std::to_string(replicas) + (replicas == 1 ? " replica" : " replicas") + " online: ";
  const std::string needed = setting_of(facts.config, "min-replicas-to-write");
  if (!needed.empty() && needed != "0")
    return {Kind::ok, online + "a failover loses at most what was written while none of them followed (min-replicas-" +
                          "to-write " + needed + ")"};
  return {
      Kind::warning,
      online +
          "a failover may lose what they had not got yet: the last entries, and ends of jobs, which then run again; "
          "and a primary that only froze may for a moment give jobs out that its successor gives out too. Run CONFIG "
          "SET min-replicas-to-write 1 and CONFIG SET min-replicas-max-lag 2, and set both in redis.conf"};
}

Finding judge_protection(const RedisAddress& address) {
  if (address.kind == RedisAddress::Kind::tls) return {Kind::ok, "TLS"};
  if (is_local(address)) return {Kind::ok, "not encrypted, and on this machine"};
  return {Kind::warning,
          "not encrypted: whoever sits between reads the password and writes jobs; use rediss:// (or "
          "rediss+sentinel://)"};
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

Finding judge_rights(const queue::Rights& rights) {
  if (rights.refused == std::vector<std::string>{"PUBLISH"})
    return {Kind::warning, "this user may not PUBLISH: jobs run, and nobody hears of them on the channel of events"};
  if (rights.refused == std::vector<std::string>{"SUBSCRIBE"})
    return {
        Kind::warning,
        "this user may not SUBSCRIBE to the channel of events: jobs run, and the status page looks every few seconds "
        "instead of hearing of them"};
  if (rights.refused == std::vector<std::string>{"PUBLISH", "SUBSCRIBE"})
    return {Kind::warning,
            "this user may neither PUBLISH nor SUBSCRIBE to the channel of events: jobs run, and nobody hears of them"};
  if (!rights.refused.empty())
    return {Kind::failure, "this user may not run " + joined(rights.refused) +
                               " on the queue's keys: ACL SETUSER must allow them (the README has the whole line)"};
  if (rights.all_asked) return {Kind::ok, "this user may do all that a worker does"};
  return {Kind::ok, "this user may read and run scripts; whether it may write shows with the first job"};
}

}  // namespace

Findings judge_reach(const RedisPlace& place, const queue::Rights& rights, const RedisFacts& facts) {
  return {judge_place(place), judge_failover(place, facts), judge_protection(place.address), judge_rights(rights)};
}

}  // namespace worker
