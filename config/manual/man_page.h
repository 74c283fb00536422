#pragma once

#include <string>

#include "config/manual/outline.h"

namespace config::manual {

/// A page for man(1), without a path.
struct ManPage {
  std::string file_name;
  std::string text;
};

/// All pages: of the program, of each command, and of the configuration file. `date` is as in 2026-02-28.
std::vector<ManPage> man_pages(const Outline& outline, const std::string& date);

}  // namespace config::manual
