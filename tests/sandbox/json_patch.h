#pragma once

#include <optional>
#include <string>

#include "sandbox/json.h"

namespace sandbox {

/// Applies a JSON Patch (RFC 6902) as the server does: every operation is tried, and the texts of those that failed are
/// returned, joined by newlines; then `resource` is spoilt and must not be stored. A missing array is created for `/-`.
std::optional<std::string> apply_patch(Json& resource, const JsonValue& operations);

}  // namespace sandbox
