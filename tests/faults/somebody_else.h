#pragma once

#include <string>
#include <vector>

#include "sandbox/seeding.h"
#include "sandbox/world.h"
#include "tests/chaos/dice.h"
#include "tests/faults/trouble.h"
#include "tests/faults/witness.h"

namespace faults {

/// Another user of the server, who changes whatever he likes while jobs are at work. Belongs to the server's thread.
class SomebodyElse {
 public:
  /// Remembers the world as it is now.
  SomebodyElse(const sandbox::World& world, sandbox::Seeded seeded, Witness& witness, std::uint64_t seed);

  /// `about`: the resource that the next request is about; mostly it is the one that is changed.
  void act(sandbox::World& world, Doing doing, const std::string& about);

 private:
  std::string any_member_of(const sandbox::World& world, const std::string& patient);
  void change(sandbox::World& world, const std::string& reference, Doing doing);
  void create_like(sandbox::World& world, const std::string& reference);
  void set_accounts(sandbox::World& world, const std::string& reference, const std::vector<std::string>& accounts);
  std::vector<std::string> accounts_of(const sandbox::World& world, const std::string& reference) const;

  sandbox::Seeded seeded_;
  Witness& witness_;
  chaos::Dice dice_;
  std::map<std::string, std::vector<std::string>> accounts_before_;
  unsigned created_ = 0;
};

}  // namespace faults
