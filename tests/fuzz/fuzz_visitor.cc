#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/must.h"
#include "worker/http/front_door/headers.h"
#include "worker/traceparent.h"

namespace {

using fuzz::must;
using namespace worker::http::front_door;

std::string small(std::string_view text) {
  std::string letters(text);
  std::ranges::transform(letters, letters.begin(),
                         [](unsigned char c) { return c < 0x80 ? static_cast<char>(std::tolower(c)) : c; });
  return letters;
}

std::string without_blanks_around(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == text.npos ? "" : std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// Said plainly; it holds where nothing is quoted.
bool names_async(std::string_view prefer) {
  for (std::size_t begin = 0; begin <= prefer.size();) {
    const std::size_t end = std::min(prefer.find(',', begin), prefer.size());
    const std::string_view preference = prefer.substr(begin, end - begin);
    if (small(without_blanks_around(preference.substr(0, preference.find(';')))) == "respond-async") return true;
    begin = end + 1;
  }
  return false;
}

void try_preferences(const std::string& prefer) {
  const bool is_async = prefers_async(prefer);
  if (prefer.find('"') == prefer.npos) must(is_async == names_async(prefer), "a preference is found or not wrongly");
  must(prefers_async("respond-async, " + prefer), "what follows hides a preference");
  must(!is_async || small(prefer).find("respond-async") != prefer.npos, "a preference from nowhere");
}

void try_content_type(const std::string& type) {
  must(!(is_json(type) && is_form(type)), "JSON and a form at once");
  if (!is_json(type) && !is_form(type)) return;
  must(small(without_blanks_around(type)).starts_with("application/"), "another type");
  must(!is_json(type + ";charset=latin1") || type.find('"') != type.npos, "another charset");
}

void try_authorization(const std::string& authorization) {
  const std::string_view token = bearer_token(authorization);
  if (!is_authorization(authorization)) return;
  must(small(authorization).starts_with(token.empty() ? "basic " : "bearer "), "another scheme");
  const auto clean = [](unsigned char c) { return c > 0x20 && c < 0x7f && c != ',' && c != '"'; };
  must(std::ranges::all_of(token, clean), "a token that is none");
  must(std::ranges::count_if(without_blanks_around(authorization), [](char c) { return c == '\r' || c == '\n'; }) == 0,
       "more than one line");
}

void try_trace(const std::string& received) {
  const std::string sent = worker::valid_traceparent(received);
  must(sent.empty() || sent.size() == 55, "a trace of another length");
  must(worker::valid_traceparent(sent) == sent, "what is sent is not taken");
}

}  // namespace

/// Four lines: Prefer, Content-Type, Authorization, traceparent.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::array<std::string, 4> lines;
  for (std::string& line : lines) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  try_preferences(lines[0]);
  try_content_type(lines[1]);
  try_authorization(lines[2]);
  try_trace(lines[3]);
  return 0;
}
