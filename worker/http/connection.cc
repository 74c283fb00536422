#include "worker/http/connection.h"

#include <algorithm>
#include <stdexcept>
#include <typeinfo>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/core/demangle.hpp>
#include <boost/system/system_error.hpp>

#include "fhir/guarded.h"
#include "fhir/listed.h"
#include "worker/http/date.h"
#include "worker/http/error_answer.h"
#include "worker/http/peer_state.h"
#include "worker/http/target.h"
#include "worker/log.h"

namespace worker::http {
namespace {

using boost::system::system_error;
using fhir::Clock;
using fhir::guarded;
using Listed = fhir::Listed<Connection>;
using Watch = fhir::Deadlines::Watch;

/// Of an answer that is written at once: between two pieces it is the others' turn.
constexpr std::size_t written_at_once = std::size_t{64} * 1024;
/// The worker is to end soon.
constexpr auto linger_at_the_end = std::chrono::milliseconds(250);
constexpr auto between_looks = std::chrono::milliseconds(500);

struct ClientGone : std::runtime_error {
  ClientGone() : std::runtime_error("the client hung up") {}
};

struct TooSlow : std::runtime_error {
  TooSlow() : std::runtime_error("the client is too slow") {}
};

/// What the work waits for comes from the stream's socket; it ends with TooSlow if it takes longer.
template <class T>
Awaitable<T> within(std::chrono::milliseconds limit, Stream& stream, fhir::Deadlines& deadlines, Awaitable<T> work) {
  const Watch watch(deadlines, stream.socket(), Clock::now() + limit);
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
    } else {
      T result = co_await std::move(work);
      co_return result;
    }
  } catch (const system_error&) {
    if (watch.expired()) throw TooSlow();
    throw;
  }
}

/// Its text is for nobody: it may quote what a server said of a patient.
std::string why_of(const std::exception& error) {
  const auto* coded = dynamic_cast<const system_error*>(&error);
  return coded != nullptr ? coded->code().message() : boost::core::demangle(typeid(error).name());
}

void log_failure(Route route, const std::string& why) {
  log::event(log::Level::error, "request failed", {{"route", name_of(route)}, {"why", why}});
}

bool is_our_cancellation(const std::exception& error) {
  const auto* coded = dynamic_cast<const system_error*>(&error);
  return coded != nullptr && coded->code() == boost::asio::error::operation_aborted;
}

bool is_about_health(Route route) {
  return route == Route::health || route == Route::readiness;
}

}  // namespace

/// A piece that was cut off cannot be ended any more.
class Events final : public EventSink {
 public:
  explicit Events(Connection& connection) : connection_(connection) {}

  Awaitable<void> send(std::string text) override {
    if (text.empty()) co_return;
    whole_ = false;
    co_await connection_.write(piece_of(text, connection_.manner_));
    whole_ = true;
  }
  bool whole() const { return whole_; }

 private:
  Connection& connection_;
  bool whole_ = true;
};

Connection::Connection(std::unique_ptr<Stream> stream, Ends ends, bool over_tls, ServerState& state)
    : stream_(std::move(stream)),
      ends_(std::move(ends)),
      over_tls_(over_tls),
      state_(state),
      reader_(*stream_, state.limits, state.counts, state.bodies) {}

Awaitable<void> Connection::run() {
  try {
    co_await converse();
  } catch (...) {
    // The client is gone or too slow, or its stream of events ended: there is nobody left to tell.
    co_return;
  }
}

void Connection::close() {
  boost::system::error_code ignored;
  stream_->socket().close(ignored);
}

Awaitable<void> Connection::converse() {
  co_await shake_hands();
  for (bool more = true; more;) {
    co_await wait_for_request();
    const bool keeps = co_await answer_next();
    more = keeps && !state_.stopping.requested();
  }
  co_await hang_up();
}

Awaitable<void> Connection::shake_hands() {
  const Listed quiet(state_.quiet, *this);
  auto& failed = state_.counts.turned_away[static_cast<std::size_t>(Turned::no_handshake)];
  try {
    co_await within(state_.limits.head_time, *stream_, state_.deadlines, stream_->shake_hands());
  } catch (const std::exception&) {
    ++failed;
    throw;
  }
}

Awaitable<void> Connection::wait_for_request() {
  const auto limit = std::exchange(is_first_, false) ? state_.limits.head_time : state_.limits.idle_time;
  const Listed quiet(state_.quiet, *this);
  co_await within(limit, *stream_, state_.idle_deadlines, reader_.wait());
}

Awaitable<bool> Connection::answer_next() {
  manner_ = {.http_1_0 = false, .keep_alive = false};
  route_ = Route::nobody;
  head_only_ = false;
  Response response;
  std::optional<Refused> refused;
  try {
    Request request = co_await read_request();
    response = co_await respond(std::move(request));
  } catch (const Refused& why) {
    refused = why;
  } catch (const TooSlow&) {
    refused = Refused{Refusal::too_slow, {}};
  }
  if (refused) response = refusal(*refused);
  co_await send(std::move(response));
  co_return manner_.keep_alive;
}

Awaitable<Request> Connection::read_request() {
  const Limits& limits = state_.limits;
  Head head = co_await within(limits.head_time, *stream_, state_.deadlines, reader_.read_head());
  Request request = std::move(head.request);
  manner_.http_1_0 = head.http_1_0;
  route_ = route_of(request.path);
  head_only_ = request.method == "HEAD";
  if (head_only_) request.method = "GET";
  request.peer = plain(ends_.theirs).to_string();
  // Proxies that say nothing of themselves speak HTTP/1.0 unless they are told otherwise; browsers do not.
  request.from_here = !head.http_1_0 && is_from_here(ends_, request.fields);
  request.over_tls = over_tls_;
  if (!head.has_body) manner_.keep_alive = head.keep_alive;
  check_rate(request);
  if (head.has_body && head.expects_continue && !reader_.body_begun()) co_await write("HTTP/1.1 100 Continue\r\n\r\n");
  request.body = co_await within(limits.body_time, *stream_, state_.deadlines, reader_.read_body());
  manner_.keep_alive = head.keep_alive;
  co_return request;
}

/// Before the body: whoever comes too often need not send it.
void Connection::check_rate(const Request& request) {
  if (is_about_health(route_) || route_ == Route::metrics) return;
  const auto wait = state_.caller_rate.refuse(request.field("Authorization"), peer_of(ends_.theirs), Clock::now());
  if (!wait) return;
  stay_away_ = *wait;
  throw Refused{Refusal::too_many_requests, {}};
}

Awaitable<Response> Connection::respond(Request request) {
  if (!is_about_health(route_) && state_.counts.in_flight >= state_.limits.requests) throw Refused{Refusal::busy, {}};
  Response response = co_await ask_handler(std::move(request));
  if (head_only_ && response.events) response.events = nullptr;
  if (response.events && state_.counts.event_streams >= state_.limits.event_streams) throw Refused{Refusal::busy, {}};
  co_return response;
}

Awaitable<Response> Connection::ask_handler(Request request) {
  const Counted in_flight(state_.counts.in_flight);
  try {
    Response response = co_await guarded(state_.handler(std::move(request)), until_client_is_gone());
    co_return response;
  } catch (const ClientGone&) {
    throw;
  } catch (const Refused&) {
    throw;
  } catch (const std::exception& error) {
    if (is_our_cancellation(error)) throw;
    log_failure(route_, why_of(error));
  } catch (...) {
    log_failure(route_, "something that is no exception");
  }
  throw Refused{Refusal::failed, {}};
}

/// A client that only has nothing more to say is given up with those that are gone, if its answer takes that long: it
/// cannot be told from them.
Awaitable<void> Connection::until_client_is_gone() {
  const auto executor = co_await boost::asio::this_coro::executor;
  do {
    fhir::Timer timer(executor, between_looks);
    co_await timer.async_wait(fhir::use_awaitable);
  } while (!has_hung_up(stream_->socket()));
  throw ClientGone();
}

Response Connection::refusal(const Refused& refused) {
  ++state_.counts.refused[static_cast<std::size_t>(refused.refusal)];
  const auto wait = refused.refusal == Refusal::too_many_requests ? stay_away_ : std::chrono::seconds(1);
  return answer_to(refused, is_fhir(reader_.target()), wait);
}

Awaitable<void> Connection::send(Response response) {
  if (state_.stopping.requested() || (response.events && manner_.http_1_0)) manner_.keep_alive = false;
  std::string bytes;
  try {
    bytes = head_of(response, manner_, date_now());
  } catch (const std::invalid_argument& error) {
    log_failure(route_, error.what());
    response = refusal({Refusal::failed, {}});
    bytes = head_of(response, manner_, date_now());
  }
  ++state_.counts.answers[static_cast<std::size_t>(route_)][std::clamp(response.status / 100, 1U, 5U) - 1];
  if (!head_only_) bytes.append(response.body, 0, written_at_once);
  co_await write(std::move(bytes));
  for (std::size_t sent = written_at_once; !head_only_ && sent < response.body.size(); sent += written_at_once)
    co_await write(response.body.substr(sent, written_at_once));
  if (response.events) co_await send_events(std::move(response));
}

Awaitable<void> Connection::send_events(Response response) {
  const Counted open(state_.counts.event_streams);
  Events events(*this);
  try {
    co_await guarded(guarded(response.events(events), until_client_is_gone()), fhir::until_stopped(state_.stopping));
  } catch (const fhir::Stopped&) {
    manner_.keep_alive = false;
  }
  if (!events.whole()) throw ClientGone();
  co_await write(end_of_pieces(manner_));
}

Awaitable<void> Connection::write(std::string bytes) {
  co_await within(state_.limits.write_time, *stream_, state_.deadlines, stream_->write(bytes));
  state_.counts.bytes_sent += bytes.size();
}

Awaitable<void> Connection::hang_up() {
  const Listed quiet(state_.quiet, *this);
  const auto linger = state_.limits.linger_time;
  const auto limit = state_.stopping.requested() ? std::min(linger, linger_at_the_end) : linger;
  co_await within(limit, *stream_, state_.deadlines, stream_->hang_up());
}

}  // namespace worker::http
