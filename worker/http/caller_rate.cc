#include "worker/http/caller_rate.h"

#include <algorithm>
#include <cmath>

#include "worker/http/digest.h"

namespace worker::http {
namespace {

constexpr double seconds_held = 10;
constexpr double least_held = 10;

}  // namespace

CallerRate::CallerRate(std::size_t per_minute, std::size_t callers) : callers_(callers) {
  change(per_minute);
}

void CallerRate::change(std::size_t per_minute) {
  per_second_ = static_cast<double>(per_minute) / 60;
  capacity_ = std::min(static_cast<double>(per_minute), std::max(least_held, per_second_ * seconds_held));
}

std::optional<std::chrono::seconds> CallerRate::refuse(const std::string& authorization, const std::string& peer,
                                                       Time now) {
  // Never the token itself: what is remembered must be worth nothing to whoever reads our memory.
  const std::string caller = authorization.empty() ? peer : sha256_hex(authorization);
  auto bucket = find(caller);
  if (bucket == buckets_.end()) {
    if (!authorization.empty()) {
      const auto of_peer = find(peer);
      const auto wait = draw(of_peer == buckets_.end() ? *add(peer, now) : *of_peer, now);
      if (wait) return wait;
    }
    bucket = add(caller, now);
  }
  return draw(*bucket, now);
}

CallerRate::Buckets::iterator CallerRate::find(const std::string& caller) {
  const auto place = places_.find(caller);
  if (place == places_.end()) return buckets_.end();
  buckets_.splice(buckets_.begin(), buckets_, place->second);
  return place->second;
}

CallerRate::Buckets::iterator CallerRate::add(const std::string& caller, Time now) {
  if (buckets_.size() >= callers_) {
    places_.erase(buckets_.back().caller);
    buckets_.pop_back();
  }
  buckets_.push_front({caller, capacity_, now});
  places_.emplace(caller, buckets_.begin());
  return buckets_.begin();
}

std::optional<std::chrono::seconds> CallerRate::draw(Bucket& bucket, Time now) const {
  const double passed = std::chrono::duration<double>(now - bucket.filled).count();
  bucket.left = std::min(capacity_, bucket.left + passed * per_second_);
  bucket.filled = now;
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return {};
  }
  return std::chrono::seconds(std::max(1L, std::lround(std::ceil((1 - bucket.left) / per_second_))));
}

}  // namespace worker::http
