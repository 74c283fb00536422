#include "worker/http/digest.h"

#include <array>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace worker::http {
namespace {

constexpr std::size_t digest_size = 32;
using Bytes = std::array<unsigned char, EVP_MAX_MD_SIZE>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

[[noreturn]] void fail() {
  throw std::runtime_error("OpenSSL computes no SHA-256: check its configuration");
}

}  // namespace

std::string sha256_hex(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  Bytes digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) fail();
  std::string written;
  for (unsigned i = 0; i < size; ++i) written += {hex[digest.at(i) >> 4U], hex[digest.at(i) & 15U]};
  return written;
}

KeyedDigest::KeyedDigest() : key_(digest_size, '\0') {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key_.data()), static_cast<int>(key_.size())) != 1)
    throw std::runtime_error("the system has no random numbers for a key");
}

std::string KeyedDigest::of(std::string_view text) const {
  Bytes digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), bytes_of(text), text.size(), digest.data(),
           &size) == nullptr)
    fail();
  return {reinterpret_cast<const char*>(digest.data()), size};
}

bool same_digest(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace worker::http
