#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace fuzz {

/// What has to hold of every input. If it does not the program ends there, and libFuzzer keeps the input.
inline void must(bool holds, std::string_view sentence, std::string_view seen = {}) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %.*s\n%.*s\n", static_cast<int>(sentence.size()), sentence.data(),
               static_cast<int>(seen.size()), seen.data());
  std::abort();
}

}  // namespace fuzz
