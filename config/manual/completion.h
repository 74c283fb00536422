#pragma once

#include <string>

#include "config/manual/outline.h"

namespace config::manual {

/// A script by which bash completes commands, flags, values that are one of a few words, and files.
std::string bash_completion(const Outline& outline);

}  // namespace config::manual
