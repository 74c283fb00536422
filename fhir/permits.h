#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <utility>

#include "fhir/awaitable.h"
#include "fhir/stop.h"

namespace fhir {

/// At most `limit` permits are out at once. A free one goes to the shares that wait in turn, and within a share in
/// order of arrival: a share with a thousand waiting gets no more than one with a single one.
class Permits {
 public:
  /// Gives itself back when destroyed.
  class Permit {
   public:
    Permit() = default;
    Permit(Permit&& other) noexcept : permits_(std::exchange(other.permits_, nullptr)) {}
    Permit& operator=(Permit&& other) noexcept {
      std::swap(permits_, other.permits_);
      return *this;
    }
    Permit(const Permit&) = delete;
    Permit& operator=(const Permit&) = delete;
    ~Permit() {
      if (permits_) permits_->give_back();
    }

   private:
    friend class Permits;
    explicit Permit(Permits& permits) : permits_(&permits) {}
    Permits* permits_ = nullptr;
  };

  Permits(Executor executor, std::size_t limit) : executor_(std::move(executor)), limit_(limit) {}
  Permits(const Permits&) = delete;
  Permits& operator=(const Permits&) = delete;

  /// One, if nobody needs to wait.
  std::optional<Permit> try_acquire();
  /// Waits for its turn; cancelled, it leaves the line.
  Awaitable<Permit> acquire(std::uint64_t share);
  /// The same; throws Stopped as soon as a stop is requested.
  Awaitable<Permit> acquire(std::uint64_t share, Stop& stop);
  /// From now on; permits that are out above it are not called back.
  void set_limit(std::size_t limit);

  std::size_t in_flight() const { return in_flight_; }
  std::size_t limit() const { return limit_; }

 private:
  class Waiter;

  void give_back();
  void grant();
  void join_line(Waiter& waiter);
  void leave_line(Waiter& waiter);

  Executor executor_;
  std::size_t limit_;
  std::size_t in_flight_ = 0;
  std::map<std::uint64_t, std::list<Waiter*>> lines_;  ///< no empty ones
  std::list<std::uint64_t> turns_;                     ///< the shares in lines_, whose turn is next first
};

}  // namespace fhir
