// A server's quota is used wholly, and hardly ever run into, however the server tells of it.

#include "sandbox_fixture.h"

namespace {

using namespace test;
using namespace std::chrono_literals;
using sandbox::RateLimitHeader;
using sandbox::RetryAfter;

constexpr long writes_a_window = 50;
constexpr auto window = 3s;

struct Telling {
  const char* name;
  RateLimitHeader header = RateLimitHeader::none;
  RetryAfter retry_after = RetryAfter::none;
  bool in_outcome = false;
  std::chrono::seconds clock_ahead{0};
  bool tells_what_is_left() const { return header != RateLimitHeader::none; }
};

/// How many PATCHes were served in each of the server's windows.
class Windows {
 public:
  void count(fhir::Clock::time_point now) {
    if (writes_.empty() || now >= opened_ + window) {
      opened_ = now;
      writes_.push_back(0);
      if (writes_.size() > 1) longest_gap_ = std::max(longest_gap_, now - opened_before_ - window);
      opened_before_ = now;
    }
    ++writes_.back();
  }
  /// All but the one that is still open.
  std::vector<long> closed() const { return {writes_.begin(), writes_.end() - 1}; }
  std::size_t number() const { return writes_.size(); }
  fhir::Clock::duration longest_gap() const { return longest_gap_; }

 private:
  std::vector<long> writes_;
  fhir::Clock::time_point opened_, opened_before_;
  fhir::Clock::duration longest_gap_{};
};

class SandboxQuota : public SandboxTest, public testing::WithParamInterface<Telling> {
 protected:
  SandboxQuota() : SandboxTest(options()) {
    settings.concurrency = concurrency;
    policy.unnamed_reset = window;
  }
  static sandbox::ServerOptions options() {
    sandbox::ServerOptions options;
    options.quota = writes_a_window * 100;
    options.quota_window = window;
    options.latency = 20ms;
    options.rate_limit_header = GetParam().header;
    options.retry_after = GetParam().retry_after;
    options.clock_ahead = GetParam().clock_ahead;
    options.reset_in_outcome = GetParam().in_outcome;
    return options;
  }
  static constexpr long concurrency = 8;
};

TEST_P(SandboxQuota, IsUsedWhollyWithoutARefusalMoreThanItTakesToLearnOfIt) {
  Windows windows;
  on_patched = [&] { windows.count(fhir::Clock::now()); };
  patch_until([&] { return windows.number() == 2; });
  const long to_learn = server.counters().answers_of(429);
  patch_until([&] { return windows.number() == 3; });
  const auto counters = server.counters();
  EXPECT_LE(to_learn, GetParam().tells_what_is_left() ? 0 : concurrency);
  EXPECT_LE(counters.answers_of(429) - to_learn, GetParam().tells_what_is_left() ? 0 : 1);
  EXPECT_EQ(counters.wasted_writes, 0);
  for (const long writes : windows.closed()) EXPECT_GE(writes, writes_a_window * 98 / 100);
  EXPECT_LE(windows.longest_gap(), 2s) << "whole seconds are told";
}

INSTANTIATE_TEST_SUITE_P(
    However, SandboxQuota,
    testing::Values(Telling{"TwoLines", RateLimitHeader::two_lines}, Telling{"OneLine", RateLimitHeader::one_line},
                    Telling{"OtherOrder", RateLimitHeader::other_order},
                    Telling{"OutcomeOnly", RateLimitHeader::none, RetryAfter::none, true},
                    Telling{"RetryAfterSeconds", RateLimitHeader::none, RetryAfter::seconds, false},
                    Telling{"RetryAfterDate", RateLimitHeader::none, RetryAfter::date, false},
                    Telling{"DatesOfAClockAnHourAhead", RateLimitHeader::none, RetryAfter::date, false, 1h},
                    Telling{"DatesOfAClockAnHourBehind", RateLimitHeader::none, RetryAfter::date, false, -1h},
                    Telling{"NoHint", RateLimitHeader::none, RetryAfter::none, false}),
    [](const auto& telling) { return telling.param.name; });

}  // namespace
