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

Response response_of(Try& last) {
  Response response;
  response.status = last.answer.status;
  response.etag = version_in(last.answer.fields.joined("ETag"));
  response.body = std::move(last.answer.body);
  response.date = parse_http_date(last.answer.fields.joined("Date"));
  return response;
}

}  // namespace

Aftermath::Next Aftermath::after(Try last) {
  if (last.silence) return after_silence(last, *last.silence);
  const auto outcome = last.answer.status == 200 ? OperationOutcome() : parse_operation_outcome(last.answer.body);
  switch (judge(last.answer.status, outcome)) {
    case Verdict::final:
      return after_answer(last);
    case Verdict::again:
      return after_trouble(last);
    case Verdict::new_token:
      return after_401(last);
    case Verdict::after_reset:
      return after_429(last);
  }
  return {};
}

Aftermath::Next Aftermath::after_silence(const Try& last, const TransportError& silence) {
  const std::string origin = sender_.base().origin.str();
  if (silence.kind == TransportError::Kind::untrusted) throw no_answer(origin, silence);
  if (silence.kind == TransportError::Kind::too_large) {
    throw RequestFailed(title(request_) + ": " + silence.what() + ": lower --page-size");
  }
  patience_.failed(last.began, Clock::now(), silence.answer_begun);
  if (patience_.server_is_away(sender_.server().last_answer(), Clock::now())) throw no_answer(origin, silence);
  return after_pause(last, silence.what(), backoff(policy_, patience_.failures(), chance_()));
}

Aftermath::Next Aftermath::after_401(const Try& last) {
  const std::string login = sender_.token().login();
  if (!sender_.token().refused(last.token)) {
    throw ServerUnavailable("the FHIR server answers 401 Unauthorized to our " + login + ": " +
                            (last.token.empty() ? "set --client-id and --client-secret-file, or --token-file"
                                                : "put a valid token into the file of --token-file"));
  }
  if (token_renewed_ && last.obstacle.empty() && !sender_.has_accepted(last.token)) {
    throw ServerUnavailable("the FHIR server answers 401 Unauthorized to our " + login +
                            ", also with a new token: check that --token-url and --fhir-url belong together and that "
                            "this client may use the server");
  }
  if (token_renewed_) give_up(last, "401 Unauthorized, also with a new token");
  token_renewed_ = true;
  return {};
}

Aftermath::Next Aftermath::after_429(const Try& last) {
  const Reset reset = reset_after(last.answer, policy_);
  sender_.server().gate().close_until(Clock::now() + reset.wait);  // the token's may come from elsewhere
  patience_.failed(last.began, Clock::now(), true);
  if (!reset.named) patience_.waited(reset.wait);
  if (patience_.over()) give_up(last, status_line(last.answer.status));
  return {};
}

Aftermath::Next Aftermath::after_trouble(Try& last) {
  if (last.obstacle.empty() && request_.final_answer) {
    auto response = response_of(last);
    if (request_.final_answer(response)) return {std::move(response), {}};
  }
  return again(last, status_line(last.answer.status));
}

Aftermath::Next Aftermath::after_answer(Try& last) {
  auto response = response_of(last);
  const bool judged = response.status == 200 && request_.unusable;
  const auto unusable = judged ? request_.unusable(response) : std::nullopt;
  if (unusable) return again(last, "200 OK, but unusable: " + *unusable);
  return {std::move(response), {}};
}

Aftermath::Next Aftermath::again(const Try& last, const std::string& why) {
  patience_.failed(last.began, Clock::now(), true);
  const auto asked = asked_pause(last.answer, policy_);
  return after_pause(last, why, std::max(backoff(policy_, patience_.failures(), chance_()), asked));
}

Aftermath::Next Aftermath::after_pause(const Try& last, const std::string& why, Clock::duration pause) {
  if (patience_.over()) give_up(last, why);
  patience_.waited(pause);
  return {std::nullopt, pause};
}

void Aftermath::give_up(const Try& last, const std::string& why) const {
  const std::string lasting = patience_.over() ? " for " + spoken(policy_.patience) : "";
  if (!last.obstacle.empty()) throw ServerUnavailable(last.obstacle + ": " + why + lasting);
  throw RequestFailed(title(request_) + ": " + why + lasting);
}

}  // namespace fhir
