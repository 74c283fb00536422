#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace fhir {

/// The fewest resources a page is asked for: under 20 Medplum pages `$everything` by an offset over a key that our
/// writes change.
inline constexpr std::size_t fewest_of_a_page = 20;

/// The same page, or its beginning, with half as many resources in it (`_count` in the query), but not fewer than that.
/// Nothing if it has no more already, or does not say.
std::optional<std::string> with_half_the_count(const std::string& path);

}  // namespace fhir
