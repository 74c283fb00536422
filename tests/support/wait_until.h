#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace test {

/// Looks again and again until it is so. Throws std::runtime_error that names `what` after `limit`. Blocks: only for
/// what goes on outside of this process.
void wait_until(const std::string& what, const std::function<bool()>& is_so,
                std::chrono::milliseconds limit = std::chrono::seconds(60));

}  // namespace test
