#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <string>

namespace worker::service {

class VitalSign;

/// What must keep moving as long as the process is well: each part shows that it tried, by an answer or by a failure,
/// within its own bound. An outage of Redis or of the FHIR server stops none of them.
///
/// Decides only. Time is what passed between two looks, as far as the looks themselves came in time: a process that was
/// frozen as a whole finds nothing old in itself.
class VitalSigns {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr Clock::duration usual_bound = std::chrono::seconds(45);
  static constexpr Clock::duration longest_step = std::chrono::seconds(2);

  /// `bound` is that of signs which name none.
  explicit VitalSigns(Clock::duration bound = usual_bound) : bound_(bound) {}
  VitalSigns(const VitalSigns&) = delete;
  VitalSigns& operator=(const VitalSigns&) = delete;

  struct Stopped {
    std::string part;
    std::string job;               ///< whose part it is; empty: nobody's
    std::chrono::seconds still{};  ///< so long it has not moved
  };
  void look(Clock::time_point now);
  /// The part that has not moved for longest, of those past their bound, as the last look found it.
  const std::optional<Stopped>& stopped() const { return stopped_; }

 private:
  friend class VitalSign;

  Clock::duration bound_;
  std::list<VitalSign*> signs_;
  std::optional<Clock::time_point> looked_;
  std::optional<Stopped> stopped_;
};

/// One part's sign, for as long as the part lives.
class VitalSign {
 public:
  using Clock = VitalSigns::Clock;

  /// `part` is for everybody, `job` for the operator only. `expected`: whether it should move now; without it, always.
  VitalSign(VitalSigns& signs, std::string part, std::function<bool()> expected = {})
      : VitalSign(signs, std::move(part), signs.bound_, std::move(expected)) {}
  VitalSign(VitalSigns& signs, std::string part, std::string job) : VitalSign(signs, std::move(part)) {
    job_ = std::move(job);
  }
  VitalSign(VitalSigns& signs, std::string part, Clock::duration bound, std::function<bool()> expected);
  ~VitalSign();
  VitalSign(const VitalSign&) = delete;
  VitalSign& operator=(const VitalSign&) = delete;

  void moved() { still_ = Clock::duration::zero(); }

 private:
  friend class VitalSigns;

  VitalSigns& signs_;
  std::list<VitalSign*>::iterator place_;
  std::string part_;
  std::string job_;
  Clock::duration bound_;
  std::function<bool()> expected_;
  Clock::duration still_{};
};

}  // namespace worker::service
