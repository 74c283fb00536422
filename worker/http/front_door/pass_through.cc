#include "worker/http/front_door/pass_through.h"

#include "worker/http/front_door/headers.h"
#include "worker/http/front_door/outcome.h"

namespace worker::http::front_door {
namespace {

using namespace std::chrono_literals;

/// A signed assertion is the longest that belongs into it.
constexpr std::size_t largest_form = std::size_t{32} * 1024;

Response invalid_request(const std::string& why) {
  Response response;
  response.status = 400;
  response.content_type = "application/json; charset=utf-8";
  response.body = R"({"error":"invalid_request","error_description":")" + why + "\"}";
  return response;
}

void add(Fields& fields, const std::string& name, const std::string& value) {
  if (!value.empty()) fields.emplace_back(name, value);
}

/// A redirect would lead clients, with their secrets, to where we were not told to send them.
Response response_of(fhir::PassedAnswer answer) {
  if (answer.status < 200 || answer.status / 100 == 3) return unavailable("The FHIR server sends us elsewhere", 5s);
  Response response;
  response.status = answer.status;
  response.content_type = std::move(answer.content_type);
  response.body = std::move(answer.body);
  // Clients keep what they are told of quotas, and some of them fail over it when they later repeat something.
  if (answer.status == 429) add(response.fields, "RateLimit", answer.rate_limit);
  add(response.fields, "WWW-Authenticate", answer.www_authenticate);
  add(response.fields, "Retry-After", answer.retry_after);
  return response;
}

}  // namespace

Awaitable<Response> PassThrough::token(Request request) {
  fhir::LoginForm form{std::move(request.body), request.field("Authorization")};
  if (!is_form(request.field("Content-Type"))) co_return invalid_request("Unsupported content type");
  if (form.body.size() > largest_form) co_return invalid_request("The form is too long");
  if (!form.authorization.empty() && !is_authorization(form.authorization))
    co_return invalid_request("Invalid Authorization");
  const auto wait = wait_of(request.peer);
  if (wait) {
    const std::string limit = R"("requests";r=0;t=)" + std::to_string(wait->count());
    co_return too_many_requests(limit, *wait);
  }
  try {
    auto answer = co_await passage_.log_in(std::move(form));
    co_return response_of(std::move(answer));
  } catch (const fhir::NoPassage&) {
    co_return unavailable("The FHIR server does not answer; try again", 5s);
  }
}

std::optional<std::chrono::seconds> PassThrough::wait_of(const std::string& peer) {
  const auto now = fhir::Clock::now();
  const auto wait = of_peers_.refuse("", peer, now);
  return wait ? wait : of_all_.refuse("", "", now);
}

Awaitable<Response> PassThrough::me(Request request, std::string base) {
  fhir::Credentials credentials{request.field("Authorization"), request.field("X-Medplum-On-Behalf-Of")};
  if (!is_authorization(credentials.authorization)) co_return unauthorized(base);
  try {
    auto answer = co_await passage_.me(std::move(credentials));
    co_return response_of(std::move(answer));
  } catch (const fhir::NoPassage&) {
    co_return unavailable("The FHIR server does not answer; try again", 5s);
  }
}

}  // namespace worker::http::front_door
