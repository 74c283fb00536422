#pragma once

#include <string>

namespace queue {

/// 64 random bits in hex.
std::string random_part();

}  // namespace queue
