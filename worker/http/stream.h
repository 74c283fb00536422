#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "fhir/deadlines.h"
#include "worker/awaitable.h"

namespace worker::http {

using fhir::Socket;

/// The bytes of one connection. What fails throws boost::system::system_error, the peer's end among it. A limit is set
/// from outside, on the socket (fhir::Deadlines).
class Stream {
 public:
  virtual ~Stream() = default;
  /// Before anything else.
  virtual Awaitable<void> shake_hands() = 0;
  virtual Awaitable<std::size_t> read_some(std::span<char> buffer) = 0;
  virtual Awaitable<void> write(const std::string& bytes) = 0;
  /// Says that nothing more comes from us, and drops what still comes from the peer until it hangs up, too: closed
  /// before that, the connection would be reset, and the peer lose the last answer.
  virtual Awaitable<void> hang_up() = 0;
  virtual Socket& socket() = 0;
};

std::unique_ptr<Stream> make_plain_stream(Socket socket);
std::unique_ptr<Stream> make_tls_stream(Socket socket, boost::asio::ssl::context& context);

}  // namespace worker::http
