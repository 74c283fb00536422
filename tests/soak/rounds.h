#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/chaos/dice.h"
#include "tests/soak/caller.h"
#include "tests/soak/planned_round.h"
#include "tests/soak/soak.h"
#include "tests/worker/http/raw_client.h"

namespace soak {

/// Round after round: a job for each target, by Redis or over HTTP, with faults at the FHIR server, while somebody
/// looks at the workers and has them read their settings again; each judged before the next round.
class Rounds : public Soak {
 protected:
  Rounds();

  void start(bool in_a_hurry);
  void play_round(int number);
  /// Whatever was complained of by then; then the workers are let go, and must end well.
  void end();
  /// How many jobs ended how, and what the server had to do.
  std::string report();

 private:
  std::string settings_file() const { return folder() / "set-accounts.toml"; }
  void write_settings(int jobs) const;
  void reload(int number);
  void make_trouble(const std::vector<PlannedJob>& jobs);
  std::vector<test::RecordFields> run(int number, const std::vector<PlannedJob>& jobs);
  std::string ask(const PlannedJob& job);
  std::vector<test::RecordFields> ends_of(const std::vector<std::string>& ids);
  bool has_what_was_asked(const sandbox::Request& request);
  std::vector<std::string> unaudited() const;

  std::uint64_t seed_;
  chaos::Dice dice_;
  std::vector<Caller> callers_;
  std::vector<std::string> ids_;
  std::map<std::string, int> ends_;
  bool in_a_hurry_ = false;
  int rounds_ = 0;
  int reloads_ = 0;
};

}  // namespace soak
