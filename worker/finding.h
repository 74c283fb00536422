#pragma once

#include <string>
#include <vector>

namespace worker {

/// One line of `check`.
struct Finding {
  enum class Kind { ok, warning, failure };
  Kind kind = Kind::ok;
  std::string text;  ///< what is so; for failures also what to do
  bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

/// `ok    Redis 7.0.15`
std::string text_of(const Finding& finding);

}  // namespace worker
