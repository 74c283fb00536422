#pragma once

#include <string>
#include <vector>

namespace soak {

/// What was measured of one thing, again and again, at moments of one kind.
struct Series {
  std::string name;
  std::string unit;
  double may_grow = 0;  ///< by this part of itself
  double may_add = 0;   ///< and by so much
  // NOLINTNEXTLINE(readability-redundant-member-init): designated initialisers may leave it out
  std::vector<double> values = {};
};

/// A series in thirds: while the first lasts everything grows to its size.
struct Trend {
  double first = 0;  ///< the medians
  double middle = 0;
  double last = 0;
  double most = 0;
  bool flat = false;  ///< the last third is as high as the middle one, but for what the series allows
};

/// Throws std::invalid_argument for fewer than three values.
Trend trend_of(const Series& series);
/// `name  first / middle / last third, at most …: flat  ok`, or `grows  WRONG`.
std::string shown(const Series& series);

}  // namespace soak
