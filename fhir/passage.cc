#include "fhir/passage.h"

#include <algorithm>
#include <utility>

#include "fhir/guarded.h"
#include "fhir/outgoing.h"
#include "fhir/server_urls.h"
#include "fhir/time_limit.h"

namespace fhir {
namespace {

constexpr std::size_t most_at_once = 32;
constexpr std::chrono::milliseconds longest(10'000);
constexpr std::chrono::seconds longest_wait(2);
constexpr std::uint64_t largest_answer = 1'000'000;

config::Fhir limited(config::Fhir settings) {
  settings.request_timeout = std::min(settings.request_timeout, longest);
  return settings;
}

config::Fhir for_logins(config::Fhir settings) {
  settings.body_limit = largest_answer;
  return limited(std::move(settings));
}

HttpRequest request_of(HttpMethod method, std::string target, const Credentials& credentials) {
  HttpRequest request;
  request.method = method;
  request.target = std::move(target);
  request.fields = our_fields("");
  request.fields.add("Accept", "application/fhir+json, application/json");
  if (!credentials.authorization.empty()) request.fields.add("Authorization", credentials.authorization);
  if (!credentials.on_behalf_of.empty()) request.fields.add("X-Medplum-On-Behalf-Of", credentials.on_behalf_of);
  return request;
}

PassedAnswer passed(HttpAnswer answer) {
  PassedAnswer on;
  on.status = answer.status;
  on.content_type = answer.fields.joined("Content-Type");
  on.rate_limit = answer.fields.joined("RateLimit");
  on.www_authenticate = answer.fields.joined("WWW-Authenticate");
  on.retry_after = answer.fields.joined("Retry-After");
  on.body = std::move(answer.body);
  return on;
}

}  // namespace

Passage::Passage(Executor executor, const config::Fhir& settings)
    : base_(base_url_of(settings)),
      token_url_(token_url_of(settings, base_)),
      pool_(executor, base_.origin, limited(settings)),
      logins_(executor, token_url_.origin, for_logins(settings)),
      permits_(executor, most_at_once) {}

Awaitable<PassedAnswer> Passage::read(std::string reference, Credentials credentials) {
  return get(base_.path + "/" + reference, std::move(credentials), false);
}

Awaitable<PassedAnswer> Passage::me(Credentials credentials) {
  return get(base_.root + "/auth/me", std::move(credentials), true);
}

Awaitable<PassedAnswer> Passage::get(std::string target, Credentials credentials, bool content) {
  auto request = request_of(HttpMethod::get, std::move(target), credentials);
  // Some servers spare themselves and us the content; of what comes all the same nothing is kept.
  if (!content) request.fields.add("Prefer", "return=minimal");
  request.version_suffices = !content;
  auto answer = co_await exchange(pool_, std::move(request));
  co_return std::move(answer);
}

Awaitable<PassedAnswer> Passage::log_in(LoginForm form) {
  const std::string target = (token_url_.path.empty() ? "/" : token_url_.path) + token_url_.query;
  const Credentials credentials{std::move(form.authorization), {}};
  auto request = request_of(HttpMethod::post, target, credentials);
  request.fields.add("Content-Type", "application/x-www-form-urlencoded");
  request.body = std::move(form.body);
  auto answer = co_await exchange(logins_, std::move(request));
  co_return std::move(answer);
}

Awaitable<PassedAnswer> Passage::exchange(HttpPool& pool, HttpRequest request) {
  if (!is_one_request(request)) throw NoPassage("the request holds characters that do not belong there");
  try {
    const auto permit = co_await guarded(permits_.acquire(0), time_limit(longest_wait));
    auto answer = co_await pool.exchange(std::move(request), [] {});
    co_return passed(std::move(answer));
  } catch (const TransportError& error) {
    throw NoPassage("no answer from " + pool.origin().str() + ": " + error.what());
  } catch (const TimeIsUp&) {
    throw NoPassage("too many are asking " + pool.origin().str() + " at once");
  }
}

}  // namespace fhir
