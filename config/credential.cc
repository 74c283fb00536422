#include "config/credential.h"

#include <filesystem>
#include <fstream>
#include <system_error>

namespace config {
namespace {

/// One that cannot be read is not called blank: whoever uses it says what is wrong.
bool is_blank(const std::filesystem::path& path) {
  std::ifstream file(path);
  char first = 0;
  file >> first;
  return file.eof();
}

}  // namespace

std::optional<std::string> credential_for(std::string_view setting, const std::string& folder) {
  constexpr std::string_view ending = "-file";
  if (folder.empty() || !setting.ends_with(ending)) return std::nullopt;
  const auto path = std::filesystem::path(folder) / setting.substr(0, setting.size() - ending.size());
  std::error_code no_such;
  if (!std::filesystem::is_regular_file(path, no_such) || is_blank(path)) return std::nullopt;
  return path.string();
}

}  // namespace config
