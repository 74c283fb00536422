#include "fhir/client.h"

#include <optional>
#include <random>
#include <utility>

#include "fhir/aftermath.h"
#include "fhir/guarded.h"
#include "fhir/no_answer.h"
#include "fhir/obstacle.h"
#include "fhir/outgoing.h"
#include "fhir/retry.h"
#include "fhir/retry_line.h"
#include "fhir/self_description.h"
#include "fhir/sender.h"

namespace fhir {

struct Client::Parts {
  Parts(Executor executor, const config::Fhir& settings, const RetryPolicy& retry_policy)
      : policy(retry_policy), sender(executor, settings, policy), retries(executor, policy) {
    facts.login = sender.token().login();
  }

  Awaitable<Reception> reception_of(std::string token, Stop& stop);
  Awaitable<void> look_at_server();
  void note_rights();

  RetryPolicy policy;
  Sender sender;
  RetryLine retries;
  Facts facts;
  std::minstd_rand random{std::random_device{}()};
};

Client::Client(Executor executor, const config::Fhir& settings) : Client(executor, settings, RetryPolicy()) {}

Client::Client(Executor executor, const config::Fhir& settings, const RetryPolicy& policy)
    : parts_(std::make_unique<Parts>(executor, settings, policy)) {}

Client::~Client() = default;

Awaitable<Response> Client::send(Request request, Stop& stop) {
  Parts& parts = *parts_;
  Aftermath aftermath(request, parts.sender, parts.policy,
                      [&parts] { return std::uniform_real_distribution<double>(0, 1)(parts.random); });
  using Step = Aftermath::Next::Step;
  parts.retries.first_try();
  bool paid = false;
  std::optional<RetryCause> cause;
  for (;;) {
    stop.check();
    if (cause) ++parts.sender.tally().retries[static_cast<std::size_t>(*cause)];
    auto last = co_await parts.sender.attempt(request, stop);
    auto next = aftermath.after(std::move(last));
    if (next.step == Step::ask) {
      const auto reception = co_await parts.reception_of(aftermath.token(), stop);
      next = aftermath.after_asking(reception);
    }
    if (next.step == Step::answer) {
      if (paid) parts.retries.served();
      co_return std::move(next.response);
    }
    cause = aftermath.cause();
    if (next.pause > Clock::duration::zero()) co_await stop.pause(next.pause);
    if (next.step == Step::again) continue;
    const auto began = Clock::now();
    paid = co_await parts.retries.wait(began + aftermath.patience_left(), stop);
    aftermath.waited(Clock::now() - began, paid);
  }
}

Awaitable<Reception> Client::Parts::reception_of(std::string token, Stop& stop) {
  const auto reception =
      co_await guarded(sender.rights().reception(std::move(token), Clock::now()), until_stopped(stop));
  co_return reception;
}

Awaitable<void> Client::probe() {
  std::optional<ServerUnavailable> trouble;
  try {
    co_await parts_->look_at_server();
  } catch (const TransportError& error) {
    trouble = no_answer(parts_->sender.base().origin.str(), error);
  } catch (const Obstacle& obstacle) {
    trouble.emplace(std::string(obstacle.what()) + ": " + status_line(obstacle.answer.status), true);
  }
  parts_->note_rights();
  if (trouble) throw ServerUnavailable(*trouble);
}

Awaitable<void> Client::Parts::look_at_server() {
  FhirServer& server = sender.server();
  const std::string target = sender.base().path + "/metadata";
  auto question = plain_get(target, "");
  auto departure = server.gate().depart_anyway(Quota::read_cost);
  const auto metadata = co_await server.exchange(std::move(question), std::move(departure));
  if (metadata.status >= 500) {
    throw ServerUnavailable("GET " + server.origin().str() + target + ": " + status_line(metadata.status), true);
  }
  facts.software = metadata.status == 200 ? parse_software(metadata.body) : "";
  const auto token = co_await sender.token().current();
  sender.rights().forget();
  try {
    co_await sender.rights().check(token, sender.token().login());
  } catch (const Obstacle& obstacle) {
    // A token that was revoked while nobody worked: the next probe must ask for a new one.
    if (obstacle.answer.status == 401) sender.token().refused(token);
    throw;
  }
}

void Client::Parts::note_rights() {
  const Rights& rights = sender.rights();
  facts.says_admin = rights.says_admin();
  facts.rights_unknown = rights.unknown();
  facts.warning =
      rights.may_not_see_all() ? "the client has an access policy: resources that it hides are not reached" : "";
}

void Client::set_concurrency(std::size_t concurrency) {
  parts_->sender.set_concurrency(concurrency);
}

const Client::Facts& Client::facts() const {
  return parts_->facts;
}

Client::Gauges Client::gauges() const {
  return {parts_->sender.permits().in_flight(), parts_->sender.permits().limit()};
}

Tally& Client::tally() {
  return parts_->sender.tally();
}

const Tally& Client::tally() const {
  return parts_->sender.tally();
}

const Traffic& Client::traffic() const {
  return parts_->sender.server().traffic();
}

std::vector<Quota::Standing> Client::quotas() const {
  return parts_->sender.server().gate().quota().standings(Clock::now());
}

Clock::duration Client::closed_for() const {
  return parts_->sender.server().gate().quota().closed_for(Clock::now());
}

}  // namespace fhir
