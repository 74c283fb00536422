#pragma once

#include <map>
#include <string>
#include <vector>

#include "sandbox/server.h"
#include "tests/chaos/moment.h"

namespace chaos {

/// A PATCH that changed the accounts of a resource.
struct Patch {
  Moment at = 0;
  std::string reference;
  std::vector<std::string> before;
  std::vector<std::string> after;
};

/// Notes every change that PATCHes make in a sandbox server, as the server sees them.
class PatchJournal {
 public:
  explicit PatchJournal(sandbox::Server& server);
  ~PatchJournal();
  PatchJournal(const PatchJournal&) = delete;
  PatchJournal& operator=(const PatchJournal&) = delete;

  std::vector<Patch> patches() const;

 private:
  void note(const sandbox::World& world, const std::string& reference);

  sandbox::Server& server_;
  // Of the server's thread.
  std::map<std::string, std::string> version_;  ///< the last one seen, by reference
  std::vector<Patch> patches_;
};

}  // namespace chaos
