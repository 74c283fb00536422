#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "worker/cli/record_text.h"
#include "worker/printable.h"

namespace worker::cli {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_text(Writer& writer, std::string_view text) {
  const std::string valid = valid_utf8(text);
  writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
}

/// Reads foreign JSON: without recursion, so that no depth exhausts the stack.
template <class Handler>
bool read_json(const std::string& json, Handler& handler) {
  rapidjson::StringStream stream(json.c_str());
  rapidjson::Reader reader;
  return !reader.Parse < rapidjson::kParseIterativeFlag |
         rapidjson::kParseValidateEncodingFlag > (stream, handler).IsError();
}

/// As JSON only if it is: what a record holds may come from any producer.
void write_json_or_text(Writer& writer, const std::string& value) {
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

void write_member(Writer& writer, std::string_view name, const std::string& value) {
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

}  // namespace

std::string json_of(const queue::Record& record, const std::vector<std::string>& failures) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  write_member(writer, "id", record.id);
  for (const auto& [name, value] : record.fields)
    if (name != "id") write_member(writer, name, value);
  if (!failures.empty()) {
    writer.Key("failures");
    writer.StartArray();
    for (const std::string& failure : failures) write_json_or_text(writer, failure);
    writer.EndArray();
  }
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

std::string json_of(const std::string& batch, const BatchCounts& counts) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  write_member(writer, "batch", batch);
  for (const auto& [name, value] : counts) {
    write_text(writer, name);
    writer.Uint64(number_in(counts, name));
  }
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace worker::cli
