#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/null_fhir/instants.h"

namespace null_fhir {

/// What distinguishes one resource from all others of its form.
struct Row {
  std::uint64_t index = 0;
  std::uint64_t position = 0;  ///< in the order of lastUpdated
  Instant updated = 0;
  const char* patient = nullptr;  ///< the id of its Patient
};

/// A text with gaps of a fixed width, which is copied as a whole and then filled.
class Text {
 public:
  /// `pattern` names its gaps: {id}, {version}, {updated}, {patient}.
  explicit Text(std::string_view pattern);

  std::size_t size() const { return bytes_.size(); }
  /// Writes size() bytes; the end of them.
  char* write(char* to, const Row& row) const;

 private:
  enum class Fill { id, version, updated, patient };
  struct Gap {
    std::size_t at;
    Fill fill;
  };

  std::string bytes_;
  std::vector<Gap> gaps_;
};

}  // namespace null_fhir
