#pragma once

#include <memory>

#include "config/settings.h"
#include "fhir/awaitable.h"
#include "fhir/base_url.h"
#include "fhir/http_connection.h"
#include "fhir/http_message.h"

namespace fhir {

/// Kept-alive connections to one origin; as many as there are requests at once.
///
/// A connection comes back only after a whole answer and if the server keeps it; idle ones are closed soon (see
/// longest_idle), before a server or a proxy closes them under our next request. Once it was used a timer is pending on
/// the executor, for deadlines and idle connections, which may keep io_context::run() from running dry until the pool
/// is destroyed.
class HttpPool {
 public:
  /// Throws std::invalid_argument if the CA file cannot be used. The request timeout includes connecting.
  HttpPool(Executor executor, Origin origin, const config::Fhir& settings);
  ~HttpPool();
  HttpPool(const HttpPool&) = delete;
  HttpPool& operator=(const HttpPool&) = delete;

  /// One request, one answer of any status. Where a kept-alive connection turns out dead before any byte of an answer,
  /// the request is sent once more, at once, on a fresh one: so a request may arrive twice. Throws TransportError, and
  /// std::invalid_argument for what is not one clean request (see is_one_request).
  Awaitable<HttpAnswer> exchange(HttpRequest request, LastLook last_look);

  const Origin& origin() const;
  const Traffic& traffic() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fhir
