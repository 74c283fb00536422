#include "worker/printable.h"

#include <algorithm>
#include <cstddef>

namespace worker {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// What the first byte of a sequence promises: its length, 0 for none, and the range of its second byte (Unicode 15,
/// table 3-7: so there are no overlong forms, no surrogates and nothing past U+10FFFF).
struct Promise {
  std::size_t length = 0;
  unsigned char lowest = 0x80;
  unsigned char highest = 0xBF;
};

Promise promise_of(unsigned char first) {
  if (first < 0x80) return {.length = 1};
  if (first < 0xC2) return {};
  if (first < 0xE0) return {.length = 2};
  if (first == 0xE0) return {.length = 3, .lowest = 0xA0};
  if (first == 0xED) return {.length = 3, .highest = 0x9F};
  if (first < 0xF0) return {.length = 3};
  if (first == 0xF0) return {.length = 4, .lowest = 0x90};
  if (first < 0xF4) return {.length = 4};
  if (first == 0xF4) return {.length = 4, .highest = 0x8F};
  return {};
}

/// How long the valid sequence at the front of `text` is, 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const Promise promise = promise_of(byte_at(text, 0));
  if (promise.length < 2) return promise.length;
  if (text.size() < promise.length) return 0;
  if (byte_at(text, 1) < promise.lowest || byte_at(text, 1) > promise.highest) return 0;
  for (std::size_t i = 2; i < promise.length; ++i)
    if ((byte_at(text, i) & 0xC0) != 0x80) return 0;
  return promise.length;
}

bool is_control(std::string_view sequence) {
  const unsigned char first = byte_at(sequence, 0);
  return first < 0x20 || first == 0x7F || (first == 0xC2 && byte_at(sequence, 1) < 0xA0);
}

/// Rewrites each character by `rewrite`, which gets a valid sequence.
template <class Rewrite>
std::string rewritten(std::string_view text, Rewrite rewrite) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    out += length == 0 ? std::string_view("\xEF\xBF\xBD") : rewrite(text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  return rewritten(text, [](std::string_view character) { return character; });
}

std::string printable(std::string_view text) {
  return rewritten(
      text, [](std::string_view character) { return is_control(character) ? std::string_view(" ") : character; });
}

}  // namespace worker
