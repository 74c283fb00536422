#include "fhir/rights.h"

#include "fhir/client.h"
#include "fhir/obstacle.h"
#include "fhir/outgoing.h"
#include "fhir/retry.h"

namespace fhir {

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
  if (judge(answer.status, {}) != Verdict::final) throw Obstacle(asked, std::move(answer));
  if (answer.status == 200) self_ = parse_self_description(answer.body);
  if (!self_) {
    throw ServerUnavailable(asked + ": " + status_line(answer.status) +
                            ", which does not tell whether we may write accounts: check --fhir-url");
  }
}

}  // namespace fhir
