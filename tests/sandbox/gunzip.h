#pragma once

#include <filesystem>
#include <string>

namespace sandbox {

/// The content of a file, unpacked if it is gzip; throws std::runtime_error that names the file.
std::string read_maybe_gzipped(const std::filesystem::path& file);

}  // namespace sandbox
