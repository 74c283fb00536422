#pragma once

#include "fhir/passage.h"
#include "worker/http/front_door/login_rate.h"
#include "worker/http/message.h"

namespace worker::http {

/// What clients ask of the base that they were given, and only the FHIR server can answer: a token, and who they are.
class PassThrough {
 public:
  explicit PassThrough(fhir::Passage& passage) : passage_(passage) {}

  /// POST /oauth2/token
  Awaitable<Response> token(Request request);
  /// GET /auth/me; `base`: our own.
  Awaitable<Response> me(Request request, std::string base);

 private:
  fhir::Passage& passage_;
  LoginRate rate_;
};

}  // namespace worker::http
