#include "fhir/token_answer.h"

#include <algorithm>
#include <charconv>

#include "fhir/json_leaves.h"

namespace fhir {
namespace {

/// RFC 6750 section 2.1, b64token, read generously: visible ASCII.
bool is_sendable(std::string_view token) {
  return std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; });
}

std::chrono::seconds life_of(std::string_view expires_in) {
  double seconds = 300;
  std::from_chars(expires_in.data(), expires_in.data() + expires_in.size(), seconds);
  return std::chrono::seconds(static_cast<long>(std::clamp(seconds, 1.0, 86'400.0)));
}

/// A foreign text as it may stand in a message.
std::string one_line(std::string_view text) {
  constexpr std::size_t longest = 200;
  std::string line(text.substr(0, longest));
  std::ranges::replace_if(line, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return line;
}

}  // namespace

TokenAnswer parse_token_answer(std::string_view body) {
  const auto said = json_leaves(body).value_or(JsonLeaves());
  TokenAnswer answer;
  answer.expires_in = life_of(leaf(said, "expires_in"));
  const auto token = leaf(said, "access_token");
  if (is_sendable(token)) answer.access_token = token;
  const auto description = leaf(said, "error_description");
  answer.error = one_line(description.empty() ? leaf(said, "error") : description);
  return answer;
}

std::chrono::milliseconds renewal_after(std::chrono::seconds life) {
  const std::chrono::milliseconds whole(life);
  return std::max(whole * 4 / 5, whole - std::chrono::minutes(1));
}

}  // namespace fhir
