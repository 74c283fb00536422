#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "queue/redis_client.h"
#include "sandbox/oracle.h"
#include "sandbox/seeding.h"
#include "sandbox/server.h"
#include "tests/support/child_process.h"
#include "tests/support/redis_server.h"

namespace test {

using Fields = std::vector<std::string>;
using RecordFields = std::map<std::string, std::string>;

/// The real program against a real Redis and the sandbox FHIR server, with the oracle looking at every resource.
class EndToEnd : public testing::Test {
 protected:
  explicit EndToEnd(sandbox::ServerOptions options = {});
  /// Of every test: no PATCH went to what is neither a target nor a member, and none was wasted.
  void TearDown() final;

  /// Stores a compartment in the sandbox; call it before look().
  sandbox::Seeded seed(sandbox::Seeding seeding);
  /// The oracle remembers the world as it is now.
  void look();

  /// What redis-cli would do; the reply's text, or its items.
  queue::Reply redis(Fields command);
  void retry(const std::string& job);
  /// XADD {set-accounts}:inbox * …; the job's id.
  std::string enqueue(Fields fields);
  std::string enqueue(const sandbox::Request& request);

  /// Somebody asked for it in another way.
  void note_asked(sandbox::Request request) { asked_.push_back(std::move(request)); }

  RecordFields record(const std::string& job);
  std::string field(const std::string& job, const std::string& name);
  long number(const std::string& job, const std::string& name);
  std::vector<std::string> failures(const std::string& job);
  std::vector<std::string> owed(const std::string& target);

  /// A worker that runs until it is told to stop, and one that has run until nothing was left.
  std::unique_ptr<ChildProcess> worker(Fields options = {}, std::map<std::string, std::string> environment = {});
  int drain(Fields options = {});
  /// What the last drain() wrote to stderr.
  const std::string& said() const { return said_; }

  /// Waits until it holds, for at most `limit`; whether it does.
  bool until(const std::function<bool()>& holds, std::chrono::milliseconds limit = std::chrono::seconds(60));
  bool until_state(const std::string& job, const std::string& state);

  /// PATCHes are taken and not answered from now on, unless `fault` says for how long; they are not carried out, unless
  /// it says so. Whether three hang, of a worker that may send four at once: it tries now and then with fewer.
  bool hang_patches(sandbox::Fault fault = {});

  /// Every difference that the oracle sees, a line each; empty when everything is as it must be.
  std::string wrong();
  sandbox::Oracle& oracle() { return *oracle_; }
  /// What is in a resource's meta.accounts now, each as JSON.
  std::vector<std::string> accounts_of(const std::string& reference);
  void change_server(const std::function<void(sandbox::ServerOptions&)>& change) { server.change_options(change); }

  sandbox::Server server;
  RedisServer redis_server;

 private:
  Fields worker_command(Fields options) const;

  void note_entry(const Fields& fields);

  boost::asio::io_context io_{1};
  queue::RedisClient client_;
  std::unique_ptr<sandbox::Oracle> oracle_;
  std::vector<sandbox::Request> asked_;  ///< all that was enqueued, but for dry runs
  std::string said_;
};

/// One more account organisation of the sandbox's.
inline std::string organization(unsigned n) {
  return sandbox::account(n);
}

}  // namespace test
