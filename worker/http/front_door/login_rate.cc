#include "worker/http/front_door/login_rate.h"

#include <algorithm>
#include <cmath>

namespace worker::http {
namespace {

constexpr std::size_t most_peers = 1000;
using Minutes = std::chrono::duration<double, std::ratio<60>>;

}  // namespace

std::optional<std::chrono::seconds> LoginRate::wait_of(const std::string& peer, Clock::time_point now) {
  if (peers_.size() >= most_peers) forget_the_quiet(now);
  Bucket& its = peers_.try_emplace(peer, Bucket{one_peer.at_once, now}).first->second;
  fill(its, one_peer, now);
  fill(all_, everybody, now);
  if (its.left >= 1 && all_.left >= 1) {
    --its.left;
    --all_.left;
    return std::nullopt;
  }
  const double minutes = std::max((1 - its.left) / one_peer.a_minute, (1 - all_.left) / everybody.a_minute);
  return std::chrono::ceil<std::chrono::seconds>(Minutes(minutes));
}

void LoginRate::fill(Bucket& bucket, const Rate& rate, Clock::time_point now) {
  const bool new_one = bucket.filled == Clock::time_point::min();
  const double minutes = new_one ? 0 : Minutes(now - bucket.filled).count();
  bucket.left = std::min(rate.at_once, bucket.left + minutes * rate.a_minute);
  bucket.filled = now;
}

/// Whoever has a full bucket is as good as new. Where nobody has, all begin anew: the limit for all of them holds.
void LoginRate::forget_the_quiet(Clock::time_point now) {
  for (auto& [peer, bucket] : peers_) fill(bucket, one_peer, now);
  std::erase_if(peers_, [](const auto& peer) { return peer.second.left >= one_peer.at_once; });
  if (peers_.size() >= most_peers) peers_.clear();
}

}  // namespace worker::http
