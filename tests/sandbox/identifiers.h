#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>

namespace sandbox {

/// A step of splitmix64: well mixed, and the same everywhere.
constexpr std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

/// The UUID number `n` of a seed.
inline std::string uuid(std::uint64_t seed, std::uint64_t n) {
  const std::uint64_t high = mixed(mixed(seed) ^ n);
  const std::uint64_t low = mixed(high + n);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-%04x-%012llx", static_cast<unsigned>(high >> 32U),
                static_cast<unsigned>((high >> 16U) & 0xffffU), static_cast<unsigned>(high & 0xfffU),
                static_cast<unsigned>(0x8000U | ((low >> 48U) & 0x3fffU)),
                static_cast<unsigned long long>(low & 0xffffffffffffULL));
  return text.data();
}

}  // namespace sandbox
