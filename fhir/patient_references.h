#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/compartment_definition.h"

namespace fhir {

/// Where in one resource references to Patients stand. The resource's type may come last, so the places are noted and
/// judged at its end. Its views are into the text that is parsed in situ.
class PatientReferences {
 public:
  static constexpr std::size_t levels = longest_reference_path;

  /// Another resource begins.
  void clear() { found_.clear(); }
  /// An object begins `level` names below the resource; the resource itself is level 0.
  void enter(std::size_t level) { found_before_[level] = found_.size(); }
  /// A member begins, of an object `level` names below the resource. If that object named it before, that is forgotten.
  void member(std::size_t level, std::string_view name);
  /// A Reference `level` names below the resource says `reference`.
  void reference(std::size_t level, std::string_view reference);
  /// An object begins and ends `level` names below the resource that says `reference` and nothing else.
  void bare(std::size_t level, std::string_view reference) {
    enter(level);
    this->reference(level, reference);
  }
  /// The Patients, as `Patient/id` and each once, at the paths of the compartment definition for `type`.
  std::vector<std::string> at_paths_of(std::string_view type) const;
  /// Whether this Patient is among those.
  bool name(std::string_view patient, std::string_view type) const;

 private:
  struct Place {
    std::array<std::string_view, levels> names;
    std::size_t depth = 0;
    std::string_view patient;
  };

  bool is_of(const Place& place, std::string_view type) const;

  std::array<std::string_view, levels> names_;
  std::array<std::size_t, levels + 1> found_before_{};
  std::vector<Place> found_;
};

}  // namespace fhir
