#include "tests/chaos/patch_journal.h"

#include "sandbox/expectation.h"

namespace chaos {
namespace {

std::vector<std::string> accounts_in(const sandbox::Version& version) {
  std::vector<std::string> references;
  for (const sandbox::AccountEntry& entry : sandbox::entries_of(sandbox::parsed(*version.text)))
    references.push_back(entry.reference);
  return references;
}

}  // namespace

PatchJournal::PatchJournal(sandbox::Server& server) : server_(server) {
  server.with_world([&](const sandbox::World& world) {
    for (const auto& [reference, record] : world.records()) version_[reference] = record.current().id;
  });
  server.after_patch(
      [this](const sandbox::World& world, int /*n*/, const std::string& reference) { note(world, reference); });
}

PatchJournal::~PatchJournal() {
  server_.after_patch(nullptr);
}

std::vector<Patch> PatchJournal::patches() const {
  std::vector<Patch> all;
  server_.with_world([&](const sandbox::World& /*world*/) { all = patches_; });
  return all;
}

/// On the server's thread.
void PatchJournal::note(const sandbox::World& world, const std::string& reference) {
  const sandbox::Record* record = world.find(reference);
  if (record == nullptr || record->deleted() || record->current().id == version_[reference]) return;
  version_[reference] = record->current().id;
  const std::size_t last = record->history.size() - 1;
  patches_.push_back({now(), reference, accounts_in(record->history[last - 1]), accounts_in(record->history[last])});
}

}  // namespace chaos
