#pragma once

#include <exception>
#include <optional>
#include <string>

#include "config/settings.h"
#include "fhir/awaitable.h"
#include "fhir/base_url.h"
#include "fhir/http_pool.h"
#include "fhir/permits.h"
#include "fhir/secret_file.h"
#include "fhir/stop.h"

namespace fhir {

/// The bearer token of this process: OAuth2 client credentials (RFC 6749 section 4.4), a file, or none.
class AccessToken {
 public:
  /// Throws std::invalid_argument naming the setting that is wrong. `settings` outlives it.
  AccessToken(Executor executor, const config::Fhir& settings, const Url& token_url);

  /// The token to send now; empty: no login. However many ask, one renewal is under way at most; those who need not
  /// wait for it use the old token meanwhile, and its failure is everybody's who did. Throws ServerUnavailable (refused
  /// for good), Obstacle (503, 429 …) or TransportError.
  Awaitable<std::string> current();
  /// The same where nobody needs to wait for it, else null; valid until the next call. Throws as current() does.
  const std::string* at_hand();

  /// `token` met a 401. Returns whether asking again can give another one.
  bool refused(const std::string& token);

  /// How we log in, for the operator, e.g. "client credentials of 1b2c…".
  std::string login() const;

 private:
  bool is_fresh() const { return is_good() && Clock::now() < renew_at_; }
  bool is_good() const { return !token_.empty() && Clock::now() < ends_at_; }
  Awaitable<void> renew();
  Awaitable<void> fetch();
  Awaitable<HttpAnswer> ask();
  HttpRequest token_request();
  std::string secret();

  const config::Fhir& settings_;
  std::string target_;
  HttpPool pool_;
  Permits renewing_;
  std::optional<SecretFile> token_file_;
  std::optional<SecretFile> secret_file_;

  std::string token_;
  Clock::time_point renew_at_;
  Clock::time_point ends_at_;
  unsigned renewals_ = 0;            ///< ended ones, well or badly
  std::exception_ptr last_failure_;  ///< of the last one; none if it went well
};

}  // namespace fhir
