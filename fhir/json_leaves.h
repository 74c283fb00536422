#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace fhir {

/// The strings, numbers (as they were written) and booleans of a small JSON text by their paths, such as
/// `issue.0.details.text`. Nulls are left out.
using JsonLeaves = std::map<std::string, std::string, std::less<>>;

/// Nothing for what is not JSON in valid UTF-8, is nested deeper than max_json_depth, has paths beyond 256 bytes, or is
/// larger than 1 MiB.
std::optional<JsonLeaves> json_leaves(std::string_view json);

/// Empty where there is none.
std::string_view leaf(const JsonLeaves& leaves, std::string_view path);

}  // namespace fhir
