#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sandbox/expectation.h"
#include "sandbox/world.h"

namespace faults {

/// Stands beside the server, sees every change of every resource when it happens, and says what was wrong.
///
/// It needs to know only two things: which accounts were requested for which targets, and which resources somebody else
/// changed. Each write of ours is judged on the spot: it went to a target that had a job, or to a member of its
/// compartment at that moment; it made of the accounts it found what the job's rule makes of them; it changed nothing
/// else. In the end each target and member must be such that there is nothing left to do.
class Witness {
 public:
  using References = std::set<std::string>;

  explicit Witness(const sandbox::World& world);

  /// What the target owes from before.
  void owes(const std::string& target, const std::vector<std::string>& accounts);
  /// A job for it may write from now on; the last one of a target decides what must be in the end.
  void requested(const std::string& target, const std::vector<std::string>& accounts);
  /// All its jobs are settled: no write for it may come any more.
  void settled(const std::string& target);
  /// All it owed is proven gone.
  void paid(const std::string& target) { targets_[target].owed.clear(); }

  // What happens, as it happens.
  void patched(const sandbox::World& world, const std::string& reference);
  void changed_by_another(const sandbox::World& world, const std::string& reference);
  void page_asked(const std::string& target) { ++targets_[target].pages; }

  /// Those whom somebody else changed so late that a job may rightly have ended without having met the change.
  void excuse_late_changes(const std::string& target, bool all_of_them);

  /// What is not right about the target and its members; by reference. Shared members of other targets are judged only
  /// if `shared_too`.
  std::map<std::string, std::string> not_right(const sandbox::World& world, const std::string& target,
                                               bool shared_too) const;
  /// Whatever was wrong about writes, and resources that changed without a trace.
  std::vector<std::string> wrong_writes(const sandbox::World& world) const;

  References members_of(const sandbox::World& world, const std::string& target) const;
  const References& owed(const std::string& target) const { return targets_.at(target).owed; }
  bool was_changed_by_another(const std::string& reference) const { return changed_.contains(reference); }
  bool anything_changed_by_another() const { return !changed_.empty(); }
  long writes(const std::string& target) const { return targets_.at(target).writes; }

 private:
  struct Target {
    std::vector<std::vector<std::string>> requests;
    std::size_t at_work = 0;  ///< the first request that may still write: an earlier one's job has ended
    bool open = false;
    References owed;  ///< what it lost by our writes and no job has been proven to have removed everywhere
    long pages = 0;
    long writes = 0;
  };
  struct Change {
    std::map<std::string, long> pages;  ///< asked for when it happened, by target
    References accounts;                ///< that the resource had after it
  };

  std::string fault_of_write(const sandbox::World& world, const sandbox::Record& record);
  std::string fault_of_target_write(Target& target, const sandbox::AccountEntries& before,
                                    const sandbox::AccountEntries& after);
  bool follows_rule(const sandbox::World& world, const sandbox::Record& member, const std::string& target,
                    const sandbox::AccountEntries& before, const sandbox::AccountEntries& after);
  bool is_of_a_job(Target& target, bool sure, const std::function<bool(const std::vector<std::string>&)>& fits);
  bool lost_otherwise(const sandbox::World& world, const std::string& target, const std::string& account) const;
  bool always_granted(const sandbox::World& world, const std::string& patient, const std::string& account) const;
  bool may_be_kept(const sandbox::World& world, const sandbox::Record& member, const std::string& target,
                   const std::string& account) const;
  std::string fault_of_member(const sandbox::World& world, const sandbox::Record& member,
                              const std::string& target) const;

  std::map<std::string, std::size_t> versions_at_start_;
  std::map<std::string, std::size_t> versions_;  ///< known of, by reference
  std::map<std::string, Target> targets_;
  std::map<std::string, Change> changed_;         ///< by somebody else, the last time
  std::map<std::string, References> excused_;     ///< accounts that may stay
  std::set<std::string> excused_from_requested_;  ///< until the next job
  std::vector<std::string> wrong_;
};

}  // namespace faults
