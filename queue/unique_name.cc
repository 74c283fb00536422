#include "queue/unique_name.h"

#include <random>

namespace queue {

std::string random_part() {
  std::random_device random;
  std::string hex(16, '0');
  for (char& digit : hex) digit = "0123456789abcdef"[random() % 16];
  return hex;
}

}  // namespace queue
