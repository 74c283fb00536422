#include "worker/http/status_page/admission.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include <openssl/evp.h>

#include "fhir/client.h"

namespace worker::http {
namespace {

/// Longer ones are nobody's token.
constexpr std::size_t longest = 8192;

bool has_scheme(std::string_view authorization, std::string_view scheme) {
  const auto equal = [](unsigned char a, unsigned char b) { return std::tolower(a) == b; };
  return authorization.size() > scheme.size() && authorization[scheme.size()] == ' ' &&
         std::ranges::equal(authorization.substr(0, scheme.size()), scheme, equal);
}

std::string_view behind_scheme(std::string_view authorization) {
  authorization.remove_prefix(authorization.find(' '));
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  return authorization.substr(0, authorization.find_last_not_of(' ') + 1);
}

/// Empty for what is no base64.
std::string decoded(std::string_view base64) {
  if (base64.empty() || base64.size() % 4 != 0) return {};
  std::vector<unsigned char> bytes(base64.size());
  const auto* text = reinterpret_cast<const unsigned char*>(base64.data());
  const int length = EVP_DecodeBlock(bytes.data(), text, static_cast<int>(base64.size()));
  if (length < 0) return {};
  const auto padding = std::min<std::ptrdiff_t>(2, std::ranges::count(base64, '='));
  return {bytes.begin(), bytes.begin() + length - padding};
}

}  // namespace

Admission::Admission(const std::filesystem::path& token_file) {
  if (!token_file.empty()) token_.emplace(token_file, "--status-token-file");
}

Admission::Verdict Admission::judge(const Request& request) {
  if (request.from_here) return Verdict::welcome;
  if (!token_) return Verdict::not_there;
  try {
    const std::string& token = token_->contents();
    const bool same = same_digest(digest_.of(token_in(request.field("Authorization"))), digest_.of(token));
    return same ? Verdict::welcome : Verdict::log_in;
  } catch (const fhir::ServerUnavailable& trouble) {
    why_unknown_ = trouble.what();
  }
  return Verdict::unknown;
}

std::string token_in(std::string_view authorization) {
  if (authorization.size() > longest) return {};
  if (has_scheme(authorization, "bearer")) return std::string(behind_scheme(authorization));
  if (!has_scheme(authorization, "basic")) return {};
  const std::string name_and_password = decoded(behind_scheme(authorization));
  const std::size_t colon = name_and_password.find(':');
  return colon == std::string::npos ? std::string() : name_and_password.substr(colon + 1);
}

}  // namespace worker::http
