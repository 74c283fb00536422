#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace worker {

/// Whether the worker can run jobs, and if not, why. Each change is logged once, as `ready` or `not ready`. Another
/// reason for a trouble that lasts is logged, too, for what was true at first may mislead whoever looks an hour later;
/// but ever more rarely: retries that fail now so and now so fill no log.
class Readiness {
 public:
  /// What has to be well.
  enum class Part {
    redis,  ///< it answers
    moves,  ///< and carries moves out
    fhir,   ///< the FHIR server can be worked with
  };

  using Clock = std::chrono::steady_clock;

  /// Why it is not well; empty: it is.
  void note(Part part, std::string trouble, Clock::time_point now = Clock::now());

  /// Not before all parts were found well; nothing is said meanwhile.
  bool ready() const;
  static constexpr std::size_t parts = 3;
  /// The reasons, one behind the other; empty if none is known.
  std::string why() const;
  /// Of one part: whether it was looked at, and whether it was found ill.
  bool known(Part part) const { return state_of(part).has_value(); }
  bool trouble(Part part) const { return !state_of(part).value_or("").empty(); }

 private:
  /// Nothing: not known yet. An empty text: well.
  using State = std::optional<std::string>;

  using IllParts = std::array<bool, parts>;
  static constexpr Clock::duration first_pause = std::chrono::minutes(1);

  IllParts ill_parts() const;
  void tell(Clock::time_point now);
  State& state_of(Part part) { return states_[static_cast<std::size_t>(part)]; }
  const State& state_of(Part part) const { return states_[static_cast<std::size_t>(part)]; }

  std::optional<IllParts> told_ill_;  ///< when the log was last told; nothing: it was not
  std::string told_;
  Clock::time_point told_at_;
  Clock::time_point ill_since_;
  Clock::duration pause_ = first_pause;                                      ///< before another reason is told
  std::array<State, parts> states_{State(), State(std::string()), State()};  ///< moves are refused only when tried
};

}  // namespace worker
