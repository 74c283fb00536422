#pragma once

#include <string>

namespace config::manual {

/// A configuration file with every setting in it, commented out: what it is, and its default or an example.
std::string commented_file();

}  // namespace config::manual
