#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/worker/e2e/end_to_end.h"

namespace test {

/// Chance from a seed.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(engine_); }
  /// Some of six, in any order; often none.
  std::vector<std::string> some_organizations();

 private:
  std::mt19937_64 engine_;
};

/// SET_ACCOUNTS_TEST_SEED, or any. It is printed.
std::uint64_t chosen_seed();

/// What is asked for, and how workers are to do it.
struct Story {
  Fields job;
  std::vector<std::string> owed;  ///< by the target, left behind by earlier jobs
  std::size_t concurrency = 1;
  std::size_t page_size = 20;
};

/// The accounts of every resource there is, as they are stored.
using Accounts = std::map<std::string, std::string>;

/// The same compartment again and again, from the same beginning to, whatever happens on the way, the same end.
class SameEnd : public EndToEnd {
 protected:
  /// Another random compartment, and a story about it.
  Story begin(Chance& chance);
  /// Everything as it was in the beginning, in Redis, too; the story's job is waiting. Its id.
  std::string restored(const Story& story);

  Accounts after_undisturbed(const Story& story);
  Accounts after_twice_in_a_row(const Story& story);
  /// The job has been left to its own end now.
  Accounts after_completing(const std::string& job);

  /// The lease of a worker that was killed is over at once.
  void expire_lease_of(const std::string& job);
  static Fields options_of(const Story& story);
  std::size_t members() const { return seeded_.members.size(); }

 private:
  void remember();
  Accounts accounts();

  int stories_ = 0;
  sandbox::Seeded seeded_;
  std::map<std::string, std::shared_ptr<const std::string>> texts_;
};

}  // namespace test
