#include "sandbox/tokens.h"

#include <algorithm>

#include "sandbox/base64.h"
#include "sandbox/identifiers.h"

namespace sandbox {
namespace {

Answer refused(std::string_view error, std::string_view description) {
  Answer answer;
  answer.status = 400;
  answer.content_type = "application/json; charset=utf-8";
  answer.body =
      R"({"error":")" + std::string(error) + R"(","error_description":")" + std::string(description) + R"("})";
  return answer;
}

/// RFC 7515 section 2: base64url without padding.
std::string url_safe(std::string text) {
  std::erase(text, '=');
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

/// A JSON Web Token as Medplum's are, by which its client knows a Medplum server; nobody looks at the signature.
std::string new_token(const Person& client, const std::string& login) {
  const auto end = std::chrono::system_clock::now() + client.lifetime;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(end.time_since_epoch()).count();
  const std::string claims =
      R"({"client_id":")" + client.id + R"(","login_id":")" + login + R"(","exp":)" + std::to_string(seconds) + "}";
  return url_safe(base64(R"({"alg":"ES256"})")) + "." + url_safe(base64(claims)) + "." + url_safe(base64("sandbox"));
}

}  // namespace

Tokens::Tokens(Options options, std::string profile, std::string project)
    : project_(std::move(project)), clients_(std::move(options.others)) {
  Person own{.id = std::move(options.client_id), .secret = std::move(options.client_secret)};
  own.profile = std::move(profile);
  own.lifetime = options.lifetime;
  clients_.insert(clients_.begin(), std::move(own));
}

Answer Tokens::grant(const Asked& asked, Clock::time_point now) {
  if (asked.method != "POST") return refused("invalid_request", "Unsupported method");
  if (!asked.header("content-type").starts_with("application/x-www-form-urlencoded")) {
    Answer answer;
    answer.status = 400;
    answer.content_type = "text/plain; charset=utf-8";
    answer.body = "Unsupported content type";
    return answer;
  }
  const Query form = parse_query(asked.body);
  if (form.get_or("grant_type", "") != "client_credentials")
    return refused("invalid_request", "Unsupported grant_type");
  const std::string_view authorization = asked.header("authorization");
  const bool basic = authorization.starts_with("Basic ");
  const Person* client = basic ? with_basic(authorization) : nullptr;
  if (basic && client == nullptr) return refused("invalid_request", "Invalid secret");
  if (!basic) {
    const auto known = std::ranges::find(clients_, form.get_or("client_id", ""), &Person::id);
    if (known == clients_.end()) return refused("invalid_request", "Invalid client");
    if (form.get_or("client_secret", "") != known->secret) return refused("invalid_request", "Invalid secret");
    client = &*known;
  }

  const std::string token = new_token(*client, uuid(0x70c3, static_cast<std::uint64_t>(++granted_)));
  granted_to_[token] = {client, now + client->lifetime};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(client->lifetime).count();
  Answer answer;
  answer.content_type = "application/json; charset=utf-8";
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.body = R"({"token_type":"Bearer","expires_in":)" + std::to_string(seconds) +
                R"(,"scope":"openid","access_token":")" + token + R"(","id_token":")" + token +
                R"(","project":{"reference":"Project/)" + (client->project.empty() ? project_ : client->project) +
                R"(","display":"Sandbox"},"profile":{"reference":")" + client->profile + R"("}})";
  return answer;
}

const Person* Tokens::bearer(std::string_view authorization, Clock::time_point now) const {
  if (const Person* client = with_basic(authorization)) return client;
  if (!authorization.starts_with("Bearer ")) return nullptr;
  const auto found = granted_to_.find(authorization.substr(7));
  return found != granted_to_.end() && now < found->second.until ? found->second.to : nullptr;
}

const Person* Tokens::find(std::string_view reference) const {
  const auto found = std::ranges::find_if(clients_, [&](const Person& client) {
    return reference == client.profile || reference == "ProjectMembership/" + client.id;
  });
  return found == clients_.end() ? nullptr : &*found;
}

const Person* Tokens::with_basic(std::string_view authorization) const {
  const auto found = std::ranges::find_if(clients_, [&](const Person& client) {
    return authorization == "Basic " + base64(client.id + ":" + client.secret);
  });
  return found == clients_.end() ? nullptr : &*found;
}

}  // namespace sandbox
