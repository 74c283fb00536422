#pragma once

#include <cstddef>

#ifdef __SSE2__
#include <bit>
#include <emmintrin.h>
#endif

namespace fhir {

/// NULs that must follow a text of which these are asked.
inline constexpr std::size_t plain_text_padding = 16;

/// The end of the character beyond ASCII that begins here, or null where it is not well-formed UTF-8 (Unicode, table
/// 3-7): no overlong form, no surrogate, nothing past U+10FFFF.
const char* end_of_character(const char* at);

/// The first byte at or behind `at` that is a quote, a backslash, a control character or not ASCII.
inline const char* end_of_ascii(const char* at) {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), blank = _mm_set1_epi8(' ');
  for (;; at += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // As signed numbers, the bytes that are not ASCII are below the blank too.
    const __m128i special = _mm_or_si128(_mm_cmplt_epi8(bytes, blank),
                                         _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#else
  while (*at >= ' ' && static_cast<unsigned char>(*at) < 0x80 && *at != '"' && *at != '\\') ++at;
  return at;
#endif
}

/// How far a JSON string goes on without anything that takes a closer look: a quote, a backslash, a control character,
/// or what is no character in UTF-8.
inline const char* end_of_plain_text(const char* at) {
  for (;;) {
    at = end_of_ascii(at);
    while (static_cast<unsigned char>(*at) >= 0x80) {
      const char* next = end_of_character(at);
      if (next == nullptr) return at;
      at = next;
    }
    if (static_cast<unsigned char>(*at) < ' ' || *at == '"' || *at == '\\') return at;
  }
}

}  // namespace fhir
