#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace worker {

/// Whether the worker can run jobs, and if not, why. Each change is logged once, as `ready` or `not ready`.
class Readiness {
 public:
  /// What has to be well.
  enum class Part {
    redis,  ///< it answers
    moves,  ///< and carries moves out
    fhir,   ///< the FHIR server can be worked with
  };

  /// Why it is not well; empty: it is.
  void note(Part part, std::string trouble);

  /// Not before all parts were found well; nothing is said meanwhile.
  bool ready() const;
  static constexpr std::size_t parts = 3;
  /// The reasons, one behind the other; empty if none is known.
  std::string why() const;
  /// Of one part: whether it was looked at, and whether it was found ill.
  bool known(Part part) const { return state_of(part).has_value(); }
  bool trouble(Part part) const { return known(part) && !state_of(part)->empty(); }

 private:
  /// Nothing: not known yet. An empty text: well.
  using State = std::optional<std::string>;

  void tell() const;
  State& state_of(Part part) { return states_[static_cast<std::size_t>(part)]; }
  const State& state_of(Part part) const { return states_[static_cast<std::size_t>(part)]; }

  std::array<State, parts> states_{State(), State(std::string()), State()};  ///< moves are refused only when tried
};

}  // namespace worker
