#include "tests/bench/null_fhir/compartment.h"

#include <algorithm>

namespace null_fhir {
namespace {

constexpr Instant beginning = 1'767'225'600'000;  // of 2026
constexpr Instant writes_begin = beginning + Instant(90) * 86'400'000;
constexpr Instant time_of_a_creation = 1000;

}  // namespace

Instant Compartment::time_of(std::uint64_t position) const {
  if (position < size()) return beginning + static_cast<Instant>(position) * time_of_a_creation;
  return writes_begin + static_cast<Instant>(position - size()) * time_of_a_write;
}

std::uint64_t Compartment::position_since(Instant time) const {
  std::uint64_t low = 0, high = positions();
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (time_of(middle) < time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

std::uint64_t Compartment::never_written() const {
  std::uint64_t count = 0;
  for (std::uint64_t row = 0; row < size(); ++row)
    if (last_position_[row] < size()) ++count;
  return count;
}

}  // namespace null_fhir
