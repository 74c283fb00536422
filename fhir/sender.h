#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "config/settings.h"
#include "fhir/access_token.h"
#include "fhir/awaitable.h"
#include "fhir/base_url.h"
#include "fhir/client.h"
#include "fhir/fhir_server.h"
#include "fhir/http_message.h"
#include "fhir/permits.h"
#include "fhir/pressure.h"
#include "fhir/retry.h"
#include "fhir/rights.h"
#include "fhir/stop.h"
#include "fhir/tally.h"

namespace fhir {

/// How one try of a request ended, short of a reason to give up.
struct Try {
  bool logged_in = false;                 ///< it came so far that it had its token, or none was needed
  std::string token;                      ///< that
  Clock::time_point began;                ///< without the wait for quota and permit: there the server has not failed
  std::optional<TransportError> silence;  ///< no answer
  HttpAnswer answer;                      ///< else
  std::string obstacle;                   ///< the answer is to this, which had to come first; else empty
};

/// Why it would be sent once more.
RetryCause cause_of_retry(const Try& failed);

/// Sends a request once: everything that must be held and known for that, taken in the right order and given back.
class Sender {
 public:
  /// Throws std::invalid_argument naming the setting that is wrong. `settings` and `policy` outlive it.
  Sender(Executor executor, const config::Fhir& settings, const RetryPolicy& policy);

  /// Waits for quota, permit (unless it asks for a page), token and rights (PATCH), then exchanges. A stop ends every
  /// wait and gives up a GET, but a PATCH that is on its way is let end. Throws Stopped, ServerUnavailable,
  /// RequestFailed. `request` and `stop` outlive it.
  Awaitable<Try> attempt(const Request& request, Stop& stop);

  /// From now on; what is learnt of the server's pressure is learnt anew.
  void set_concurrency(std::size_t concurrency);

  FhirServer& server() { return server_; }
  AccessToken& token() { return token_; }
  /// Whether a request of ours that bore this token was let in, if only to be refused for another reason.
  bool has_accepted(const std::string& token) const { return accepted_token_ == token; }
  Rights& rights() { return rights_; }
  const BaseUrl& base() const { return base_; }
  const Permits& permits() const { return permits_; }
  Tally& tally() { return tally_; }

 private:
  /// What a PATCH on its way holds.
  struct Leave {
    Permits::Permit permit;
    QuotaGate::Departure departure;
  };

  Awaitable<void> patch(const Request& request, Stop& stop, Try& current);
  std::optional<Leave> ready_at_once(const Request& request, Try& current);
  Awaitable<Leave> ready_to_patch(const Request& request, Stop& stop, Try& current);
  Awaitable<void> become_ready(long cost, Try& current);
  std::optional<QuotaGate::Departure> depart_if_ready(const Request& request, Try& current);
  const HttpFields& fields_with(const std::string& token);
  Awaitable<void> get(const Request& request, Try& current);
  void note_patch(const Try& patch, Clock::time_point sent_at);
  void note_answer(RequestKind kind, const Try& current);

  const RetryPolicy& policy_;
  BaseUrl base_;
  FhirServer server_;
  AccessToken token_;
  Rights rights_;
  std::optional<std::string> accepted_token_;
  std::optional<std::string> token_of_fields_;
  HttpFields fields_;  ///< fhir_fields() with that
  AdaptiveLimit limit_;
  Permits permits_;
  Tally tally_;
};

}  // namespace fhir
