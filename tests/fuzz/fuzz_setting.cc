#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "config/bad_usage.h"
#include "config/config_file.h"
#include "config/duration.h"
#include "config/url.h"
#include "tests/fhir/json_oracle.h"
#include "tests/fuzz/must.h"
#include "worker/printable.h"

namespace {

using fuzz::must;

void judge_duration(const std::string& text) {
  const auto duration = config::parse_duration(text);
  if (!duration) return;
  must(duration->count() >= 0, "a duration is not negative", text);
  must(config::parse_duration(config::text_of(*duration)) == duration, "a duration is read as it is shown", text);
}

std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c == '\n' ? "\\n" : std::string(1, c);
  }
  return text + "\"";
}

/// Whatever it took can be written out and is read again.
void judge_config_file(const std::string& text) {
  try {
    const auto settings = config::parse_config(text, "x");
    std::string again = "# all of it\r\n";
    for (const auto& [key, value] : settings) again.append(key).append(" =\t").append(quoted(value)).append(" # x\n");
    must(config::parse_config(again, "x") == settings, "a file is read as it is written", again);
  } catch (const config::BadUsage& wrong) {
    must(std::string_view(wrong.what()).starts_with("x line "), "the line is named", wrong.what());
  }
}

void judge_value(const std::string& value) {
  const auto settings = config::parse_config("k = " + quoted(value) + "\n", "x");
  must(settings.size() == 1 && settings.at("k") == value, "any text can be a value", value);
}

void judge_url(const std::string& url) {
  const std::string shown = config::without_password(url);
  must(config::without_password(shown) == shown, "what is shown has nothing more to hide", shown);
  if (!config::has_password(url)) must(shown == url, "what has no password is shown as it is", shown);
  if (!config::is_http_url(url)) return;
  must(url.starts_with("http") && url.find_first_of("@?# \t\r\n") == std::string::npos, "a plain URL", url);
}

/// Boost.JSON takes a text only if it is valid UTF-8.
bool is_utf8(const std::string& text) {
  try {
    return oracle::parse(boost::json::serialize(boost::json::string(text))).is_string();
  } catch (const boost::system::system_error&) {
    return false;
  }
}

void judge_printing(const std::string& text) {
  const std::string valid = worker::valid_utf8(text), shown = worker::printable(text);
  must(is_utf8(valid) && is_utf8(shown), "what is shown is valid UTF-8", text);
  must((valid == text) == is_utf8(text), "what is valid stays as it is, and nothing else", text);
  must(worker::printable(valid) == shown && worker::printable(shown) == shown, "what is shown stays as it is", text);
  for (const char c : shown) must(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "no control is shown", shown);
  must(shown.find("\xc2\x9b") == std::string::npos, "no control is shown", shown);
}

}  // namespace

/// One text, taken for what an operator may have written, and for what a terminal shows.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  judge_duration(text);
  judge_config_file(text);
  judge_value(text);
  judge_url(text);
  judge_printing(text);
  return 0;
}
