#pragma once

#include <string>
#include <string_view>

namespace worker::http {

/// SHA-256 in hex.
std::string sha256_hex(std::string_view text);

/// HMAC-SHA-256 under a key that only this process knows: who sees a digest can guess no token from it.
class KeyedDigest {
 public:
  /// Throws std::runtime_error when the system has no randomness.
  KeyedDigest();
  std::string of(std::string_view text) const;

 private:
  std::string key_;
};

/// Takes as long whether they differ early, late or not at all.
bool same_digest(std::string_view one, std::string_view other);

}  // namespace worker::http
