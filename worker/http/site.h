#pragma once

#include "fhir/stop.h"
#include "worker/awaitable.h"
#include "worker/http/message.h"
#include "worker/readiness.h"
#include "worker/service/vital_signs.h"

namespace worker::http {

/// Who answers what. Health and readiness are answered here, to everybody: they name no target, no token, no person.
class Site {
 public:
  /// Those who answer the rest; where nobody is, nothing is found.
  struct Rooms {
    Handler front_door;  ///< /fhir/R4 and below, /oauth2/token, /auth/me
    Handler metrics;     ///< /metrics
    Handler page;        ///< / , /status and below
  };
  /// `stop`: once it is requested the worker is not ready any more. All outlive the site.
  Site(const Readiness& readiness, const fhir::Stop& stop, const service::VitalSigns& signs, Rooms rooms);

  Awaitable<Response> answer(Request request) const;

 private:
  Response health() const;
  Response readiness() const;

  const Readiness& readiness_;
  const fhir::Stop& stop_;
  const service::VitalSigns& signs_;
  Rooms rooms_;
};

}  // namespace worker::http
