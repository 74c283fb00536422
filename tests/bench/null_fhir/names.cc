#include "tests/bench/null_fhir/names.h"

#include <array>
#include <cstring>

namespace null_fhir {
namespace {

/// Odd, so that multiplying by it modulo 2^48 can be undone by its inverse.
constexpr std::uint64_t scatter = 0x9e3779b97f4b;
constexpr std::uint64_t modulus_mask = (1ULL << 48) - 1;

constexpr std::uint64_t inverse(std::uint64_t odd) {
  std::uint64_t found = odd;  // Newton's iteration: each step doubles the number of right bits
  for (int step = 0; step < 5; ++step) found *= 2 - odd * found;
  return found & modulus_mask;
}
constexpr std::uint64_t gather = inverse(scatter);
static_assert(((scatter * gather) & modulus_mask) == 1);

char* write_hex(char* to, std::uint64_t value, int digits) {
  constexpr std::string_view alphabet = "0123456789abcdef";
  for (int i = digits - 1; i >= 0; --i, value >>= 4) to[i] = alphabet[value & 15];
  return to + digits;
}

char* write_uuid(char* to, std::uint64_t high, std::uint64_t low) {
  to = write_hex(to, high >> 32, 8);
  *to++ = '-';
  to = write_hex(to, high >> 16, 4);
  *to++ = '-';
  *to++ = '4';
  to = write_hex(to, high, 3);
  *to++ = '-';
  *to++ = '8';
  to = write_hex(to, high >> 4, 3);
  *to++ = '-';
  return write_hex(to, low, 12);
}

std::optional<std::uint64_t> read_hex(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c : digits) {
    const bool decimal = c >= '0' && c <= '9';
    if (!decimal && (c < 'a' || c > 'f')) return std::nullopt;
    value = value << 4 | static_cast<std::uint64_t>(decimal ? c - '0' : c - 'a' + 10);
  }
  return value;
}

}  // namespace

char* write_id(char* to, std::uint64_t index) {
  return write_uuid(to, (index + 1) * 0xbf58476d1ce4e5b9, (index + 1) * scatter & modulus_mask);
}

std::optional<std::uint64_t> index_of(std::string_view id) {
  if (id.size() != uuid_size) return std::nullopt;
  const auto low = read_hex(id.substr(24));
  if (!low) return std::nullopt;
  const std::uint64_t index = ((*low * gather) & modulus_mask) - 1;
  std::array<char, uuid_size> right;
  write_id(right.data(), index);
  if (std::memcmp(right.data(), id.data(), uuid_size) != 0) return std::nullopt;
  return index;
}

char* write_version(char* to, std::uint64_t index, std::uint64_t position) {
  return write_uuid(to, (position + 1) * 0x94d049bb133111eb, (index + 1) * 0xd6e8feb86659fd93 & modulus_mask);
}

}  // namespace null_fhir
