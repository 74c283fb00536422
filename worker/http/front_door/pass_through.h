#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "fhir/passage.h"
#include "worker/http/caller_rate.h"
#include "worker/http/message.h"

namespace worker::http::front_door {

/// What clients ask of the base that they were given, and only the FHIR server can answer: a token, and who they are.
class PassThrough {
 public:
  explicit PassThrough(fhir::Passage& passage) : passage_(passage) {}

  /// POST /oauth2/token
  Awaitable<Response> token(Request request);
  /// GET /auth/me; `base`: our own.
  Awaitable<Response> me(Request request, std::string base);

 private:
  std::optional<std::chrono::seconds> wait_of(const std::string& peer);

  fhir::Passage& passage_;
  // The FHIR server counts logins by address (Medplum: 160 a minute), and ours is the worker's own, too.
  CallerRate of_peers_{60, 1000};
  CallerRate of_all_{90, 1};
};

}  // namespace worker::http::front_door
