#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace null_fhir {

/// The length of a UUID's text: of each id and each version.
inline constexpr std::size_t uuid_size = 36;

/// Writes the id of resource `index`: looks like chance, and can be read back.
char* write_id(char* to, std::uint64_t index);
/// Which resource has this id; nothing where none ever has.
std::optional<std::uint64_t> index_of(std::string_view id);

/// Writes the version that resource `index` has at `position`. There is one position to each write, so never twice the
/// same version.
char* write_version(char* to, std::uint64_t index, std::uint64_t position);

}  // namespace null_fhir
