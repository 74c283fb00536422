#include "tests/bench/null_fhir/text.h"

#include <cstring>

#include "tests/bench/null_fhir/names.h"

namespace null_fhir {

Text::Text(std::string_view pattern) {
  const auto takes = [&](std::string_view name, Fill fill, std::size_t width) {
    if (!pattern.starts_with(name)) return false;
    gaps_.push_back({bytes_.size(), fill});
    bytes_.append(width, '.');
    pattern.remove_prefix(name.size());
    return true;
  };
  while (!pattern.empty()) {
    const bool gap = takes("{id}", Fill::id, uuid_size) || takes("{version}", Fill::version, uuid_size) ||
                     takes("{updated}", Fill::updated, instant_size) || takes("{patient}", Fill::patient, uuid_size);
    if (gap) continue;
    bytes_ += pattern.front();
    pattern.remove_prefix(1);
  }
}

char* Text::write(char* to, const Row& row) const {
  std::memcpy(to, bytes_.data(), bytes_.size());
  for (const Gap& gap : gaps_) {
    switch (gap.fill) {
      case Fill::id:
        write_id(to + gap.at, row.index);
        break;
      case Fill::version:
        write_version(to + gap.at, row.index, row.position);
        break;
      case Fill::updated:
        write_instant(to + gap.at, row.updated);
        break;
      case Fill::patient:
        std::memcpy(to + gap.at, row.patient, uuid_size);
        break;
    }
  }
  return to + bytes_.size();
}

}  // namespace null_fhir
