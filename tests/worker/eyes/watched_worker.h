#pragma once

#include <memory>
#include <string>

#include "tests/worker/e2e/end_to_end.h"
#include "tests/worker/eyes/exposition.h"

namespace test {

/// The parts of a worker in this process, wired as the daemon wires them, with eyes on them; the rest as of EndToEnd.
class WatchedWorker : public EndToEnd {
 protected:
  explicit WatchedWorker(sandbox::ServerOptions options = {});
  ~WatchedWorker() override;

  /// Runs what there is to run, as a worker that drains.
  void work();
  /// GET /metrics.
  std::string metrics_text();
  Exposition metrics() { return read_exposition(metrics_text()); }
  /// So many at once; how long the last of them took.
  std::chrono::milliseconds ask_at_once(int times);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace test
