#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sandbox/expectation.h"

namespace soak {

/// Somebody who uses a worker over HTTP: logs in there, asks for jobs, reads its metrics, looks at its page.
class Caller {
 public:
  explicit Caller(std::uint16_t port) : port_(port) {}

  /// Asks not to wait, and again where the server's troubles are in the way; the job's id, or nothing after many tries.
  std::optional<std::string> ask(const sandbox::Request& request);
  /// The answer's status, of GET /metrics and GET /status/overview together: the first that is not 200.
  unsigned look() const;

 private:
  std::string token();

  std::uint16_t port_;
  std::string token_;
};

}  // namespace soak
