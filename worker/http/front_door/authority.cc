#include "worker/http/front_door/authority.h"

#include <algorithm>

#include "fhir/rate_limit.h"
#include "fhir/reference.h"
#include "fhir/self_description.h"
#include "fhir/time_limit.h"
#include "worker/concurrency.h"
#include "worker/http/front_door/headers.h"
#include "worker/http/front_door/outcome.h"
#include "worker/log.h"

namespace worker::http::front_door {
namespace {

using namespace std::chrono_literals;

constexpr auto server_may_take = 10s;
constexpr auto unless_told = 5s;
constexpr auto between_troubles = 10s;

std::chrono::seconds wait_of(const Said& said) {
  for (const auto& limit : fhir::parse_rate_limits(said.rate_limit))
    if (limit.remaining == 0) return std::max(1s, limit.reset);
  return unless_told;
}

/// Nothing where the server said yes.
std::optional<Response> refusal_of(const Said& said, const Visitor& visitor) {
  switch (said.status) {
    case 200:
      return std::nullopt;
    case 401:
      return unauthorized(visitor.base);
    case 404:
    case 410:
      return not_found();
    case 429:
      return too_many_requests(said.rate_limit, wait_of(said));
    default:
      break;
  }
  const bool refused = said.status >= 400 && said.status < 500 && said.status != 408;
  return refused ? forbidden() : unavailable("The FHIR server cannot say now who may do this; try again", unless_told);
}

void refuse(const std::optional<Response>& refusal) {
  if (refusal) throw Refused(*refusal);
}

[[noreturn]] void refuse_all() {
  throw Refused(
      not_found("This door is shut: the FHIR server has no /auth/me to tell who may do what, and no "
                "--caller-token-file is set"));
}

Said said_of(const fhir::PassedAnswer& answer) {
  Said said;
  said.status = answer.status;
  said.rate_limit = answer.rate_limit;
  return said;
}

}  // namespace

Authority::Authority(fhir::Passage& passage, fhir::Client& client, const config::Http& settings)
    : passage_(passage), client_(client) {
  if (!settings.caller_token_file.empty()) tokens_.emplace(settings.caller_token_file);
}

Awaitable<Caller> Authority::admit(Visitor visitor, std::string target) {
  auto caller = co_await recognise(visitor);
  if (!caller.admin) throw Refused(forbidden());
  co_await check_reading(std::move(visitor), std::move(target));
  co_return caller;
}

Awaitable<Caller> Authority::recognise(Visitor visitor) {
  const fhir::Credentials& shown = visitor.credentials;
  if (!is_authorization(shown.authorization)) throw Refused(unauthorized(visitor.base));
  if (tokens_) co_return bearer_of_known_token(visitor);
  if (!shown.on_behalf_of.empty() && !fhir::parse_reference(shown.on_behalf_of))
    throw Refused(bad_request("X-Medplum-On-Behalf-Of: must be a reference like ProjectMembership/123"));
  const fhir::Credentials own{shown.authorization, {}};
  auto said = co_await ask_who(visitor, own);
  Caller caller{said.profile, shown.on_behalf_of, said.admin};
  if (caller.name.empty()) caller.name = name_of_token(shown.authorization);
  if (caller.on_behalf_of.empty()) co_return caller;
  said = co_await ask_who(visitor, shown);
  caller.admin = said.admin;
  co_return caller;
}

Awaitable<Said> Authority::ask_who(Visitor visitor, fhir::Credentials credentials) {
  const std::string question = key("me", credentials);
  const Questions::Ask ask = [this, credentials] { return who(credentials); };
  auto said = co_await questions_.answer(question, ask);
  if (said.status == 404) refuse_all();
  refuse(refusal_of(said, visitor));
  co_return said;
}

Awaitable<void> Authority::check_reading(Visitor visitor, std::string target) {
  Questions::Ask ask = [this, target, credentials = visitor.credentials] { return read(target, credentials); };
  if (tokens_) ask = [this, target] { return look_up(target); };
  const fhir::Credentials nobody;
  const std::string question = key(target, tokens_ ? nobody : visitor.credentials);
  const auto said = co_await questions_.answer(question, ask);
  refuse(refusal_of(said, visitor));
}

Caller Authority::bearer_of_known_token(const Visitor& visitor) {
  try {
    std::string name = tokens_->name_of(bearer_token(visitor.credentials.authorization));
    if (!name.empty()) return {std::move(name), {}, true};
  } catch (const fhir::ServerUnavailable& unreadable) {
    tell(unreadable.what());
    throw Refused(unavailable("It cannot be told now who may do this; try again", unless_told));
  }
  throw Refused(unauthorized(visitor.base));
}

Awaitable<Said> Authority::who(fhir::Credentials credentials) {
  Said said;
  if (!may_ask(said)) co_return said;
  try {
    const auto answer = co_await passage_.me(std::move(credentials));
    said = said_of(answer);
    const auto self = said.status == 200 ? fhir::parse_self_description(answer.body) : std::nullopt;
    if (said.status == 200 && !self) said.status = 0;
    if (self) {
      said.profile = self->profile;
      said.admin = self->admin;
    }
  } catch (const fhir::NoPassage& none) {
    tell(none.what());
  }
  co_return said;
}

Awaitable<Said> Authority::read(std::string target, fhir::Credentials credentials) {
  Said said;
  if (!may_ask(said)) co_return said;
  try {
    const auto answer = co_await passage_.read(std::move(target), std::move(credentials));
    said = said_of(answer);
  } catch (const fhir::NoPassage& none) {
    tell(none.what());
  }
  co_return said;
}

/// With our own rights: a file of tokens says nothing of who may read what.
Awaitable<Said> Authority::look_up(std::string target) {
  fhir::Request request;
  request.path = std::move(target);
  Said said;
  if (!may_ask(said)) co_return said;
  try {
    const auto answer = co_await guarded(client_.send(std::move(request), never_), fhir::time_limit(server_may_take));
    said.status = answer.status;
  } catch (const fhir::TimeIsUp&) {
    said.status = 0;
  } catch (const fhir::RequestFailed&) {
    said.status = 0;
  } catch (const fhir::ServerUnavailable&) {
    said.status = 0;
  }
  co_return said;
}

/// Callers who ask for ever new things must not use up what the server lets our address ask (Medplum: 60,000 requests a
/// minute, 6,000 where it costs nothing). Writes into `said` what they hear instead.
bool Authority::may_ask(Said& said) {
  const auto wait = rate_.refuse("", "", fhir::Clock::now());
  if (!wait) return true;
  said.status = 429;
  said.rate_limit = R"("requests";r=0;t=)" + std::to_string(wait->count());
  return false;
}

/// However many are at the door.
void Authority::tell(const std::string& trouble) {
  const auto now = fhir::Clock::now();
  if (now < silent_until_) return;
  silent_until_ = now + between_troubles;
  log::event(log::Level::warning, "callers cannot be let in", {{"why", trouble}});
}

/// The parts are told apart by a character that is in none of them.
std::string Authority::key(const std::string& question, const fhir::Credentials& credentials) const {
  return digest_.of(question + '\n' + credentials.authorization + '\n' + credentials.on_behalf_of);
}

}  // namespace worker::http::front_door
