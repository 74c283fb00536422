#include "worker/http/front_door/caller_tokens.h"

#include <sstream>

namespace worker::http::front_door {

std::string name_of_token(std::string_view token) {
  constexpr std::size_t enough = 8;
  return "token:" + sha256_hex(token).substr(0, enough);
}

CallerTokens::CallerTokens(const std::filesystem::path& path)
    : file_(path, "--caller-token-file", fhir::SecretFile::Holds::lines) {}

std::string CallerTokens::name_of(std::string_view token) {
  read_again();
  const std::string wanted = digest_.of(token);
  bool known = false;
  for (const std::string& digest : digests_) known |= same_digest(digest, wanted);
  return known ? name_of_token(token) : "";
}

void CallerTokens::read_again() {
  const std::string& text = file_.contents();
  std::string now = digest_.of(text);
  if (now == read_) return;
  digests_.clear();
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find_first_not_of(" \r");
    if (first == std::string::npos) continue;
    digests_.push_back(digest_.of(line.substr(first, line.find_last_not_of(" \r") - first + 1)));
  }
  read_ = std::move(now);
}

}  // namespace worker::http::front_door
