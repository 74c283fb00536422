#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace config {

/// How long something took, counted in buckets whose bounds double: `smallest_ns`, twice that, … A bucket includes its
/// upper bound. Counting is a division and a bit scan: cheap enough for every request. (No setting; but this is the one
/// room that both queue and fhir know.)
template <std::int64_t smallest_ns, std::size_t bounds>
class Histogram {
 public:
  void add(std::chrono::nanoseconds time) {
    const std::int64_t beyond_zero = std::max<std::int64_t>(time.count(), 1) - 1;
    const auto doublings = std::bit_width(static_cast<std::uint64_t>(beyond_zero / smallest_ns));
    ++counts_[std::min(static_cast<std::size_t>(doublings), bounds)];
    sum_ += time;
  }

  /// By bucket, the last one for what passed all bounds.
  const std::array<std::uint64_t, bounds + 1>& counts() const { return counts_; }
  std::chrono::nanoseconds sum() const { return sum_; }
  /// Of all buckets but the last.
  static constexpr double seconds_at(std::size_t bucket) { return static_cast<double>(smallest_ns << bucket) / 1e9; }

 private:
  std::array<std::uint64_t, bounds + 1> counts_{};
  std::chrono::nanoseconds sum_{};
};

}  // namespace config
