#include "worker/http/head.h"

#include <algorithm>
#include <array>
#include <limits>

#include "worker/http/same_name.h"

namespace worker::http {
namespace {

using Verdict = std::optional<Refused>;
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

Verdict malformed(std::string_view why) {
  return Refused{Refusal::malformed, why};
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

/// RFC 9110 section 5.6.2.
bool is_token_char(char c) {
  return digits.find(c) != digits.npos || letters.find(c) != letters.npos ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

Verdict judge_version(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return {};
  if (version.starts_with("HTTP/")) return Refused{Refusal::unsupported_version, {}};
  return malformed("The request line is no method, target and version");
}

Verdict judge_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == line.npos || first == last) return malformed("The request line is no method, target and version");
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (!is_token(line.substr(0, first))) return malformed("The method is no word");
  const auto is_visible = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
  if (target.empty() || !std::ranges::all_of(target, is_visible))
    return malformed("The target holds a character that must be escaped");
  return judge_version(line.substr(last + 1));
}

/// Of what the lines say, all that decides where the request ends and whom it is for.
struct Said {
  std::size_t hosts = 0, lengths = 0, codings = 0, authorizations = 0, types = 0;
};

/// One blank before it, as everybody writes it, and nothing behind it.
std::string_view without_usual_blank(std::string_view value) {
  if (value.starts_with(' ')) value.remove_prefix(1);
  return value;
}

std::string_view trimmed(std::string_view value) {
  const std::size_t begin = value.find_first_not_of(" \t");
  if (begin == value.npos) return {};
  return value.substr(begin, value.find_last_not_of(" \t") - begin + 1);
}

/// 18 digits are always a number that std::size_t holds.
bool is_length(std::string_view text) {
  return !text.empty() && text.size() <= 18 && text.find_first_not_of(digits) == text.npos;
}

Verdict judge_meaning(std::string_view name, std::string_view value, Said& said) {
  if (same_name(name, "Host")) {
    ++said.hosts;
    if (!is_host(trimmed(value))) return malformed("Host is no host");
  } else if (same_name(name, "Content-Length")) {
    ++said.lengths;
    if (!is_length(without_usual_blank(value))) return malformed("Content-Length is no number");
  } else if (same_name(name, "Transfer-Encoding")) {
    ++said.codings;
    if (without_usual_blank(value) != "chunked") return malformed("Transfer-Encoding is not chunked");
  } else if (same_name(name, "Expect")) {
    if (!same_name(trimmed(value), "100-continue")) return Refused{Refusal::unknown_expectation, {}};
  } else if (same_name(name, "Authorization")) {
    ++said.authorizations;
  } else if (same_name(name, "Content-Type")) {
    ++said.types;
  }
  return {};
}

Verdict judge_field(std::string_view line, Said& said) {
  if (line.starts_with(' ') || line.starts_with('\t')) return malformed("A header line is continued on the next one");
  const std::size_t colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon))) return malformed("A header line has no name");
  const std::string_view value = line.substr(colon + 1);
  if (std::ranges::any_of(value, is_control)) return malformed("A header line holds a control character");
  return judge_meaning(line.substr(0, colon), value, said);
}

Verdict judge_together(const Said& said, bool is_1_0) {
  if (said.hosts > 1 || (said.hosts == 0 && !is_1_0)) return malformed("There must be one Host");
  if (said.lengths + said.codings > 1) return malformed("The body's length is given more than once");
  if (said.codings > 0 && is_1_0) return malformed("HTTP/1.0 has no Transfer-Encoding");
  if (said.authorizations > 1) return malformed("There must be one Authorization");
  if (said.types > 1) return malformed("There must be one Content-Type");
  return {};
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of(digits) == text.npos;
}

bool is_name_char(char c) {
  return digits.find(c) != digits.npos || letters.find(c) != letters.npos || c == '.' || c == '-' || c == '_';
}

bool is_address_char(char c) {
  return std::string_view("0123456789abcdefABCDEF:.").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<std::size_t> HeadSearch::look(std::string_view received, std::size_t limit) {
  for (; looked_at_ < received.size(); ++looked_at_) {
    const char c = received[looked_at_];
    const bool after_cr = looked_at_ > 0 && received[looked_at_ - 1] == '\r';
    if (looked_at_ >= limit) throw Refused{Refusal::head_too_large, {}};
    if (after_cr != (c == '\n')) throw Refused{Refusal::malformed, "A line does not end in CR LF"};
    if (is_control(c) && c != '\r' && c != '\n') throw Refused{Refusal::malformed, "A control character in the header"};
    if (c == '\n' && received.substr(0, looked_at_ + 1).ends_with("\r\n\r\n")) return looked_at_ + 1;
  }
  return {};
}

Verdict judge_head(std::string_view head, const Limits& limits) {
  if (head.size() > limits.head) return Refused{Refusal::head_too_large, {}};
  if (!head.ends_with("\r\n\r\n")) return malformed("The header has no end");
  head.remove_suffix(line_end.size());
  const std::string_view request_line = head.substr(0, head.find(line_end));
  if (const Verdict verdict = judge_request_line(request_line)) return verdict;
  head.remove_prefix(request_line.size() + line_end.size());
  Said said;
  for (std::size_t lines = 1; !head.empty(); ++lines) {
    const std::string_view line = head.substr(0, head.find(line_end));
    if (lines > limits.fields) return Refused{Refusal::head_too_large, {}};
    if (const Verdict verdict = judge_field(line, said)) return verdict;
    head.remove_prefix(line.size() + line_end.size());
  }
  return judge_together(said, request_line.ends_with("1.0"));
}

bool is_host(std::string_view text) {
  const std::size_t end = text.starts_with('[') ? text.find(']') : text.find(':');
  if (text.starts_with('[')) {
    if (end == text.npos || end < 3 || !std::ranges::all_of(text.substr(1, end - 1), is_address_char)) return false;
    const std::string_view rest = text.substr(end + 1);
    return rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1)));
  }
  const std::string_view name = text.substr(0, end);
  if (name.empty() || name.size() > 253 || !std::ranges::all_of(name, is_name_char)) return false;
  return end == text.npos || is_port(text.substr(end + 1));
}

}  // namespace worker::http
