#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace worker::http {

/// Says that connections were turned away, once a second at most, however many they are.
class RefusedLog {
 public:
  void note(std::string_view why, std::chrono::steady_clock::time_point now);

 private:
  std::uint64_t not_told_ = 0;
  std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::time_point::min();
};

}  // namespace worker::http
