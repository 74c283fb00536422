#include "fhir/aftermath.h"

#include <algorithm>
#include <utility>

#include "fhir/no_answer.h"
#include "fhir/outgoing.h"
#include "fhir/rate_limit.h"

namespace fhir {
namespace {

std::string spoken(Clock::duration time) {
  if (time == std::chrono::minutes(2)) return "two minutes";
  if (time >= std::chrono::seconds(1)) return std::to_string(time / std::chrono::seconds(1)) + " s";
  return std::to_string(time / std::chrono::milliseconds(1)) + " ms";
}

Response response_of(Try& last, const Request& request) {
  Response response;
  response.status = last.answer.status;
  response.etag = version_in(last.answer.fields.joined("ETag"));
  response.body = std::move(last.answer.body);
  if (request.method == Method::get) response.date = parse_http_date(last.answer.fields.joined("Date"));
  return response;
}

/// A 400 that was cut short may have said that the version is stale; and a proxy whose server is being deployed says
/// 404 of everything, where Medplum gives an OperationOutcome.
bool is_the_servers(unsigned status, const OperationOutcome& outcome) {
  const bool says_gone = status == 404 || status == 410;
  return !outcome.cut_short && (outcome.is_one || !says_gone);
}

Aftermath::Next done(Response response) {
  return {Aftermath::Next::Step::answer, {}, std::move(response)};
}

Aftermath::Next in_doubt() {
  return {Aftermath::Next::Step::ask, {}, {}};
}

}  // namespace

Aftermath::Next Aftermath::after(Try last) {
  last_ = std::move(last);
  if (last_.silence) return after_silence();
  const auto outcome = last_.answer.status == 200 ? OperationOutcome() : parse_operation_outcome(last_.answer.body);
  switch (judge(last_.answer.status, outcome)) {
    case Verdict::final:
      return is_the_servers(last_.answer.status, outcome) ? after_answer() : after_foreign_answer();
    case Verdict::elsewhere:
      return in_doubt();
    case Verdict::again:
      return after_trouble();
    case Verdict::new_token:
      return after_401();
    case Verdict::after_reset:
      return after_429();
  }
  return {};
}

Aftermath::Next Aftermath::after_asking(Reception reception) {
  if (last_.silence) {
    if (reception == Reception::silence) throw no_answer(sender_.base().origin.str(), *last_.silence);
    return after_pause(last_.silence->what(), backoff(policy_, patience_.failures(), chance_()));
  }
  if (last_.answer.status != 401) return after_redirect(reception);
  const bool taken_for_others = token_renewed_ && sender_.has_accepted(last_.token);
  if (reception == Reception::welcome || (reception == Reception::unclear && taken_for_others)) {
    give_up(token_renewed_ ? "401 Unauthorized, also with a new token"
                           : "401 Unauthorized, although the server takes our token");
  }
  blame_token();
}

Aftermath::Next Aftermath::after_silence() {
  const auto& silence = *last_.silence;
  const std::string origin = sender_.base().origin.str();
  if (silence.kind == TransportError::Kind::untrusted) throw no_answer(origin, silence);
  if (silence.kind == TransportError::Kind::too_large) {
    throw AnswerTooLarge(title(request_) + ": " + silence.what() + ": lower --page-size or raise --body-limit");
  }
  count_failure();
  auto& shared = sender_.server().silence();
  if (silence.answer_begun) {
    shared.ended(Clock::now());
  } else {
    shared.heard(last_.began);
  }
  if (shared.is_outage(policy_, patience_.over(), Clock::now())) {
    if (!last_.logged_in) throw no_answer(origin, silence);
    return in_doubt();
  }
  return after_pause(silence.what(), backoff(policy_, patience_.failures(), chance_()));
}

/// A second one says nothing yet of the token: the server may refuse this resource alone.
Aftermath::Next Aftermath::after_401() {
  if (!token_renewed_) {
    token_renewed_ = sender_.token().refused(last_.token);
    if (token_renewed_) return {};
  }
  if (last_.obstacle.empty()) return in_doubt();
  blame_token();
}

void Aftermath::blame_token() {
  const bool renewable = sender_.token().refused(last_.token);
  if (!last_.obstacle.empty()) give_up(renewable ? "401 Unauthorized, also with a new token" : "401 Unauthorized");
  std::string remedy = "put a valid token into the file of --token-file";
  if (last_.token.empty()) remedy = "set --client-id and --client-secret-file, or --token-file";
  if (renewable) {
    remedy = "check that --token-url and --fhir-url belong together and that this client may use the server";
  }
  throw ServerUnavailable("the FHIR server answers 401 Unauthorized to our " + sender_.token().login() +
                          (renewable ? ", also with a new token: " : ": ") + remedy);
}

/// Of everything it is a server, or a proxy, that wants to be called otherwise; of one resource, an answer like others.
Aftermath::Next Aftermath::after_redirect(Reception reception) {
  if (reception == Reception::welcome) return after_answer();
  const std::string asked = last_.obstacle.empty() ? title(request_) : last_.obstacle;
  throw ServerUnavailable(asked + ": " + status_line(last_.answer.status) +
                          ": the server sends us elsewhere, and our token goes nowhere else: give its own address as "
                          "--fhir-url");
}

Aftermath::Next Aftermath::after_429() {
  const Reset reset = reset_after(last_.answer, policy_);
  sender_.server().gate().close_until(Clock::now() + reset.wait);  // the token's may come from elsewhere
  count_failure();
  if (!reset.named) patience_.waited(reset.wait);
  if (patience_.over()) give_up(status_line(last_.answer.status));
  return {};
}

Aftermath::Next Aftermath::after_trouble() {
  if (last_.obstacle.empty() && request_.final_answer) {
    auto response = response_of(last_, request_);
    if (request_.final_answer(response)) return done(std::move(response));
  }
  return again(status_line(last_.answer.status));
}

Aftermath::Next Aftermath::after_answer() {
  auto response = response_of(last_, request_);
  const bool judged = response.status == 200 && request_.unusable;
  const auto unusable = judged ? request_.unusable(response) : std::nullopt;
  if (unusable) return again("200 OK, but unusable: " + *unusable);
  return done(std::move(response));
}

Aftermath::Next Aftermath::after_foreign_answer() {
  return again(status_line(last_.answer.status) +
               ", but no whole OperationOutcome of a FHIR server (check --fhir-url, and what is in between)");
}

Aftermath::Next Aftermath::again(const std::string& why) {
  count_failure();
  const auto asked = asked_pause(last_.answer, policy_);
  return after_pause(why, std::max(backoff(policy_, patience_.failures(), chance_()), asked));
}

Aftermath::Next Aftermath::after_pause(const std::string& why, Clock::duration pause) {
  if (patience_.over()) give_up(why);
  last_trouble_ = why;
  patience_.waited(pause);
  return {Next::Step::retry, pause, {}};
}

void Aftermath::waited(Clock::duration time, bool paid) {
  patience_.waited(time);
  if (!paid) give_up(last_trouble_);
}

void Aftermath::count_failure() {
  patience_.failed(Clock::now() - last_.began);
}

/// Without a token it was not the request that failed.
void Aftermath::give_up(const std::string& why) const {
  const std::string lasting = patience_.over() ? " for " + spoken(policy_.patience) : "";
  if (!last_.obstacle.empty()) throw ServerUnavailable(last_.obstacle + ": " + why + lasting);
  if (!last_.logged_in) throw ServerUnavailable(why + lasting, true);
  throw RequestFailed(title(request_) + ": " + why + lasting);
}

}  // namespace fhir
