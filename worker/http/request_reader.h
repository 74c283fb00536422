#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "worker/awaitable.h"
#include "worker/http/counts.h"
#include "worker/http/limits.h"
#include "worker/http/message.h"
#include "worker/http/stream.h"

namespace worker::http {

/// What the head of a request says.
struct Head {
  Request request;  ///< all but its body and what is known of the connection
  std::string target;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool has_body = false;
  bool expects_continue = false;
};

/// Reads the requests that come over one connection, one behind the other. What a client sends that is no request
/// throws Refused, what it leaves off boost::system::system_error.
class RequestReader {
 public:
  /// `bodies`: bytes of all bodies that the server holds at the time. All outlive the reader.
  RequestReader(Stream& stream, const Limits& limits, ServerCounts& counts, std::size_t& bodies);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Until something has come of the next request.
  Awaitable<void> wait();
  /// Whether something has.
  bool begun() const { return !received_.empty(); }
  Awaitable<Head> read_head();
  /// Whether some of the body is here, so that nobody waits for a 100.
  bool body_begun() const { return !received_.empty(); }
  Awaitable<std::string> read_body();
  /// What the last head, whole or not, asked for, if so much can be seen.
  std::string_view target() const { return target_; }

 private:
  class Parser;

  Awaitable<void> receive();
  void note_target();
  void hold(std::size_t bytes);
  void release();

  Stream& stream_;
  const Limits& limits_;
  ServerCounts& counts_;
  std::size_t& bodies_;
  std::size_t held_ = 0;  ///< of bodies_, by us
  std::string received_;  ///< and not yet parsed
  std::string target_;
  std::unique_ptr<Parser> parser_;  ///< of the request that is being read
};

}  // namespace worker::http
