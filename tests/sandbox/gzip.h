#pragma once

#include <string>

namespace sandbox {

std::string gzipped(const std::string& text);

}  // namespace sandbox
