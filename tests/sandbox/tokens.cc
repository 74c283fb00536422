#include "sandbox/tokens.h"

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

}  // namespace

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
  const bool known = authorization == "Basic " + base64(options_.client_id + ":" + options_.client_secret);
  if (basic && !known) return refused("invalid_request", "Invalid secret");
  if (!basic && form.get_or("client_id", "") != options_.client_id) return refused("invalid_request", "Invalid client");
  if (!basic && form.get_or("client_secret", "") != options_.client_secret) {
    return refused("invalid_request", "Invalid secret");
  }

  const std::string token = "sandbox." + uuid(0x70c3, static_cast<std::uint64_t>(++granted_));
  expiry_[token] = now + options_.lifetime;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(options_.lifetime).count();
  Answer answer;
  answer.content_type = "application/json; charset=utf-8";
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.body = R"({"token_type":"Bearer","expires_in":)" + std::to_string(seconds) +
                R"(,"scope":"openid","access_token":")" + token + R"(","id_token":")" + token + R"("})";
  return answer;
}

bool Tokens::accepts(std::string_view authorization, Clock::time_point now) const {
  if (authorization == "Basic " + base64(options_.client_id + ":" + options_.client_secret)) return true;
  if (!authorization.starts_with("Bearer ")) return false;
  const auto found = expiry_.find(authorization.substr(7));
  return found != expiry_.end() && now < found->second;
}

}  // namespace sandbox
