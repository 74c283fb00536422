#pragma once

#include <optional>
#include <string>

#include "sandbox/seeding.h"
#include "sandbox/server.h"
#include "tests/faults/mixture.h"
#include "tests/faults/somebody_else.h"
#include "tests/faults/witness.h"

namespace faults {

/// The troubles of one mixture, as they strike the server.
class Weather {
 public:
  /// Everything outlives it.
  Weather(sandbox::Server& server, const Mixture& mixture, const sandbox::Seeded& seeded, Witness& witness)
      : server_(server), mixture_(mixture), seeded_(seeded), witness_(witness) {}

  /// Remembers the world as it is now, for what somebody else does in it.
  void look(const sandbox::World& world) { somebody_else_.emplace(world, seeded_, witness_, mixture_.seed); }

  void turn_bad();
  /// The server is well; what somebody else has not done yet he may still do.
  void clear_up();
  /// Nobody does anything any more.
  void fall_calm();

  /// What was done to the server or by somebody else; to be asked when no worker is left.
  long doings() const { return doings_; }

 private:
  void happen(sandbox::World& world, Doing doing, const std::string& about);

  sandbox::Server& server_;
  const Mixture& mixture_;
  const sandbox::Seeded& seeded_;
  Witness& witness_;
  std::optional<SomebodyElse> somebody_else_;  ///< the server's thread's, as the rest
  long doings_ = 0;
  bool is_over_ = false;
};

}  // namespace faults
