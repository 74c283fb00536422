#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/reference.h"

namespace fhir {

/// Where in one resource references to the target stand. The resource's type may come last, so the places are noted
/// and judged at its end.
class TargetReferences {
 public:
  static constexpr std::size_t levels = 3;  ///< names in the longest path of the compartment definition

  explicit TargetReferences(const Reference& target) : target_(target.str()) {}

  /// Another resource begins.
  void clear() { found_.clear(); }
  /// An object begins `level` names below the resource; the resource itself is level 0.
  void enter(std::size_t level) { found_before_[level] = found_.size(); }
  /// A member begins, of an object `level` names below the resource. If that object named it before, that is forgotten.
  void member(std::size_t level, std::string_view name);
  /// A Reference `level` names below the resource says `reference`.
  void reference(std::size_t level, std::string_view reference);
  /// A reference is at one of the paths of the compartment definition for `type`.
  bool decides(std::string_view type) const;

 private:
  struct Place {
    std::array<std::string_view, levels> names;
    std::size_t depth = 0;
  };

  bool is_target(std::string_view reference) const;

  std::string target_;
  std::array<std::string_view, levels> names_;
  std::array<std::size_t, levels + 1> found_before_{};
  std::vector<Place> found_;
};

}  // namespace fhir
