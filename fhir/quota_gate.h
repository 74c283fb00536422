#pragma once

#include <list>
#include <optional>
#include <utility>
#include <vector>

#include "fhir/awaitable.h"
#include "fhir/quota.h"
#include "fhir/stop.h"

namespace fhir {

/// Where every request of the process waits until the server's quota can pay for it.
class QuotaGate {
 public:
  /// A request on its way; one that ends without answered() is taken for charged.
  class Departure {
   public:
    Departure() = default;
    Departure(Departure&& other) noexcept
        : gate_(std::exchange(other.gate_, nullptr)), cost_(other.cost_), sent_at_(other.sent_at_) {}
    Departure& operator=(Departure&& other) noexcept {
      std::swap(gate_, other.gate_);
      cost_ = other.cost_;
      sent_at_ = other.sent_at_;
      return *this;
    }
    Departure(const Departure&) = delete;
    Departure& operator=(const Departure&) = delete;
    ~Departure();

    void answered(const std::vector<RateLimit>& limits, bool refused);
    Clock::time_point sent_at() const { return sent_at_; }

   private:
    friend class QuotaGate;
    Departure(QuotaGate& gate, long cost) : gate_(&gate), cost_(cost), sent_at_(Clock::now()) {}
    QuotaGate* gate_ = nullptr;
    long cost_ = 0;
    Clock::time_point sent_at_;
  };

  explicit QuotaGate(Executor executor) : executor_(std::move(executor)) {}
  QuotaGate(const QuotaGate&) = delete;
  QuotaGate& operator=(const QuotaGate&) = delete;

  /// Returns when a request of this cost could go; somebody else may be quicker, so depart() decides.
  Awaitable<void> wait(long cost);
  /// Whether a request of this cost would have to wait now.
  bool holds(long cost) const { return quota_.held_until(cost, Clock::now()).has_value(); }
  /// Nothing if it must wait.
  std::optional<Departure> depart(long cost);
  /// Departs whatever the quota says: for the few requests that others wait for.
  Departure depart_anyway(long cost);
  const Quota& quota() const { return quota_; }
  /// A 429: nothing departs before `reset`.
  void close_until(Clock::time_point reset) { quota_.closed_until(reset); }

 private:
  void wake_all();

  Executor executor_;
  Quota quota_;
  std::list<Timer*> waiting_;
};

}  // namespace fhir
