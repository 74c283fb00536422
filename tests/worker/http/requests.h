#pragma once

#include <string>

namespace test {

inline const std::string host_line = "Host: localhost\r\n";

/// A request for that path.
inline std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\n" + host_line + "\r\n";
}

}  // namespace test
