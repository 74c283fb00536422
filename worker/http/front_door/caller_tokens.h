#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/secret_file.h"
#include "worker/http/digest.h"

namespace worker::http::front_door {

/// What a bearer is called of whom only a token is known: the same for one token always, and nobody can tell the token
/// from it.
std::string name_of_token(std::string_view token);

/// The bearer tokens of --caller-token-file, one a line; read again when the file has changed.
class CallerTokens {
 public:
  explicit CallerTokens(const std::filesystem::path& path);

  /// name_of_token(), or empty for a token that is not in the file. Throws fhir::ServerUnavailable when the file cannot
  /// be read.
  std::string name_of(std::string_view token);

 private:
  void read_again();

  fhir::SecretFile file_;
  KeyedDigest digest_;
  std::string read_;                  ///< digest of the file as it was read
  std::vector<std::string> digests_;  ///< of its tokens
};

}  // namespace worker::http::front_door
