#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "tests/bench/null_fhir/names.h"
#include "tests/bench/null_fhir/text.h"

namespace null_fhir {

/// The server's clock goes on with its writes alone: by so much each. A null server writes in a fifth of a second what
/// takes a real one minutes (at Medplum's default quota 120 ms each), and what looks back by seconds, as the
/// verification does, must find here what it would find there.
inline constexpr Instant time_of_a_write = 20;

/// Which rows there are of one patient, in the order of their lastUpdated: the positions 0 … size-1 are the rows as
/// they were in the beginning (the Patient first), and each write takes its row to a new last position.
class Compartment {
 public:
  /// `first` is the index of its Patient.
  Compartment(std::uint64_t first, std::uint64_t size) : first_(first), last_position_(size) {
    write_id(patient_.data(), first);
    for (std::uint64_t row = 0; row < size; ++row) last_position_[row] = static_cast<std::uint32_t>(row);
  }

  std::uint64_t first() const { return first_; }
  std::uint64_t size() const { return last_position_.size(); }
  std::uint64_t positions() const { return size() + writes_.size(); }

  Row row(std::uint64_t index) const { return at(last_position_[index - first_], index); }
  bool written(const Row& row) const { return row.position >= size(); }
  void write(std::uint64_t index) {
    last_position_[index - first_] = static_cast<std::uint32_t>(positions());
    writes_.push_back(static_cast<std::uint32_t>(index - first_));
  }

  /// The row at this position, unless it has been written since.
  std::optional<Row> row_at(std::uint64_t position) const {
    const std::uint64_t row = position < size() ? position : writes_[position - size()];
    if (last_position_[row] != position) return std::nullopt;
    return at(position, first_ + row);
  }
  /// The first position that is not before that time.
  std::uint64_t position_since(Instant time) const;
  Instant now() const { return time_of(positions()); }
  std::uint64_t never_written() const;

 private:
  Row at(std::uint64_t position, std::uint64_t index) const {
    return {index, position, time_of(position), patient_.data()};
  }
  Instant time_of(std::uint64_t position) const;

  std::uint64_t first_;
  std::array<char, uuid_size> patient_;       ///< its id
  std::vector<std::uint32_t> last_position_;  ///< of each row
  std::vector<std::uint32_t> writes_;         ///< which row each one was to
};

}  // namespace null_fhir
