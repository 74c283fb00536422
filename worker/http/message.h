#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/awaitable.h"

namespace worker::http {

/// Names in any case.
using Fields = std::vector<std::pair<std::string, std::string>>;
/// The values of all lines of that name, joined by a comma as RFC 9110 section 5.3 allows; empty if none.
std::string joined(const Fields& fields, std::string_view name);

/// A request that kept to the limits and to RFC 9112, as those see it who answer it.
struct Request {
  std::string method;  ///< as sent; methods have case (RFC 9110 section 9.1)
  std::vector<std::string>
      path;           ///< its segments, percent-decoded once; none is empty, `.` or `..`, none holds a slash
  std::string query;  ///< as sent, without `?`
  Fields fields;
  std::string body;
  std::string peer;  ///< the address at the other end of the connection, without its port
  bool from_here =
      false;  ///< it came over a loopback address, named one in Host, and nothing says that it was forwarded
  bool over_tls = false;

  std::string field(std::string_view name) const { return joined(fields, name); }
};

/// Where a response goes that has no end of its own: server-sent events.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// Sends text as it is, whole events. Waits until it is on its way; throws when the client is gone or too slow.
  virtual Awaitable<void> send(std::string text) = 0;
};

struct Response {
  unsigned status = 200;
  std::string content_type;  ///< of the body; empty without one
  std::string body;
  Fields fields;  ///< besides Content-Type, Content-Length, Date, Connection and what goes with every response
  /// Instead of a body: runs after the head was sent, until it returns, or is cancelled because the client is gone or
  /// the server stops. What it throws ends the connection.
  std::function<Awaitable<void>(EventSink& sink)> events;
};

/// Answers one request. Never called with more requests at once than the server's limit. Cancelled when the client is
/// gone or the server stops in a hurry. An exception becomes a 500 without its text.
using Handler = std::function<Awaitable<Response>(Request request)>;

}  // namespace worker::http
