#include "worker/http/date.h"

#include <array>
#include <ctime>

namespace worker::http {

std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm broken_down{};
  gmtime_r(&now, &broken_down);
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &broken_down);
  return {text.data(), length};
}

}  // namespace worker::http
