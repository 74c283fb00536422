#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/expectation.h"
#include "sandbox/world.h"

namespace sandbox {

/// Knows what every resource of a world was, and what each must be after a sequence of requests. It computes that on
/// its own: the target gets exactly the accounts; members of a Patient lose what he lost (and what broken requests left
/// behind), unless another Patient of theirs has that account himself, and get what they lack; nothing else changes.
class Oracle {
 public:
  /// Remembers the world as it is now.
  explicit Oracle(const World& world);

  /// A request that completed, or is to. In the order in which they take effect.
  void expect(const Request& request);
  /// Two of different targets that run side by side: all is as after one of them and then the other, whichever is first
  /// on each of the members that they share.
  void expect_side_by_side(const Request& one, const Request& other);
  /// A request whose job died, failed or was cancelled: what it was to remove stays owed, and its members may have been
  /// reached or not. `target_written`: it got as far as to write its target.
  void abandoned(const Request& request, bool target_written);

  /// What becomes of this resource does not matter any more, and it counts for nothing.
  void forget(const std::string& reference);
  /// Somebody else has just created, changed or deleted this resource; it counts from now on as it is now, for the
  /// requests that are expected later.
  void note_external(const World& world, const std::string& reference);
  /// The same, but while the last expected request was at work: it must still be brought in line with that one.
  void note_external_during(const World& world, const std::string& reference);

  /// Every resource that is not as it must be, and why; at most `most`, then one line that says how many more.
  std::vector<std::string> differences(const World& world, std::size_t most = 100) const;
  /// What the last expected request must report: its target, and every member.
  long resources_updated() const { return updated_; }
  /// The members of a Patient as remembered: in his compartment, no Patient.
  std::vector<std::string> members_of(const std::string& patient) const;

 private:
  struct Expected {
    Version before;
    std::size_t versions = 0;
    std::vector<std::string> compartments;
    std::vector<AccountEntries> possible;  ///< more than one only after a request was abandoned
    bool proper = true;                    ///< accounts are stored as a server of today stores them
    std::size_t writes = 0;                ///< that were needed, at most
    bool ours = false;                     ///< a target or a member of one
  };
  using Removed = std::set<std::string>;

  static Expected as_it_is(const Record& record);
  Removed take_removals(const Request& request);
  void apply(const Request& request, const Removed& removals, bool certain);
  void apply_to_member(Expected& expected, const Request& request, const Removed& removals, bool certain);
  Removed really_removed(const Expected& member, const std::string& target, const Removed& removals) const;
  AccountEntries accounts_of(const std::string& reference) const;
  bool is_member(std::string_view reference, const Expected& expected, const std::string& target) const;
  std::string difference(const std::string& reference, const Expected& expected, const Record* record) const;

  std::map<std::string, Expected, std::less<>> resources_;
  std::set<std::string, std::less<>> forgotten_;
  std::map<std::string, Removed> owed_;  ///< by target
  Request last_;
  Removed last_removals_;
  long updated_ = 0;
};

}  // namespace sandbox
