#include "worker/cli/failures.h"

#include <algorithm>
#include <map>
#include <utility>

#include <rapidjson/reader.h>

#include "worker/printable.h"

namespace worker::cli {
namespace {

/// The members of one flat JSON object, as text; anything nested ends the reading.
struct FlatObject : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, FlatObject> {
  std::map<std::string, std::string, std::less<>> members;
  std::string key;
  bool begun = false;

  bool Default() const { return begun; }
  bool StartObject() { return !std::exchange(begun, true); }
  bool StartArray() { return false; }
  bool Key(const char* text, rapidjson::SizeType length, bool /*copy*/) {
    key.assign(text, length);
    return true;
  }
  bool String(const char* text, rapidjson::SizeType length, bool /*copy*/) {
    members[key].assign(text, length);
    return begun;
  }
  bool Uint(unsigned number) {
    members[key] = std::to_string(number);
    return begun;
  }
};

std::string text_of_failure(const std::string& json) {
  FlatObject failure;
  rapidjson::StringStream stream(json.c_str());
  if (rapidjson::Reader().Parse<rapidjson::kParseValidateEncodingFlag>(stream, failure).IsError())
    return printable(json);
  return printable(failure.members["reference"] + "  " + failure.members["status"] + "  " +
                   failure.members["diagnostics"]);
}

}  // namespace

std::string text_of_failures(const std::vector<std::string>& failures, std::size_t most) {
  std::string text;
  const std::size_t shown = std::min(most, failures.size());
  for (std::size_t i = 0; i < shown; ++i) text.append("  ").append(text_of_failure(failures[i])).append("\n");
  if (failures.size() > shown)
    text.append("  and ").append(std::to_string(failures.size() - shown)).append(" more (set-accounts status JOB)\n");
  return text;
}

}  // namespace worker::cli
