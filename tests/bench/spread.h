#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

namespace bench {

/// Several measurements of one thing.
class Spread {
 public:
  void add(double measured) { all_.push_back(measured); }
  std::size_t size() const { return all_.size(); }
  double median() { return at(0.5); }
  double p99() { return at(0.99); }
  double most() { return at(1); }

 private:
  /// The smallest that is not less than this part of all.
  double at(double part) {
    if (all_.empty()) throw std::logic_error("nothing was measured");
    std::ranges::sort(all_);
    const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(all_.size())));
    return all_[std::max<std::size_t>(rank, 1) - 1];
  }

  std::vector<double> all_;
};

}  // namespace bench
