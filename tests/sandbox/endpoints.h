#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sandbox/counters.h"
#include "sandbox/fault.h"
#include "sandbox/page.h"
#include "sandbox/person.h"
#include "sandbox/quota.h"
#include "sandbox/server_options.h"
#include "sandbox/tokens.h"
#include "sandbox/trespass.h"
#include "sandbox/world.h"

namespace sandbox {

/// A moment at which a test may change the world: before the nth request of its kind, about `reference`.
using Moment = std::function<void(World&, int n, const std::string& reference)>;

struct Moments {
  Moment before_patch;
  Moment after_patch;  ///< it was carried out, its answer not yet written
  Moment before_page;
  Moment before_read;
};

/// What the server answers, without its transport. Not thread-safe.
class Endpoints {
 public:
  explicit Endpoints(const ServerOptions& options);

  World& world() { return world_; }
  Counters& counters() { return counters_; }
  Tokens& tokens() { return tokens_; }
  Moments& moments() { return moments_; }
  /// Since the beginning, in their order.
  const std::vector<CommittedPatch>& committed_patches() const { return committed_patches_; }
  void set_base(std::string base) { base_ = std::move(base); }

  /// Carries the request out. Of the faults only those matter that change what is done: ignore_write and next_*.
  Answer answer(const Asked& asked, const std::optional<Fault>& fault);

 private:
  Answer route(const Asked& asked, const std::optional<Fault>& fault);
  Answer fhir(const Person& caller, const Asked& asked, const std::optional<Fault>& fault);
  Answer read(const Asked& asked);
  Answer patch(const Person& caller, const Asked& asked, const std::optional<Fault>& fault);
  Answer page(const Asked& asked, const std::optional<Fault>& fault);
  Answer bundle(const Asked& asked, const Page& page, bool with_includes);
  Answer me(const Person& caller) const;
  Answer metadata() const;
  Answer health() const;
  std::variant<Person, Answer> caller(const Asked& asked) const;
  Person own_client() const;
  std::optional<Answer> hidden_from(const Person& caller, const Asked& asked) const;
  std::optional<Answer> charge(long points);

  const ServerOptions& options_;
  World world_;
  Tokens tokens_;
  Quota fhir_quota_;
  Quota request_quota_;
  Counters counters_;
  std::vector<CommittedPatch> committed_patches_;
  Moments moments_;
  std::string base_;
  int patches_ = 0;
  int pages_ = 0;
  int reads_ = 0;
};

}  // namespace sandbox
