#include "fhir/http_pool.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "fhir/alarm.h"
#include "fhir/deadlines.h"
#include "fhir/http_connection.h"
#include "fhir/keep_alive.h"
#include "fhir/stop.h"
#include "fhir/tls_context.h"

namespace fhir {
namespace {

/// The idle connections, the one used last at the end.
class IdleConnections {
 public:
  explicit IdleConnections(const Executor& executor)
      : alarm_(executor, [this](Clock::time_point now) { return close_old(now); }) {}

  /// The one used last that is still good, or none.
  std::unique_ptr<HttpConnection> take(Clock::time_point now) {
    while (!idle_.empty()) {
      Idle youngest = std::move(idle_.back());
      idle_.pop_back();
      if (youngest.until > now && youngest.connection->is_quiet()) return std::move(youngest.connection);
    }
    return nullptr;
  }

  void put(std::unique_ptr<HttpConnection> connection, Clock::time_point until) {
    idle_.push_back({std::move(connection), until});
    alarm_.set(until);
  }

 private:
  struct Idle {
    std::unique_ptr<HttpConnection> connection;
    Clock::time_point until;
  };

  Clock::time_point close_old(Clock::time_point now) {
    std::erase_if(idle_, [now](const Idle& idle) { return idle.until <= now; });
    return idle_.empty() ? Clock::time_point::max() : std::ranges::min_element(idle_, {}, &Idle::until)->until;
  }

  std::vector<Idle> idle_;
  Alarm alarm_;
};

/// The server had closed the kept-alive connection before it could have read our request.
bool is_stale(const TransportError& error) {
  return error.kind == TransportError::Kind::broken && !error.answer_begun;
}

}  // namespace

struct HttpPool::Parts {
  Parts(const Executor& executor, Origin origin, const config::Fhir& settings)
      : timeout(settings.request_timeout), deadlines(executor), idle(executor) {
    if (origin.tls) trust.emplace(settings.ca_file);
    connecting = {std::move(origin), trust ? &trust->context() : nullptr, settings.body_limit, &deadlines, &traffic};
  }
  void keep(std::unique_ptr<HttpConnection> connection, const HttpAnswer& answer) {
    if (!connection->reusable()) return;
    const auto time = longest_idle(answer.fields);
    if (time > Clock::duration::zero()) idle.put(std::move(connection), Clock::now() + time);
  }

  std::chrono::milliseconds timeout;
  std::optional<TlsTrust> trust;
  Deadlines deadlines;
  Traffic traffic;
  Connecting connecting;
  IdleConnections idle;
};

HttpPool::HttpPool(Executor executor, Origin origin, const config::Fhir& settings)
    : parts_(std::make_unique<Parts>(executor, std::move(origin), settings)) {}

HttpPool::~HttpPool() = default;

const Origin& HttpPool::origin() const {
  return parts_->connecting.origin;
}

const Traffic& HttpPool::traffic() const {
  return parts_->traffic;
}

Awaitable<HttpAnswer> HttpPool::exchange(HttpRequest request, LastLook last_look) {
  if (!is_one_request(request)) throw std::invalid_argument("the request holds characters that do not belong there");
  const auto now = Clock::now();
  const auto deadline = now + parts_->timeout;
  auto kept = parts_->idle.take(now);
  if (kept) {
    std::optional<HttpAnswer> answer;
    try {
      answer = co_await kept->exchange(request, last_look, deadline);
    } catch (const TransportError& error) {
      if (!is_stale(error)) throw;
    }
    if (answer) {
      parts_->keep(std::move(kept), *answer);
      co_return std::move(*answer);
    }
    kept.reset();
  }
  if (parts_->trust) parts_->trust->renew();
  auto fresh = co_await connect_http(parts_->connecting, deadline);
  auto answer = co_await fresh->exchange(request, last_look, deadline);
  parts_->keep(std::move(fresh), answer);
  co_return std::move(answer);
}

}  // namespace fhir
