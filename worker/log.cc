#include "worker/log.h"

#include <cmath>
#include <exception>
#include <memory>
#include <unistd.h>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "worker/line_output.h"
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

/// stderr is one for the whole process, and so is the one writer to it.
LineOutput& lines() {
  static LineOutput the_one(STDERR_FILENO);
  return the_one;
}

/// What becomes a line of text in spdlog goes on to lines().
class Sink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  enum class Kind { ordinary, audit };
  explicit Sink(Kind kind) : kind_(kind) {}
  bool wrote() const { return wrote_; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    const std::string_view text(line.data(), line.size());
    wrote_ = kind_ == Kind::audit && lines().write_now(text);
    if (kind_ == Kind::ordinary) lines().write(text);
  }
  void flush_() override {}

  Kind kind_;
  bool wrote_ = false;
};

struct Output {
  std::unique_ptr<spdlog::logger> logger;
  std::unique_ptr<spdlog::logger> audit;
  std::shared_ptr<Sink> audit_sink;
  config::LogFormat format;
};

/// A sink of its own each: the pattern is the sink's.
std::unique_ptr<spdlog::logger> logger_to(std::shared_ptr<Sink> sink, bool json, const char* pattern) {
  auto logger = std::make_unique<spdlog::logger>("set-accounts", std::move(sink));
  logger->set_pattern(pattern, json ? spdlog::pattern_time_type::utc : spdlog::pattern_time_type::local);
  return logger;
}

Output output_for(const config::Log& settings) {
  const bool json = settings.format == config::LogFormat::json;
  Output output;
  output.logger = logger_to(std::make_shared<Sink>(Sink::Kind::ordinary), json, json ? json_pattern : text_pattern);
  output.logger->set_level(level_of(settings.level));
  output.audit_sink = std::make_shared<Sink>(Sink::Kind::audit);
  output.audit = logger_to(output.audit_sink, json, json ? json_audit_pattern : text_audit_pattern);
  output.format = settings.format;
  return output;
}

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

bool audit(std::string_view what, Fields fields) {
  write(*output().audit, spdlog::level::info, what, fields);
  return output().audit_sink->wrote();
}

bool flush() {
  const bool flushed = lines().flush();
  if (flushed && lines().has_dropped())
    event(Level::warning, "log lines dropped",
          {{"count", lines().take_dropped()}, {"why", "nobody read them in time: stderr took no more"}});
  return lines().is_ready();
}

void finish() {
  flush();
  lines().flush_within(1000);
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
