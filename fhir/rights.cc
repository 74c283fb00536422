#include "fhir/rights.h"

#include "fhir/client.h"
#include "fhir/obstacle.h"
#include "fhir/outgoing.h"
#include "fhir/retry.h"

namespace fhir {
namespace {

/// A token that was just refused has not become good since: many requests meet a 401 one shortly after the other.
constexpr std::chrono::seconds refusals_hold(1);

}  // namespace

Awaitable<void> Rights::check(std::string token, const std::string& login) {
  if (knows(token)) co_return;
  const auto turn = co_await asking_.acquire(0);
  if (knows(token)) co_return;
  co_await ask(token);
  if (!unknown_ && !says_admin()) {
    throw ServerUnavailable("the client (" + login +
                            ") is no project admin: the server would silently ignore every change of accounts; "
                            "make its ProjectMembership an admin");
  }
  checked_token_ = token;
}

Awaitable<void> Rights::ask(std::string token) {
  auto answer = co_await server_.exchange(plain_get(target_, token), server_.gate().depart_anyway(Quota::read_cost));
  unknown_ = answer.status == 404;
  self_.reset();
  if (unknown_) co_return;
  const std::string asked = "GET " + server_.origin().str() + target_;
  const Verdict verdict = judge(answer.status, {});
  if (verdict != Verdict::final && verdict != Verdict::elsewhere) throw Obstacle(asked, std::move(answer));
  if (answer.status == 200) self_ = parse_self_description(answer.body);
  if (!self_) {
    throw ServerUnavailable(asked + ": " + status_line(answer.status) +
                            ", which does not tell whether we may write accounts: check --fhir-url");
  }
}

Awaitable<Reception> Rights::reception(std::string token, Clock::time_point since) {
  const auto turn = co_await asking_.acquire(0);
  if (last_reception_ && last_reception_->reception == Reception::refused) since -= refusals_hold;
  const bool known = last_reception_ && last_reception_->token == token && last_reception_->asked_at >= since;
  if (!known) {
    const auto asked_at = Clock::now();
    const auto reception = co_await present(token);
    last_reception_ = Received{std::move(token), asked_at, reception};
  }
  co_return last_reception_->reception;
}

Awaitable<Reception> Rights::present(std::string token) {
  try {
    const auto answer =
        co_await server_.exchange(plain_get(target_, token), server_.gate().depart_anyway(Quota::read_cost));
    if (answer.status == 401) co_return Reception::refused;
    const bool knows_us = answer.status == 200 && parse_self_description(answer.body);
    co_return knows_us ? Reception::welcome : Reception::unclear;
  } catch (const TransportError&) {
    co_return Reception::silence;
  }
}

}  // namespace fhir
