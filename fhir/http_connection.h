#pragma once

#include <memory>

#include "fhir/awaitable.h"
#include "fhir/base_url.h"
#include "fhir/http_message.h"
#include "fhir/stop.h"

namespace boost::asio::ssl {
class context;  // NOLINT(readability-identifier-naming): Asio named it
}

namespace fhir {

/// One HTTP/1.1 connection, plain or TLS, for one request at a time. Cancelling a coroutine in here, or any failure,
/// leaves it unusable: drop it then.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// Sends and reads the whole answer by `deadline`. Throws TransportError.
  virtual Awaitable<HttpAnswer> exchange(HttpRequest request, Clock::time_point deadline) = 0;
  /// The last answer was whole, nothing came after it, and the server keeps the connection open, as far as one can see.
  virtual bool reusable() = 0;

 protected:
  HttpConnection() = default;
};

/// Connects by `deadline`, trying each address of the name. For https `tls` is the context, and the server must prove
/// that it is `origin.host`. Answers of more than `body_limit` bytes, unpacked, are too large. Throws TransportError.
Awaitable<std::unique_ptr<HttpConnection>> connect_http(Origin origin, boost::asio::ssl::context* tls,
                                                        std::size_t body_limit, Clock::time_point deadline);

}  // namespace fhir
