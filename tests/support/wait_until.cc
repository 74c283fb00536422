#include "tests/support/wait_until.h"

#include <stdexcept>
#include <thread>

namespace test {

using namespace std::chrono_literals;

void wait_until(const std::string& what, const std::function<bool()>& is_so, std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > until) throw std::runtime_error("waited in vain until " + what);
    std::this_thread::sleep_for(5ms);
  }
}

}  // namespace test
