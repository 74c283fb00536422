#pragma once

#include <cstdint>
#include <random>

namespace chaos {

/// Seeded chance: the same throws on every machine, whatever its standard library makes of distributions.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  /// From 0 to n - 1.
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  int between(int least, int most) { return least + static_cast<int>(below(static_cast<unsigned>(most - least) + 1)); }
  /// True once in so many throws, on average.
  bool once_in(unsigned n) { return below(n) == 0; }

 private:
  std::mt19937_64 random_;
};

}  // namespace chaos
