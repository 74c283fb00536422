#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "sandbox/exchange.h"

namespace sandbox {

/// The client credentials grant, and which tokens are good.
class Tokens {
 public:
  using Clock = std::chrono::steady_clock;
  struct Options {
    std::string client_id = "client";
    std::string client_secret = "secret";
    std::chrono::milliseconds lifetime = std::chrono::hours(1);
  };
  explicit Tokens(Options options) : options_(std::move(options)) {}

  /// POST /oauth2/token.
  Answer grant(const Asked& asked, Clock::time_point now);
  /// Whether an Authorization header is good: a token that lives, or the client's own Basic credentials.
  bool accepts(std::string_view authorization, Clock::time_point now) const;
  void revoke_all() { expiry_.clear(); }

 private:
  Options options_;
  std::map<std::string, Clock::time_point, std::less<>> expiry_;
  long granted_ = 0;
};

}  // namespace sandbox
