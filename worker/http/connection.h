#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "worker/awaitable.h"
#include "worker/http/ends.h"
#include "worker/http/refusal.h"
#include "worker/http/request_reader.h"
#include "worker/http/server_state.h"
#include "worker/http/stream.h"
#include "worker/http/wire.h"

namespace worker::http {

/// One client's connection: reads its requests one behind the other, has each answered, sends the answers in that
/// order. Whatever it waits for has a limit.
class Connection {
 public:
  Connection(std::unique_ptr<Stream> stream, Ends ends, bool over_tls, ServerState& state);

  /// Until one of both ends it.
  Awaitable<void> run();
  /// Only while it is quiet.
  void close();
  bool closed() const { return !stream_->socket().is_open(); }

 private:
  friend class Events;

  Awaitable<void> converse();
  Awaitable<void> shake_hands();
  Awaitable<void> wait_for_request();
  /// Whether another request may come.
  Awaitable<bool> answer_next();
  Awaitable<Request> read_request();
  Awaitable<Response> respond(Request request);
  Awaitable<Response> ask_handler(Request request);
  Awaitable<void> until_client_is_gone();
  Awaitable<void> send(Response response);
  Awaitable<void> send_events(Response response);
  Awaitable<void> write(std::string bytes);
  Awaitable<void> hang_up();
  void check_rate(const Request& request);
  Response refusal(const Refused& refused);

  std::unique_ptr<Stream> stream_;
  Ends ends_;
  bool over_tls_;
  ServerState& state_;
  RequestReader reader_;
  bool is_first_ = true;
  // of the request that is being answered
  Manner manner_;
  Route route_ = Route::nobody;
  bool head_only_ = false;
  std::chrono::seconds stay_away_{1};
};

}  // namespace worker::http
