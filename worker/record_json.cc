#include "worker/record_json.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <string_view>

#include <rapidjson/reader.h>

#include "worker/json_writing.h"

namespace worker {
namespace {

/// Reads foreign JSON: without recursion, so that no depth exhausts the stack.
template <class Handler>
bool read_json(const std::string& json, Handler& handler) {
  rapidjson::StringStream stream(json.c_str());
  rapidjson::Reader reader;
  return !reader.Parse < rapidjson::kParseIterativeFlag |
         rapidjson::kParseValidateEncodingFlag > (stream, handler).IsError();
}

/// As JSON only if it is: what a record holds may come from any producer.
void write_json_or_text(JsonWriter& writer, const std::string& value) {
  rapidjson::BaseReaderHandler<> nobody;
  if (read_json(value, nobody))
    read_json(value, writer);
  else
    write_text(writer, value);
}

bool is_number(std::string_view name, std::string_view value) {
  constexpr std::array<std::string_view, 9> names = {"priority",   "delay",     "attempt",   "maxAttempts", "pass",
                                                     "enqueuedAt", "startedAt", "updatedAt", "finishedAt"};
  const bool named = name == "runAt" || name == "claim" || name == "jobs" || name.starts_with("resources") ||
                     std::ranges::find(names, name) != names.end();
  const std::string_view digits = value.substr(value.starts_with('-') ? 1 : 0);
  return named && !digits.empty() && digits.size() < 19 && (digits.size() == 1 || digits.front() != '0') &&
         std::ranges::all_of(digits, [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_boolean(std::string_view name, std::string_view value) {
  return (name == "propagate" || name == "dryRun") && (value == "true" || value == "false");
}

bool holds_json(std::string_view name) {
  return name == "accounts" || name == "accountsBefore" || name == "removals" || name == "output" ||
         name == "parameters";
}

void write_field(JsonWriter& writer, std::string_view name, const std::string& value) {
  write_text(writer, name);
  if (is_number(name, value))
    writer.RawValue(value.data(), value.size(), rapidjson::kNumberType);
  else if (is_boolean(name, value))
    writer.Bool(value == "true");
  else if (holds_json(name))
    write_json_or_text(writer, value);
  else
    write_text(writer, value);
}

/// 0 for what is no number.
std::uint64_t number_in(const std::string& text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string json_of(const queue::Record& record, const std::vector<std::string>& failures) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  write_field(writer, "id", record.id);
  for (const auto& [name, value] : record.fields)
    if (name != "id") write_field(writer, name, value);
  if (!failures.empty()) {
    writer.Key("failures");
    writer.StartArray();
    for (const std::string& failure : failures) write_json_or_text(writer, failure);
    writer.EndArray();
  }
  writer.EndObject();
  return text_of(buffer);
}

std::string json_of(const std::string& batch, const std::map<std::string, std::string>& counts) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  write_field(writer, "batch", batch);
  for (const auto& [name, value] : counts) {
    write_text(writer, name);
    writer.Uint64(number_in(value));
  }
  writer.EndObject();
  return text_of(buffer);
}

}  // namespace worker
