#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/chaos/moment.h"
#include "tests/chaos/scale.h"
#include "tests/support/child_process.h"

namespace chaos {

/// What happened to one worker process.
struct Fate {
  std::string worker;  ///< its id in the records; empty if it died before it said so
  Moment started = 0;
  bool claimed = false;            ///< it had a job, ever
  Moment killed = 0;               ///< 0: never
  Moment terminated = 0;           ///< 0: never
  int exit_code = 0;               ///< after SIGTERM
  std::vector<Moment> stopped;     ///< SIGSTOP
  std::set<std::string> audited;   ///< endings that it wrote an audit line of: `completed ID`
  std::vector<std::string> wrong;  ///< what it must not have done: ended by itself, crashed
};

/// Real workers, each in a slot; one that leaves is replaced at once. What they log goes to files in `folder`.
class Crew {
 public:
  /// `command` starts a worker.
  Crew(std::vector<std::string> command, std::filesystem::path folder);

  void kill(unsigned slot);
  /// SIGTERM (and SIGCONT, as service managers do), and somebody else in its place.
  void terminate(unsigned slot);
  void stop(unsigned slot);
  void resume(unsigned slot);
  /// Notes who ended by himself, and replaces him.
  void look();
  /// Resumes all who are stopped.
  void resume_all();
  /// Lets all end by SIGTERM; afterwards every fate is known.
  void dismiss();

  const std::vector<Fate>& fates() const { return fates_; }

 private:
  struct Member {
    std::unique_ptr<test::ChildProcess> process;
    std::size_t fate = 0;
  };
  Member recruit();
  Member& in(unsigned slot) { return slots_[slot % slots_.size()]; }
  void await_end(Member& member);
  void read_log(std::size_t fate);

  std::vector<std::string> command_;
  std::filesystem::path folder_;
  std::vector<Fate> fates_;
  std::vector<Member> slots_;
  std::vector<Member> leaving_;
};

}  // namespace chaos
