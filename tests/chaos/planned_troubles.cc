#include "tests/chaos/planned_troubles.h"

#include <algorithm>
#include <utility>

#include "tests/chaos/by_moment.h"

namespace chaos {
namespace {

using enum TroubleKind;

constexpr int mean_pause = 400;

template <class Add>
void add_redis_troubles(const Scale& scale, const Add& add) {
  const int times = scale.redis_restarts;
  if (!scale.sentinels) {
    add(kill_redis, times);
    add(stop_redis, std::max(1, times / 2));
  } else {
    add(kill_redis, (times + 2) / 3);
    add(stop_redis, (times + 1) / 3);
    add(fail_redis_over, times / 3);
  }
}

/// What begins a trouble, in the order of chance. What ends one is added with it.
std::vector<TroubleKind> beginnings(const Scale& scale, Dice& dice) {
  std::vector<TroubleKind> kinds;
  const auto add = [&](TroubleKind kind, int times) {
    kinds.insert(kinds.end(), static_cast<std::size_t>(times), kind);
  };
  const int some = std::max(2, scale.kills / 6);
  const int few = std::max(1, scale.kills / 30);
  add(kill_worker, scale.kills);
  add(terminate_worker, some);
  add(stop_worker, std::max(4, scale.kills / 6));
  add(cut_connections, few);
  add(cut_one_connection, some);
  add_redis_troubles(scale, add);
  add(flush_scripts, some / 2);
  for (const TroubleKind kind : {fhir_busy, fhir_fails, fhir_resets, fhir_commits_and_resets, fhir_truncates,
                                 fhir_stalls, fhir_drops, fhir_slow})
    add(kind, few);
  if (!scale.sentinels) add(fhir_refuses_member, few);
  add(fhir_goes, std::max(1, scale.kills / 100));
  for (std::size_t i = kinds.size(); i > 1; --i) std::swap(kinds[i - 1], kinds[dice.below(static_cast<unsigned>(i))]);
  return kinds;
}

bool of_redis(TroubleKind kind) {
  return kind == kill_redis || kind == stop_redis || kind == fail_redis_over;
}

/// Sentinels need a while to agree, and who comes back needs one to follow.
constexpr Millis longest_failover{4000};

Millis length_of_outage(TroubleKind kind, const Scale& scale, Dice& dice) {
  if (scale.sentinels) return longest_failover - Millis(dice.between(0, 1500));
  return kind == kill_redis ? Millis(dice.between(0, 1200)) : Millis(dice.between(1000, 4000));
}

/// How long it lasts, and what ends it.
std::pair<Millis, TroubleKind> end_of(TroubleKind kind, const Scale& scale, Dice& dice) {
  switch (kind) {
    case kill_redis:
      return {length_of_outage(kind, scale, dice), restart_redis};
    case stop_redis:
      return {length_of_outage(kind, scale, dice), resume_redis};
    case stop_worker:  // two thirds of them past the end of the lease
      return {dice.once_in(3) ? Millis(dice.between(300, 1200)) : lease + Millis(dice.between(700, 2000)),
              resume_worker};
    case fhir_slow:
      return {Millis(dice.between(500, 1500)), fhir_fast};
    case fhir_goes:
      return {Millis(dice.between(500, 1500)), fhir_comes};
    default:
      return {Millis(0), kind};
  }
}

}  // namespace

std::vector<Trouble> planned_troubles(const Scale& scale, Dice& dice) {
  std::vector<Trouble> troubles;
  Millis at{1000};
  Millis redis_well_at{0};
  for (const TroubleKind kind : beginnings(scale, dice)) {
    if (!dice.once_in(6)) at += Millis(dice.between(mean_pause / 2, mean_pause * 3 / 2));
    const auto [length, ending] = end_of(kind, scale, dice);
    const Millis begin = of_redis(kind) ? std::max(at, redis_well_at) : at;
    const unsigned which = dice.below(1U << 16U);
    troubles.push_back({begin, kind, which});
    if (ending != kind) troubles.push_back({begin + length, ending, which});
    if (of_redis(kind)) redis_well_at = begin + length + (scale.sentinels ? longest_failover : Millis(500));
  }
  return by_moment(std::move(troubles));
}

const char* name_of(TroubleKind kind) {
  switch (kind) {
    case kill_worker:
      return "worker killed";
    case terminate_worker:
      return "worker terminated";
    case stop_worker:
      return "worker stopped";
    case resume_worker:
      return "worker resumed";
    case cut_connections:
      return "all connections cut";
    case cut_one_connection:
      return "connection cut";
    case kill_redis:
      return "redis killed";
    case restart_redis:
      return "redis restarted";
    case stop_redis:
      return "redis stopped";
    case resume_redis:
      return "redis resumed";
    case fail_redis_over:
      return "redis failed over";
    case flush_scripts:
      return "scripts flushed";
    case fhir_busy:
      return "fhir 429";
    case fhir_fails:
      return "fhir 503";
    case fhir_resets:
      return "fhir reset";
    case fhir_commits_and_resets:
      return "fhir reset after commit";
    case fhir_truncates:
      return "fhir page truncated";
    case fhir_stalls:
      return "fhir never answers";
    case fhir_refuses_member:
      return "fhir 422";
    case fhir_drops:
      return "fhir connections dropped";
    case fhir_slow:
      return "fhir slow";
    case fhir_fast:
      return "fhir fast again";
    case fhir_goes:
      return "fhir away";
    case fhir_comes:
      return "fhir back";
  }
  return "";
}

}  // namespace chaos
