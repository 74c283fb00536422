#include "worker/traceparent.h"

namespace worker {
namespace {

// version "-" trace-id "-" parent-id "-" trace-flags; a later version may go on behind another hyphen.
constexpr std::size_t version = 0, trace_id = 3, parent_id = 36, flags = 53, length = 55;
constexpr std::string_view ours = "00";
constexpr std::string_view hex = "0123456789abcdef";

bool is_hex(std::string_view text) {
  return text.find_first_not_of(hex) == text.npos;
}

bool is_id(std::string_view text) {
  return is_hex(text) && text.find_first_not_of('0') != text.npos;
}

/// Of a later version's flags only `sampled` is known to have the same meaning.
bool is_sampled(std::string_view text) {
  return hex.find(text.back()) % 2 == 1;
}

}  // namespace

std::string valid_traceparent(std::string_view text) {
  if (text.size() < length) return {};
  const std::string_view its_version = text.substr(version, 2), its_flags = text.substr(flags, 2);
  const bool hyphens = text[trace_id - 1] == '-' && text[parent_id - 1] == '-' && text[flags - 1] == '-';
  if (!hyphens || !is_hex(its_version) || its_version == "ff" || !is_hex(its_flags)) return {};
  if (!is_id(text.substr(trace_id, 32)) || !is_id(text.substr(parent_id, 16))) return {};
  if (its_version == ours) return text.size() == length ? std::string(text) : std::string();
  if (text.size() > length && text[length] != '-') return {};
  return std::string(ours).append(text.substr(2, flags - 2)).append(is_sampled(its_flags) ? "01" : "00");
}

}  // namespace worker
