#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "queue/redis_url.h"

namespace queue {

/// Nobody is asked twice in a search, so that servers which name each other end it too.
class Asked {
 public:
  bool has(const RedisAddress& address) const { return std::ranges::find(addresses_, address) != addresses_.end(); }
  void add(const RedisAddress& address) { addresses_.push_back(address); }

 private:
  std::vector<RedisAddress> addresses_;
};

/// What those said who were asked: `redis://a:1: Connection refused; redis://b:1: is a replica`.
class Reasons {
 public:
  void add(const RedisAddress& address, const std::string& why, bool unreachable) {
    text_ += (text_.empty() ? "" : "; ") + address.where() + ": " + why;
    advice_ = unreachable ? "; check that it runs and that --redis-url is right" : advice_;
  }
  std::string text() const { return text_ + advice_; }

 private:
  std::string text_;
  std::string advice_;
};

}  // namespace queue
