#include "fhir/http_pool.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/ssl/context.hpp>

#include "fhir/http_connection.h"
#include "fhir/keep_alive.h"
#include "fhir/stop.h"
#include "fhir/tls_context.h"

namespace fhir {
namespace {

/// The idle connections, the one used last at the end.
class IdleConnections : public std::enable_shared_from_this<IdleConnections> {
 public:
  explicit IdleConnections(const Executor& executor) : timer_(executor) {}

  /// The one used last that is still good, or none.
  std::unique_ptr<HttpConnection> take() {
    close_old();
    while (!idle_.empty()) {
      auto youngest = std::move(idle_.back().connection);
      idle_.pop_back();
      if (youngest->reusable()) return youngest;
    }
    return nullptr;
  }

  void put(std::unique_ptr<HttpConnection> connection, Clock::time_point until) {
    const bool sooner = idle_.empty() || until < timer_.expiry();
    idle_.push_back({std::move(connection), until});
    if (sooner) close_at(until);
  }

  void close_all() {
    idle_.clear();
    timer_.cancel();
  }

 private:
  struct Idle {
    std::unique_ptr<HttpConnection> connection;
    Clock::time_point until;
  };

  void close_old() {
    const auto now = Clock::now();
    std::erase_if(idle_, [now](const Idle& idle) { return idle.until <= now; });
  }

  void close_at(Clock::time_point next) {
    timer_.expires_at(next);
    timer_.async_wait([self = weak_from_this()](boost::system::error_code cancelled) {
      const auto idle = self.lock();
      if (cancelled || !idle) return;
      idle->close_old();
      const auto& left = idle->idle_;
      if (!left.empty()) idle->close_at(std::ranges::min_element(left, {}, &Idle::until)->until);
    });
  }

  std::deque<Idle> idle_;
  Timer timer_;
};

/// The server had closed the kept-alive connection before it could have read our request.
bool is_stale(const TransportError& error) {
  return error.kind == TransportError::Kind::broken && !error.answer_begun;
}

}  // namespace

struct HttpPool::Parts {
  Origin origin;
  std::optional<boost::asio::ssl::context> tls;
  std::chrono::milliseconds timeout;
  std::size_t body_limit;
  std::shared_ptr<IdleConnections> idle;  ///< its timer's handler looks at it too, unless the pool is gone by then

  boost::asio::ssl::context* tls_context() { return tls ? &*tls : nullptr; }
  void keep(std::unique_ptr<HttpConnection> connection, const HttpAnswer& answer) const {
    const auto time = longest_idle(answer.fields);
    if (time > Clock::duration::zero() && connection->reusable()) idle->put(std::move(connection), Clock::now() + time);
  }
};

HttpPool::HttpPool(Executor executor, Origin origin, const config::Fhir& settings) : parts_(std::make_unique<Parts>()) {
  parts_->origin = std::move(origin);
  if (parts_->origin.tls) parts_->tls.emplace(make_tls_context(settings.ca_file));
  parts_->timeout = settings.request_timeout;
  parts_->body_limit = settings.body_limit;
  parts_->idle = std::make_shared<IdleConnections>(executor);
}

HttpPool::~HttpPool() {
  parts_->idle->close_all();
}

const Origin& HttpPool::origin() const {
  return parts_->origin;
}

Awaitable<HttpAnswer> HttpPool::exchange(HttpRequest request, LastLook last_look) {
  if (!is_one_request(request)) throw std::invalid_argument("the request holds characters that do not belong there");
  const auto deadline = Clock::now() + parts_->timeout;
  auto kept = parts_->idle->take();
  if (kept) {
    std::optional<HttpAnswer> answer;
    last_look();
    try {
      answer = co_await kept->exchange(request, deadline);
    } catch (const TransportError& error) {
      if (!is_stale(error)) throw;
    }
    if (answer) {
      parts_->keep(std::move(kept), *answer);
      co_return std::move(*answer);
    }
    kept.reset();
  }
  auto fresh = co_await connect_http(parts_->origin, parts_->tls_context(), parts_->body_limit, deadline);
  last_look();
  auto answer = co_await fresh->exchange(std::move(request), deadline);
  parts_->keep(std::move(fresh), answer);
  co_return std::move(answer);
}

}  // namespace fhir
