#include "fhir/quota_gate.h"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "fhir/listed.h"

namespace fhir {
QuotaGate::Departure::~Departure() {
  if (!gate_) return;
  gate_->quota_.lost(cost_);
  gate_->wake_all();
}

void QuotaGate::Departure::answered(const std::vector<RateLimit>& limits, bool refused) {
  QuotaGate* gate = std::exchange(gate_, nullptr);
  gate->quota_.answered(cost_, sent_at_, Clock::now(), limits, refused);
  gate->wake_all();
}

Awaitable<void> QuotaGate::wait(long cost) {
  for (auto until = quota_.held_until(cost, Clock::now()); until; until = quota_.held_until(cost, Clock::now())) {
    Timer timer(executor_, *until);
    const Listed listed(waiting_, timer);
    boost::system::error_code ended;
    co_await timer.async_wait(boost::asio::redirect_error(use_awaitable, ended));
    const auto cancellation = co_await boost::asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != boost::asio::cancellation_type::none) {
      throw boost::system::system_error(boost::asio::error::operation_aborted);
    }
  }
}

std::optional<QuotaGate::Departure> QuotaGate::depart(long cost) {
  if (quota_.held_until(cost, Clock::now())) return std::nullopt;
  return depart_anyway(cost);
}

QuotaGate::Departure QuotaGate::depart_anyway(long cost) {
  quota_.sent(cost);
  return {*this, cost};
}

void QuotaGate::wake_all() {
  for (Timer* timer : waiting_) timer->cancel();
}

}  // namespace fhir
