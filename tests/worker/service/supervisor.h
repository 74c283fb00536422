#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tests/support/redis_server.h"

namespace test {

/// Listens where a service tells its supervisor how it is, as systemd does.
class Supervisor {
 public:
  enum class Address { path, abstract };
  explicit Supervisor(Address address = Address::path);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// For the program; `watchdog` of 0: none.
  std::map<std::string, std::string> environment(std::chrono::milliseconds watchdog = {}) const;

  /// Waits until one of the messages since the last call of forget() has this line; whether one came.
  bool hears(const std::string& line, std::chrono::milliseconds limit = std::chrono::seconds(30));
  /// The same of a line that begins so.
  bool hears_of(const std::string& beginning, std::chrono::milliseconds limit = std::chrono::seconds(30));
  /// Listens for so long; how many signs of life came, and how long the longest silence between two of them was.
  struct Pulse {
    int pings = 0;
    std::chrono::milliseconds longest_silence{};
  };
  Pulse feel(std::chrono::milliseconds time);

  void forget() { lines_.clear(); }
  const std::vector<std::string>& lines() const { return lines_; }
  std::string all() const;

 private:
  bool receive(std::chrono::milliseconds limit);

  TempFolder folder_;
  std::string address_;
  int descriptor_;
  std::vector<std::string> lines_;
};

}  // namespace test
