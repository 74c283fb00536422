#pragma once

#include <string>

#include "fhir/base_url.h"
#include "fhir/client.h"
#include "fhir/http_message.h"

namespace fhir {

/// Who we are: User-Agent, and Authorization unless `token` is empty.
HttpFields our_fields(const std::string& token);

/// A GET of what is not FHIR itself, e.g. /auth/me.
HttpRequest plain_get(const std::string& target, const std::string& token);

/// What all FHIR requests with this token have in common: who we are, FHIR's JSON, extended mode.
HttpFields fhir_fields(const std::string& token);

/// A request as it goes out: below the base, with fhir_fields(), a PATCH conditional on its version. Throws
/// RequestFailed if its path leaves the base or a value of it would not stay one header line.
HttpRequest outgoing(const Request& request, const BaseUrl& base, HttpFields common);

/// What an operator calls a request: "PATCH Observation/42", without the query.
std::string title(const Request& request);

/// Whether it asks for a page, not for a single resource.
bool asks_for_many(const Request& request);

/// What it costs of the server's quota, as far as that can be known before (see Quota).
long cost_of(const Request& request);

}  // namespace fhir
