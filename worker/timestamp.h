#pragma once

#include <cstdint>
#include <string>

namespace worker {

/// RFC 3339, in UTC: `2026-02-28T13:45:06.007Z`; empty for 0.
std::string timestamp(std::uint64_t ms_since_1970);

}  // namespace worker
