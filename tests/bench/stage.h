#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sandbox/seeding.h"
#include "sandbox/server.h"
#include "tests/bench/events.h"
#include "tests/bench/plain_connection.h"
#include "tests/support/child_process.h"
#include "tests/support/redis_server.h"

namespace bench {

using Strings = std::vector<std::string>;

/// How Redis is set up: as it comes, but with an append-only file; or as the embedded one is.
enum class Keeping { synced_each_second, as_embedded };
std::string name_of(Keeping keeping);

/// What a measurement plays on: a Redis, the sandbox FHIR server with one compartment, and workers.
class Stage {
 public:
  /// The compartment is Patient/p with so many members, each FHIR request takes `latency`.
  Stage(Keeping keeping, std::size_t members, std::chrono::milliseconds latency);

  /// A worker that logs errors only: nobody reads what it writes.
  std::unique_ptr<test::ChildProcess> worker(Strings options = {}) const;
  /// Until a first job, which writes nothing, is done.
  void warm_up();
  /// XADD {set-accounts}:inbox * …; the job's id.
  std::string enqueue(Strings fields);
  std::string field(const std::string& job, const std::string& name);

  test::RedisServer redis_server;
  sandbox::Server fhir;
  PlainConnection redis;
  Events events;
  sandbox::Seeded seeded;
};

}  // namespace bench
