#pragma once

#include <deque>
#include <string>
#include <unordered_map>

#include "fhir/stop.h"

namespace worker::http::front_door {

/// What somebody else said to a question about a caller.
struct Said {
  unsigned status = 0;     ///< 0: nothing
  std::string profile;     ///< of /auth/me: who it is
  bool admin = false;      ///< of /auth/me: may write accounts
  std::string rate_limit;  ///< of a 429
};

/// What was said a short time ago, by keys that tell nothing of what was asked; a bounded number of them.
class RecentAnswers {
 public:
  using Clock = fhir::Clock;
  static constexpr std::size_t most = 10'000;
  static Clock::duration good_for(const Said& said);

  /// Null if there is none that is still good; valid until the next call.
  const Said* find(const std::string& key, Clock::time_point now) const;
  void keep(const std::string& key, Said said, Clock::time_point now);
  std::size_t size() const { return answers_.size(); }

 private:
  struct Answer {
    Said said;
    Clock::time_point until;
    unsigned long number;
  };

  void forget_oldest();

  std::unordered_map<std::string, Answer> answers_;
  std::deque<std::pair<unsigned long, std::string>> ages_;  ///< the oldest first; also of answers replaced since
  unsigned long kept_ = 0;
};

}  // namespace worker::http::front_door
