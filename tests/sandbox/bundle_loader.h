#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/world.h"

namespace sandbox {

struct Loaded {
  std::vector<std::string> patients;
  std::size_t resources = 0;
};

/// Stores the resources of a transaction Bundle under the ids they have. References to another entry's fullUrl
/// (`urn:uuid:…`) become `Type/id`; conditional references stay as they are. Throws std::invalid_argument.
Loaded load_bundle(World& world, std::string_view json);
Loaded load_bundle_file(World& world, const std::filesystem::path& file);

}  // namespace sandbox
