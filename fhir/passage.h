#pragma once

#include <stdexcept>
#include <string>

#include "config/settings.h"
#include "fhir/awaitable.h"
#include "fhir/base_url.h"
#include "fhir/http_pool.h"
#include "fhir/permits.h"

namespace fhir {

/// In whose name a request is made: header lines, as their bearer sent them. Empty ones are not sent.
struct Credentials {
  std::string authorization;
  std::string on_behalf_of;  ///< X-Medplum-On-Behalf-Of
};

/// A request for a token, as its sender made it.
struct LoginForm {
  std::string body;  ///< application/x-www-form-urlencoded
  std::string authorization;
};

/// What the server answered, as far as it concerns whom we asked for.
struct PassedAnswer {
  unsigned status = 0;
  std::string content_type;
  std::string body;
  std::string rate_limit;
  std::string www_authenticate;
  std::string retry_after;
};

/// No answer was had, or too many others are being asked for.
struct NoPassage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Asks the FHIR server in somebody else's name, beside our own client: each request once, whatever comes of it; no
/// redirect is followed; what a quota says concerns only its bearer. At most 32 requests are under way, and none takes
/// longer than ten seconds, or than --request-timeout.
class Passage {
 public:
  /// Throws std::invalid_argument naming the setting that is wrong.
  Passage(Executor executor, const config::Fhir& settings);

  /// GET of a resource, without its content: `reference` is Type/id, of that grammar. All throw NoPassage.
  Awaitable<PassedAnswer> read(std::string reference, Credentials credentials);
  /// GET /auth/me.
  Awaitable<PassedAnswer> me(Credentials credentials);
  /// POST /oauth2/token, or where --token-url says.
  Awaitable<PassedAnswer> log_in(LoginForm form);

 private:
  Awaitable<PassedAnswer> get(std::string target, Credentials credentials, bool content);
  Awaitable<PassedAnswer> exchange(HttpPool& pool, HttpRequest request);

  BaseUrl base_;
  Url token_url_;
  HttpPool pool_;
  HttpPool logins_;
  Permits permits_;
};

}  // namespace fhir
