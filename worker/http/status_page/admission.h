#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/secret_file.h"
#include "worker/http/digest.h"
#include "worker/http/message.h"

namespace worker::http {

/// Who may look at the status page. It shows whose accounts are changed, so it is open on the machine itself only;
/// elsewhere to whoever brings the token of --status-token-file, and not there at all without such a file.
class Admission {
 public:
  /// Empty: there is no token.
  explicit Admission(const std::filesystem::path& token_file);

  enum class Verdict { welcome, not_there, log_in, unknown };
  /// `unknown`: the file cannot be used; why_unknown() says why, for an operator.
  Verdict judge(const Request& request);
  const std::string& why_unknown() const { return why_unknown_; }

 private:
  std::optional<fhir::SecretFile> token_;
  KeyedDigest digest_;
  std::string why_unknown_;
};

/// What an Authorization field brings: the token of `Bearer TOKEN`, or the password of `Basic …`, whoever's it is.
/// Empty if it is neither.
std::string token_in(std::string_view authorization);

}  // namespace worker::http
