#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/child_process.h"
#include "tests/support/redis_server.h"

namespace test {

struct Ended {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// The real set-accounts against a Redis of its own. Records can be written by hand, as a worker would.
class Program : public testing::Test {
 protected:
  using Arguments = std::vector<std::string>;

  std::unique_ptr<ChildProcess> started(const Arguments& arguments) const;
  Ended ran(const Arguments& arguments, const std::string& input = "") const;
  /// The id that enqueue prints.
  std::string enqueued(const Arguments& more = {"Patient/1", "--account", "Organization/a"}) const;
  /// A worker that takes the inbox in, but claims nothing, since there is no FHIR server.
  std::unique_ptr<ChildProcess> worker_without_server() const;

  /// What redis-cli prints for a command, without the last newline.
  std::string redis(const Arguments& command) const;
  void write_record(const std::string& id, const std::map<std::string, std::string>& fields) const;
  static std::string record_key(const std::string& id) { return "{set-accounts}:job:" + id; }
  /// Waits until a job's record is in a state.
  void wait_for_state(const std::string& id, const std::string& state) const;

  std::map<std::string, std::string> environment() const;
  RedisServer redis_;
};

}  // namespace test
