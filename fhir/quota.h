#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fhir/rate_limit.h"
#include "fhir/stop.h"

namespace fhir {

/// What is left of the server's quotas, kept so that no request is sent that they cannot pay for.
///
/// Left = what the last answers said, less what is on its way and not yet answered. An answer that comes late can only
/// lower it within its window. When a window turns, the next one is taken to be as large as the largest seen; if that
/// cannot be known, or a 429 proved us wrong, one request at a time finds out; and so it does near the end of a quota
/// that others spend from, too. A server that never says what is left is taken to refuse where it refused last time:
/// from there on, too, one request at a time finds out.
class Quota {
 public:
  /// Medplum's prices in `fhirInteractions`; any other limit counts requests.
  static constexpr long read_cost = 1, search_cost = 21, patch_cost = 100;

  /// When to ask again whether a request of this cost may go, or nothing: now. time_point::max(): when an answer came.
  std::optional<Clock::time_point> held_until(long cost, Clock::time_point now) const;

  void sent(long cost);
  /// An answer to a request sent at `sent_at`, with what its header said; `refused`: it was a 429.
  void answered(long cost, Clock::time_point sent_at, Clock::time_point now, const std::vector<RateLimit>& limits,
                bool refused);
  /// There will be no answer; the server may have charged it.
  void lost(long cost);
  /// A 429 named this time: nothing is sent before.
  void closed_until(Clock::time_point reset);

  /// A limit as it stands by all that is known.
  struct Standing {
    std::string limit;
    long left = 0;            ///< what is on its way taken off
    long largest = 0;         ///< the most that a window was seen to hold
    Clock::duration reset{};  ///< until there is all of it again
  };
  std::vector<Standing> standings(Clock::time_point now) const;
  /// How long nothing may be sent, after a 429.
  Clock::duration closed_for(Clock::time_point now) const;

 private:
  struct Window {
    long remaining = 0;          ///< as last reported, not less what is in flight
    Clock::time_point reset_at;  ///< never before the server's own
    long largest = 0;            ///< the most that was ever there: what a new window is taken to hold
    long charged = 0;            ///< in it for what was answered to us
    bool shared = false;         ///< others were seen to spend from it
    bool was_shared = false;     ///< and from the one before
  };

  bool near_the_last_refusal(long cost) const;
  long spent_by_others(const std::string& limit, const Window& window) const;
  bool others_may_be_quicker(const std::string& limit, const Window& window) const;
  long units(const std::string& limit, long cost) const;
  long in_flight(const std::string& limit) const;
  void note(const RateLimit& limit, long cost, Clock::time_point sent_at, Clock::time_point now);

  std::map<std::string, Window> windows_;
  long requests_in_flight_ = 0;
  long cost_in_flight_ = 0;
  Clock::time_point closed_until_;
  long spent_ = 0;                  ///< since the last 429's reset
  std::optional<long> last_spent_;  ///< between the last 429 and the one before it
  bool careful_ = false;            ///< after a 429, until an answer shows that the server takes requests again
};

}  // namespace fhir
