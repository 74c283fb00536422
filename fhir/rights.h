#pragma once

#include <optional>
#include <string>

#include "fhir/awaitable.h"
#include "fhir/fhir_server.h"
#include "fhir/permits.h"
#include "fhir/self_description.h"
#include "fhir/stop.h"

namespace fhir {

/// What the server says to us where it cannot be about a single resource.
enum class Reception {
  welcome,  ///< it takes our token
  refused,  ///< it does not
  unclear,  ///< it has no /auth/me, or has a trouble of its own
  silence,  ///< nothing
};

/// Whether the server will obey us when we write accounts: it ignores others' silently, and worse, derives the accounts
/// anew. Asked once for each token.
class Rights {
 public:
  /// `root` is what /auth/me is below; `server` outlives it.
  Rights(Executor executor, FhirServer& server, std::string root)
      : server_(server), target_(std::move(root) + "/auth/me"), asking_(executor, 1) {}

  /// Returns if the bearer of `token` may write accounts, or if the server has no /auth/me and must be taken at its
  /// word. One question at a time, however many ask. Throws ServerUnavailable with the sentence to say, Obstacle or
  /// TransportError.
  Awaitable<void> check(std::string token, const std::string& login);
  /// How the server receives the bearer of `token`, by an answer to a question asked not before `since`: for those whom
  /// it refused, or did not answer. One question serves all who ask meanwhile, and a refusal a second longer.
  Awaitable<Reception> reception(std::string token, Clock::time_point since);
  /// Whether check() would return at once.
  bool knows(const std::string& token) const { return checked_token_ == token; }
  /// Forgets what it knows, so that the next check asks again.
  void forget() { checked_token_.reset(); }

  bool says_admin() const { return self_ && self_->admin; }
  bool unknown() const { return unknown_; }
  bool may_not_see_all() const { return self_ && self_->may_not_see_all; }

 private:
  struct Received {
    std::string token;
    Clock::time_point asked_at;
    Reception reception;
  };

  Awaitable<void> ask(std::string token);
  Awaitable<Reception> present(std::string token);

  FhirServer& server_;
  std::string target_;
  Permits asking_;
  std::optional<std::string> checked_token_;
  std::optional<SelfDescription> self_;
  std::optional<Received> last_reception_;
  bool unknown_ = false;
};

}  // namespace fhir
