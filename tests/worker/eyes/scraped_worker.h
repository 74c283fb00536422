#pragma once

#include <memory>
#include <string>

#include "tests/worker/e2e/end_to_end.h"

namespace test {

/// The real program, listening at a port of its own, and a server that tells what is left of its quota.
class ScrapedWorker : public EndToEnd {
 protected:
  explicit ScrapedWorker(sandbox::ServerOptions options = telling_quota());
  static sandbox::ServerOptions telling_quota();

  void start(Fields options = {});
  ChildProcess& process() { return *process_; }
  /// GET of that path.
  std::string get(const std::string& path);
  std::string scrape() { return get("/metrics"); }

 private:
  std::unique_ptr<ChildProcess> process_;
  std::uint16_t port_ = 0;
};

/// Whether Prometheus' own tool is there; where it is not, a test says so and is skipped.
bool has_promtool();
/// What promtool says of it; empty if it finds nothing wrong.
std::string promtool(Fields arguments, const std::string& input = {});

}  // namespace test
