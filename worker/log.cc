#include "worker/log.h"

#include <cmath>
#include <exception>
#include <memory>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "worker/printable.h"

namespace worker::log {
namespace {

constexpr auto text_pattern = "%Y-%m-%dT%H:%M:%S.%e%z %-7l %v";
constexpr auto json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
constexpr auto text_audit_pattern = "%Y-%m-%dT%H:%M:%S.%e%z audit   %v";
constexpr auto json_audit_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"audit",%v})";

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

struct Output {
  std::unique_ptr<spdlog::logger> logger;
  std::unique_ptr<spdlog::logger> audit;
  config::LogFormat format;
};

/// A sink of its own each: the pattern is the sink's. Both write whole lines at once.
std::unique_ptr<spdlog::logger> logger_for(bool json, const char* pattern, spdlog::level::level_enum level) {
  auto logger = std::make_unique<spdlog::logger>("set-accounts", std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_pattern(pattern, json ? spdlog::pattern_time_type::utc : spdlog::pattern_time_type::local);
  logger->set_level(level);
  logger->flush_on(spdlog::level::debug);
  return logger;
}

Output output_for(const config::Log& settings) {
  const bool json = settings.format == config::LogFormat::json;
  return {logger_for(json, json ? json_pattern : text_pattern, level_of(settings.level)),
          logger_for(json, json ? json_audit_pattern : text_audit_pattern, spdlog::level::info), settings.format};
}

/// stderr is one for the whole process, and so is the one writer to it.
Output& output() {
  static Output the_one = output_for({.format = config::LogFormat::text, .level = Level::info});
  return the_one;
}

void write(spdlog::logger& logger, spdlog::level::level_enum level, std::string_view what, Fields fields) {
  try {
    if (!logger.should_log(level)) return;
    const bool json = output().format == config::LogFormat::json;
    const std::string line = json ? json_of(what, fields) : text_of(what, fields);
    logger.log(level, spdlog::string_view_t(line.data(), line.size()));
  } catch (const std::exception&) {
    // A job is worth more than its log line.
    return;
  }
}

bool needs_quotes(std::string_view text) {
  return text.find_first_of(" \"=\\") != text.npos;
}

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

/// rapidjson takes care of escapes, but not of bytes that are no UTF-8.
void write_string(JsonWriter& writer, std::string_view text) {
  const std::string valid = valid_utf8(text);
  writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
}

struct WriteJson {
  JsonWriter& writer;
  void operator()(std::string_view text) const { write_string(writer, text); }
  void operator()(std::int64_t number) const { writer.Int64(number); }
  void operator()(std::uint64_t number) const { writer.Uint64(number); }
  void operator()(double number) const { std::isfinite(number) ? writer.Double(number) : writer.Null(); }
  void operator()(bool fact) const { writer.Bool(fact); }
};

/// A text without a character has nothing to say.
bool says_something(const Field& field) {
  const auto* text = std::get_if<std::string_view>(&field.value);
  return text == nullptr || !text->empty();
}

std::string json_value(const Field::Value& value) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  std::visit(WriteJson{writer}, value);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string text_value(const Field::Value& value) {
  const auto* text = std::get_if<std::string_view>(&value);
  if (text == nullptr) return json_value(value);
  const std::string clean = printable(*text);
  return needs_quotes(clean) ? json_value(std::string_view(clean)) : clean;
}

}  // namespace

void set_up(const config::Log& settings) {
  output() = output_for(settings);
}

void event(Level level, std::string_view what, Fields fields) {
  write(*output().logger, level_of(level), what, fields);
}

void audit(std::string_view what, Fields fields) {
  write(*output().audit, spdlog::level::info, what, fields);
}

std::string text_of(std::string_view what, Fields fields) {
  std::string line = printable(what);
  for (const Field& field : fields)
    if (says_something(field)) line.append(" ").append(field.name).append("=").append(text_value(field.value));
  return line;
}

std::string json_of(std::string_view what, Fields fields) {
  std::string members = "\"event\":" + json_value(what);
  for (const Field& field : fields)
    if (says_something(field))
      members.append(",").append(json_value(field.name)).append(":").append(json_value(field.value));
  return members;
}

}  // namespace worker::log
