#include <array>

#include <openssl/evp.h>

#include "worker/http/status_page/page.h"

namespace worker::http {
namespace {

/// What stands between `<NAME>` and `</NAME>`, of which there is one.
std::string_view content_of(std::string_view html, const std::string& name) {
  const std::string begin = "<" + name + ">";
  const std::size_t from = html.find(begin);
  if (from == std::string_view::npos) return {};
  const std::string_view content = html.substr(from + begin.size());
  return content.substr(0, content.find("</" + name + ">"));
}

std::string source_of(std::string_view content) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(content.data(), content.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::array<unsigned char, 45> base64{};
  EVP_EncodeBlock(base64.data(), digest.data(), digest.size());
  return "'sha256-" + std::string(base64.begin(), base64.end() - 1) + "'";
}

}  // namespace

std::string content_security_policy(std::string_view html) {
  return "default-src 'none'; script-src " + source_of(content_of(html, "script")) + "; style-src " +
         source_of(content_of(html, "style")) +
         "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
         "require-trusted-types-for 'script'; trusted-types 'none'";
}

}  // namespace worker::http
