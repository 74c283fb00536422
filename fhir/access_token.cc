#include "fhir/access_token.h"

#include <utility>

#include "fhir/client.h"
#include "fhir/obstacle.h"
#include "fhir/operation_outcome.h"
#include "fhir/outgoing.h"
#include "fhir/retry.h"
#include "fhir/token_answer.h"

namespace fhir {
namespace {

/// A renewal that failed while the old token is still good is not repeated at once.
constexpr std::chrono::seconds between_early_renewals(10);

std::string sentence_of_refusal(const std::string& client_id, unsigned status, const std::string& error) {
  return "the FHIR server refused the client credentials of '" + client_id + "' (" + std::to_string(status) +
         (error.empty() ? "" : " " + error) + "): check --client-id and --client-secret-file";
}

}  // namespace

AccessToken::AccessToken(Executor executor, const config::Fhir& settings, const Url& token_url)
    : settings_(settings),
      target_((token_url.path.empty() ? "/" : token_url.path) + token_url.query),
      pool_(executor, token_url.origin, settings),
      renewing_(executor, 1) {
  if (!settings.token_file.empty()) token_file_.emplace(settings.token_file, "--token-file");
  if (!settings.client_secret_file.empty()) secret_file_.emplace(settings.client_secret_file, "--client-secret-file");
}

Awaitable<std::string> AccessToken::current() {
  if (const std::string* token = at_hand()) co_return *token;
  co_await renew();
  co_return token_;
}

const std::string* AccessToken::at_hand() {
  if (token_file_) return &token_file_->recent_contents();
  const bool none = settings_.client_id.empty();
  const bool good_enough = is_good() && renewing_.in_flight() > 0;
  return none || good_enough || is_fresh() ? &token_ : nullptr;
}

bool AccessToken::refused(const std::string& token) {
  if (token_file_) return token_file_->contents() != token;
  if (settings_.client_id.empty()) return false;
  if (token == token_) token_.clear();
  return true;
}

std::string AccessToken::login() const {
  if (token_file_) return "token file";
  return settings_.client_id.empty() ? "no login" : "client credentials of " + settings_.client_id;
}

Awaitable<void> AccessToken::renew() {
  const unsigned seen = renewals_;
  const auto turn = co_await renewing_.acquire(0);
  if (is_fresh()) co_return;
  if (renewals_ != seen && last_failure_) std::rethrow_exception(last_failure_);
  std::exception_ptr failure;
  try {
    co_await fetch();
  } catch (const boost::system::system_error&) {
    throw;  // our own cancellation: the next in line tries
  } catch (const std::exception&) {
    failure = std::current_exception();
  }
  ++renewals_;
  last_failure_ = failure;
  if (!failure) co_return;
  if (!is_good()) std::rethrow_exception(failure);
  renew_at_ = Clock::now() + between_early_renewals;
}

Awaitable<void> AccessToken::fetch() {
  const auto asked_at = Clock::now();
  auto answer = co_await ask();
  const Verdict verdict = judge(answer.status, {});
  if (verdict == Verdict::again || verdict == Verdict::after_reset)
    throw Obstacle("POST " + pool_.origin().str() + target_, std::move(answer));
  auto said = parse_token_answer(answer.body);
  if (answer.status / 100 == 4) {
    throw ServerUnavailable(sentence_of_refusal(settings_.client_id, answer.status, said.error));
  }
  if (answer.status != 200 || said.access_token.empty()) {
    throw ServerUnavailable("no access token came from " + pool_.origin().str() + target_ + " (" +
                            status_line(answer.status) + "): check --token-url");
  }
  token_ = std::move(said.access_token);
  renew_at_ = asked_at + renewal_after(said.expires_in);
  ends_at_ = asked_at + said.expires_in;
}

Awaitable<HttpAnswer> AccessToken::ask() {
  try {
    auto answer = co_await pool_.exchange(token_request(), [] {});
    co_return std::move(answer);
  } catch (const TransportError& error) {
    throw TransportError(error.kind, error.answer_begun,
                         "POST " + pool_.origin().str() + target_ + ": " + error.what());
  }
}

HttpRequest AccessToken::token_request() {
  HttpRequest request;
  request.method = HttpMethod::post;
  request.target = target_;
  request.fields = our_fields("");
  request.fields.add("Content-Type", "application/x-www-form-urlencoded");
  request.fields.add("Accept", "application/json");
  request.body = "grant_type=client_credentials&client_id=" + percent_encoded(settings_.client_id) +
                 "&client_secret=" + percent_encoded(secret());
  return request;
}

std::string AccessToken::secret() {
  return secret_file_ ? secret_file_->contents() : settings_.client_secret;
}

}  // namespace fhir
