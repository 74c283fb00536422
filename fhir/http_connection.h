#pragma once

#include <functional>
#include <memory>

#include "fhir/awaitable.h"
#include "fhir/base_url.h"
#include "fhir/deadlines.h"
#include "fhir/http_message.h"
#include "fhir/stop.h"
#include "fhir/tally.h"

namespace boost::asio::ssl {
class context;  // NOLINT(readability-identifier-naming): Asio named it
}

namespace fhir {

/// Called right before each sending, when the connection is there, which can take long; what it throws is thrown.
using LastLook = std::function<void()>;

/// One HTTP/1.1 connection, plain or TLS, for one request at a time. Cancelling a coroutine in here, or any failure,
/// leaves it unusable: drop it then.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// Sends and reads the whole answer by `deadline`. All references outlive it. Throws TransportError.
  virtual Awaitable<HttpAnswer> exchange(const HttpRequest& request, const LastLook& last_look,
                                         Clock::time_point deadline) = 0;
  /// The last answer was whole, nothing came with it that does not belong to it, and the server keeps the connection.
  virtual bool reusable() const = 0;
  /// As far as one can see the server has neither closed it since nor spoken unasked: what comes before a request must
  /// never be taken for its answer.
  virtual bool is_quiet() = 0;

 protected:
  HttpConnection() = default;
};

/// What connections of one pool share.
struct Connecting {
  Origin origin;
  boost::asio::ssl::context* tls = nullptr;  ///< for https: the server must prove that it is `origin.host`
  std::size_t body_limit = 0;                ///< of an answer's body, unpacked, in bytes
  Deadlines* deadlines = nullptr;
  Traffic* traffic = nullptr;
};

/// Connects by `deadline`, trying each address of the name. What `connecting` points to outlives the connection. Throws
/// TransportError.
Awaitable<std::unique_ptr<HttpConnection>> connect_http(Connecting connecting, Clock::time_point deadline);

}  // namespace fhir
