#include "worker/http/front_door/recent_answers.h"

namespace worker::http::front_door {

using namespace std::chrono_literals;

/// A right that was taken away is used for half a minute at most; one that was given is not waited for as long. A
/// trouble is kept so that those who ask at once do not have it each.
RecentAnswers::Clock::duration RecentAnswers::good_for(const Said& said) {
  if (said.status == 200) return 30s;
  const bool final = said.status >= 400 && said.status < 500 && said.status != 429 && said.status != 408;
  return final ? 5s : 1s;
}

const Said* RecentAnswers::find(const std::string& key, Clock::time_point now) const {
  const auto found = answers_.find(key);
  return found == answers_.end() || found->second.until <= now ? nullptr : &found->second.said;
}

void RecentAnswers::keep(const std::string& key, Said said, Clock::time_point now) {
  const auto until = now + good_for(said);
  answers_.insert_or_assign(key, Answer{std::move(said), until, ++kept_});
  ages_.emplace_back(kept_, key);
  while (ages_.size() > most) forget_oldest();
}

void RecentAnswers::forget_oldest() {
  const auto& [number, key] = ages_.front();
  const auto oldest = answers_.find(key);
  if (oldest != answers_.end() && oldest->second.number == number) answers_.erase(oldest);
  ages_.pop_front();
}

}  // namespace worker::http::front_door
