#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sandbox/fault.h"

namespace sandbox {

/// The faults that were asked for, and which one meets a request.
class FaultRules {
 public:
  explicit FaultRules(std::uint64_t seed) : random_(seed) {}

  void add(Fault fault) { rules_.push_back({std::move(fault), 0, 0}); }
  void clear() { rules_.clear(); }
  /// The first rule that strikes this request. Every rule that it fits counts it.
  std::optional<Fault> strike(const Asked& asked);

 private:
  struct Rule {
    Fault fault;
    long met = 0;
    long struck = 0;
  };
  bool strikes(const Rule& rule);

  std::vector<Rule> rules_;
  std::uint64_t random_;
};

/// From the parameters of POST /sandbox/fault; throws std::invalid_argument that names the bad one.
Fault fault_of(const Query& query);

}  // namespace sandbox
