#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/json.h"

namespace sandbox {

/// One version of a resource. Texts are kept as JSON and shared with whoever remembers them (history, an oracle).
struct Version {
  std::string id;                           ///< a UUID
  std::int64_t last_updated = 0;            ///< ms since 1970
  std::shared_ptr<const std::string> text;  ///< null: deleted
};

struct Record {
  std::string type;
  std::string id;
  std::vector<Version> history;           ///< oldest first, never empty
  std::vector<std::string> compartments;  ///< the Patients whose compartment it is in

  const Version& current() const { return history.back(); }
  bool deleted() const { return current().text == nullptr; }
  std::string_view text() const { return *current().text; }
  std::string reference() const { return type + "/" + id; }
};

/// Order of a search by _lastUpdated; resources of one millisecond by their id.
struct ByLastUpdated {
  using is_transparent = void;
  bool operator()(const Record* a, const Record* b) const;
  bool operator()(const Record* a, std::int64_t ms) const { return a->current().last_updated < ms; }
};
using Compartment = std::set<const Record*, ByLastUpdated>;

/// The stored resources, with versions, as the server keeps them whatever a request was allowed to ask for: every write
/// recomputes meta.account and meta.compartment, and one that changes nothing makes no version.
class World {
 public:
  struct Options {
    std::int64_t start = 1'767'225'600'000;  ///< 2026-01-01; the clock advances a millisecond with every write
    unsigned writes_per_ms = 1;              ///< more: so many writes share a lastUpdated
    bool real_time = false;                  ///< the clock of the machine instead; collisions happen
    bool uuid_ids = false;                   ///< only UUIDs are ids, as on a real server
    std::uint64_t seed = 1;                  ///< of the version ids
    std::string project = "5b0c5c3e-2f0e-4a6e-9d2c-6f6a3c1d0e01";
    std::string author = "ClientApplication/5b0c5c3e-2f0e-4a6e-9d2c-6f6a3c1d0e02";
  };
  World() : World(Options()) {}
  explicit World(Options options) : options_(std::move(options)), now_(options_.start) {}
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  const Options& options() const { return options_; }
  /// Null for what never was; a deleted one is there and says so.
  const Record* find(std::string_view reference) const;
  bool has(std::string_view reference) const;
  const std::map<std::string, Record, std::less<>>& records() const { return records_; }
  const Compartment& compartment(std::string_view patient) const;

  struct Written {
    const Record* record = nullptr;
    bool changed = false;
  };
  /// Creates the resource or replaces it, accounts as it names them.
  Written put(Json resource);
  Written put(std::string_view json) { return put(parsed(json)); }
  /// As a server before meta.accounts left it, and nobody has written it since: meta.account may stand alone.
  Written put_as_it_is(std::string_view json) { return store(parsed(json)); }

  // What somebody else may do meanwhile. All throw std::invalid_argument for a resource that is not there.
  void edit(std::string_view reference, const std::function<void(Json&)>& change);
  /// A change that concerns nobody: a new version.
  void touch(std::string_view reference);
  /// As if its present version had been made at another time, by another clock or long ago.
  void restamp(std::string_view reference, std::int64_t last_updated);
  void erase(std::string_view reference);
  /// Every reference to the Patient `from` becomes one to `to`.
  void move_to_patient(std::string_view reference, std::string_view from, std::string_view to);

 private:
  Written store(Json resource);
  Record& existing(std::string_view reference);
  void finish(Json& resource, const Version& version) const;
  Version next_version();
  void index(Record& record, std::vector<std::string> patients);
  void unindex(Record& record);

  Options options_;
  std::int64_t now_;
  std::uint64_t writes_ = 0;
  std::map<std::string, Record, std::less<>> records_;
  std::map<std::string, Compartment, std::less<>> compartments_;
};

}  // namespace sandbox
