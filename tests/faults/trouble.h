#pragma once

#include <string>
#include <vector>

#include "sandbox/fault.h"

namespace faults {

/// What happens once, at some moment while jobs are at work: to the server, or to the world by somebody else.
enum class Doing {
  none,
  hang_up,               ///< every connection is cut
  fall_silent,           ///< requests are taken, and not answered, until the trouble ends
  create,                ///< a member that was not there before
  erase,                 ///< a member
  touch,                 ///< a member: another version of the same accounts
  give,                  ///< a member gets an account of somebody's own
  spoil,                 ///< a member gets back the accounts it had before the jobs began
  move_away,             ///< a member becomes another Patient's
  move_in,               ///< another Patient's becomes a member
  change_other_patient,  ///< the Patient who shares members gets an account, or loses one
  change_target,         ///< the target gets an account of somebody's own, and one that members have
};

/// Whom a fault strikes: whoever comes, or one resource alone, and that always.
enum class Aim { anything, one_member, other_patient };

/// One thing that goes wrong, with a name to print and to filter by: a fault of the server's answers, or a doing.
struct Trouble {
  std::string name;
  sandbox::Fault fault = {};
  Doing doing = Doing::none;
  Aim aim = Aim::anything;

  /// It may be taken for a refusal for good: what met it may be listed as failed though it is right.
  bool refuses() const;
};

/// Every one there is; faults of answers on the requests they hurt most.
const std::vector<Trouble>& all_troubles();

}  // namespace faults
