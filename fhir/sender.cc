#include "fhir/sender.h"

#include <utility>

#include "fhir/guarded.h"
#include "fhir/obstacle.h"
#include "fhir/outgoing.h"
#include "fhir/server_urls.h"

namespace fhir {
namespace {

/// A 429 that names its reset is a quota used up, not a server that has too much to do.
bool shows_overload(const Try& patch, const RetryPolicy& policy) {
  if (patch.silence) return patch.silence->kind == TransportError::Kind::timed_out;
  if (patch.answer.status != 429) return patch.answer.status == 503;
  return !reset_after(patch.answer, policy).named;
}

/// A redirect, a 429 or a 5xx may come from a proxy that looks at no token.
bool shows_good_token(const Try& current) {
  const unsigned status = current.answer.status;
  return !current.silence && status < 500 && status / 100 != 3 && status != 401 && status != 429;
}

}  // namespace

RetryCause cause_of_retry(const Try& failed) {
  if (failed.silence) {
    return failed.silence->kind == TransportError::Kind::timed_out ? RetryCause::timeout : RetryCause::connection;
  }
  const unsigned status = failed.answer.status;
  if (status == 401) return RetryCause::unauthorized;
  if (status == 409) return RetryCause::conflict;
  if (status == 429) return RetryCause::too_many_requests;
  return status >= 500 || status == 408 ? RetryCause::server_error : RetryCause::unusable;
}

Sender::Sender(Executor executor, const config::Fhir& settings, const RetryPolicy& policy)
    : policy_(policy),
      base_(base_url_of(settings)),
      server_(executor, base_.origin, settings, policy),
      token_(executor, settings, token_url_of(settings, base_)),
      rights_(executor, server_, base_.root),
      limit_(settings.concurrency),
      permits_(executor, limit_.limit()) {}

Awaitable<Try> Sender::attempt(const Request& request, Stop& stop) {
  Try current;
  current.began = Clock::now();
  try {
    if (request.method == Method::patch) {
      co_await patch(request, stop, current);
    } else {
      co_await guarded(get(request, current), until_stopped(stop));
    }
    if (shows_good_token(current)) accepted_token_ = current.token;
  } catch (const TransportError& error) {
    current.silence = error;
  } catch (const Obstacle& obstacle) {
    current.obstacle = obstacle.what();
    current.answer = obstacle.answer;
  }
  co_return std::move(current);
}

/// The exchange itself is not guarded: what the server may have done already must be heard of.
Awaitable<void> Sender::patch(const Request& request, Stop& stop, Try& current) {
  auto leave = ready_at_once(request, current);
  if (!leave) leave = co_await ready_to_patch(request, stop, current);
  auto message = outgoing(request, base_, fields_with(current.token));
  const auto sent_at = leave->departure.sent_at();
  const LastLook last_look = [&stop] { stop.check(); };
  try {
    current.answer = co_await server_.exchange(std::move(message), std::move(leave->departure), last_look);
  } catch (const TransportError& error) {
    current.silence = error;
  } catch (const Stopped&) {
    throw;  // before it was sent, or sent again on a connection that brings no answer any more
  } catch (...) {
    stop.abandon_write();
    throw;
  }
  note_patch(current, sent_at);
}

std::optional<Sender::Leave> Sender::ready_at_once(const Request& request, Try& current) {
  auto permit = permits_.try_acquire();
  if (!permit) return std::nullopt;
  auto departure = depart_if_ready(request, current);
  if (!departure) return std::nullopt;
  return Leave{std::move(*permit), std::move(*departure)};
}

/// Mostly for its permit alone. Nobody holds one while he waits for the quota.
Awaitable<Sender::Leave> Sender::ready_to_patch(const Request& request, Stop& stop, Try& current) {
  const long cost = cost_of(request);
  for (;;) {
    Leave leave;
    leave.permit = co_await permits_.acquire(request.share, stop);
    current.began = Clock::now();
    auto departure = depart_if_ready(request, current);
    if (departure) {
      leave.departure = std::move(*departure);
      co_return std::move(leave);
    }
    const bool quota_is_used_up = server_.gate().holds(cost);
    if (quota_is_used_up) leave.permit = {};
    co_await guarded(become_ready(cost, current), until_stopped(stop));
  }
}

/// Nothing if there is something to wait for.
std::optional<QuotaGate::Departure> Sender::depart_if_ready(const Request& request, Try& current) {
  const std::string* token = token_.at_hand();
  if (!token || !rights_.knows(*token)) return std::nullopt;
  current.token = *token;
  current.logged_in = true;
  auto departure = server_.gate().depart(cost_of(request));
  if (departure) current.began = departure->sent_at();
  return departure;
}

/// One thing after the other of what a PATCH needs besides a permit; any may be lost again meanwhile.
Awaitable<void> Sender::become_ready(long cost, Try& current) {
  co_await server_.gate().wait(cost);
  current.began = Clock::now();
  current.token = co_await token_.current();
  current.logged_in = true;
  if (rights_.knows(current.token)) co_return;
  co_await server_.gate().wait(Quota::read_cost);
  co_await rights_.check(current.token, token_.login());
}

/// A page wants no permit: a job reads one at a time, and must go on reading while its PATCHes wait for theirs.
Awaitable<void> Sender::get(const Request& request, Try& current) {
  const long cost = cost_of(request);
  for (;;) {
    co_await server_.gate().wait(cost);
    Permits::Permit permit;
    if (!asks_for_many(request)) permit = co_await permits_.acquire(request.share);
    current.began = Clock::now();
    current.token = co_await token_.current();
    current.logged_in = true;
    auto message = outgoing(request, base_, fields_with(current.token));
    auto departure = server_.gate().depart(cost);
    if (!departure) continue;
    current.began = Clock::now();
    const RequestKind kind = asks_for_many(request) ? RequestKind::page : RequestKind::read;
    try {
      current.answer = co_await server_.exchange(std::move(message), std::move(*departure));
    } catch (const TransportError& error) {
      current.silence = error;
    }
    note_answer(kind, current);
    co_return;
  }
}

const HttpFields& Sender::fields_with(const std::string& token) {
  if (token_of_fields_ != token) {
    fields_ = fhir_fields(token);
    token_of_fields_ = token;
  }
  return fields_;
}

void Sender::set_concurrency(std::size_t concurrency) {
  limit_ = AdaptiveLimit(concurrency);
  permits_.set_limit(limit_.limit());
}

void Sender::note_patch(const Try& patch, Clock::time_point sent_at) {
  const auto now = Clock::now();
  note_answer(RequestKind::patch, patch);
  tally_.patch_time.add(now - sent_at);
  if (shows_overload(patch, policy_)) {
    limit_.overloaded(sent_at, now);
  } else if (!patch.silence && patch.answer.status < 500 && patch.answer.status != 429) {
    limit_.served(sent_at, now, permits_.in_flight());
  }
  permits_.set_limit(limit_.limit());
}

void Sender::note_answer(RequestKind kind, const Try& current) {
  const AnswerClass answer = current.silence ? AnswerClass::silence : class_of(current.answer.status);
  ++tally_.requests[static_cast<std::size_t>(kind)][static_cast<std::size_t>(answer)];
  if (!current.silence && current.answer.status == 429) ++tally_.too_many_requests;
}

}  // namespace fhir
