#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sandbox/world.h"

namespace sandbox {

/// An account organisation that is the same everywhere: Organization/00000000-0000-4000-8000-00000000000n.
std::string account(unsigned n);
/// `[{"reference":…},…]`
std::string accounts_json(const std::vector<std::string>& references);

/// What to put around a patient. The same seeding makes the same world.
struct Seeding {
  std::string patient = "p";  ///< his id
  std::size_t members = 100;  ///< of his compartment, shared ones included
  std::uint64_t seed = 1;
  std::vector<std::string> old_accounts = {account(1), account(2)};    ///< of the patient, and of many members
  std::vector<std::string> other_accounts = {account(8), account(9)};  ///< that some members have beside them
  // NOLINTNEXTLINE(readability-redundant-member-init): designated initialisers may leave it out
  std::vector<std::string> already = {};  ///< accounts that some members have exactly
  std::size_t shared_every = 10;          ///< every so many members one of a second patient; 0: none
  bool uuid_ids = false;                  ///< ids of members and bystanders are UUIDs
};

struct Seeded {
  std::string target;                  ///< Patient/…
  std::vector<std::string> members;    ///< in the target's compartment, without Patients
  std::vector<std::string> shared;     ///< those of them that are in the second patient's too
  std::string second;                  ///< has accounts himself: the first of the old ones, and account(7)
  std::string linked;                  ///< a Patient that is in the compartment by `link`
  std::string stranger;                ///< a Patient with members of his own, who carry the target's old accounts
  std::vector<std::string> outsiders;  ///< all others: bystanders, account organisations, other patients' resources
};

Seeded seed_compartment(World& world, const Seeding& seeding);

}  // namespace sandbox
