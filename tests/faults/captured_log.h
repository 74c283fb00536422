#pragma once

#include <string>

#include "tests/support/redis_server.h"

namespace faults {

/// Takes what is written to stderr, which is where workers log, for as long as it lives.
class CapturedLog {
 public:
  CapturedLog();
  ~CapturedLog();
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;

  std::string text() const;

 private:
  test::TempFolder folder_;
  int stderr_before_;
};

}  // namespace faults
