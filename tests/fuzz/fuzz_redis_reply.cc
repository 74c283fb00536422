#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "queue/redis_protocol.h"
#include "queue/redis_redirect.h"

namespace {

using queue::Reply;

bool equal(const Reply& a, const Reply& b) {
  if (a.kind != b.kind || a.text != b.text || a.number != b.number || a.items.size() != b.items.size()) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!equal(a.items[i], b.items[i])) return false;
  return true;
}

/// What came before the bytes stopped being Redis' counts.
std::vector<Reply> parse(std::string_view bytes, std::size_t piece) {
  queue::ReplyParser parser;
  std::vector<Reply> replies;
  try {
    while (!bytes.empty()) {
      parser.feed(bytes.substr(0, piece));
      bytes.remove_prefix(std::min(piece, bytes.size()));
      while (auto reply = parser.next()) replies.push_back(std::move(*reply));
    }
  } catch (const std::runtime_error&) {
  }
  return replies;
}

}  // namespace

/// The first byte says how large the pieces are. Whatever comes in pieces must be understood as if it came at once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const auto at_once = parse(text, text.size() + 1);
  const auto in_pieces = parse(text, bytes[0] + std::size_t{1});
  if (at_once.size() != in_pieces.size()) std::abort();
  for (std::size_t i = 0; i < at_once.size(); ++i) {
    if (!equal(at_once[i], in_pieces[i])) std::abort();
    static_cast<void>(queue::redirect_of(at_once[i]));
    static_cast<void>(queue::nodes_of(at_once[i]));
  }
  return 0;
}
