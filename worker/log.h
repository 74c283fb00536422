#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "config/settings.h"

namespace worker::log {

using Level = config::LogLevel;

/// One thing an event has to say; looked at during the call only. An empty text is left out of the line.
struct Field {
  using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  Field(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}
  Field(std::string_view field_name, const char* text) : name(field_name), value(std::string_view(text)) {}
  Field(std::string_view field_name, const std::string& text) : name(field_name), value(std::string_view(text)) {}
  Field(std::string_view field_name, bool fact) : name(field_name), value(fact) {}
  Field(std::string_view field_name, double number) : name(field_name), value(number) {}
  template <std::signed_integral Number>
  Field(std::string_view field_name, Number number) : name(field_name), value(std::int64_t{number}) {}
  template <std::unsigned_integral Number>
  Field(std::string_view field_name, Number number) : name(field_name), value(std::uint64_t{number}) {}

  std::string_view name;
  Value value;
};
using Fields = std::initializer_list<Field>;

/// Until it is called: text, from info on. Lines go to stderr, and nobody waits for who reads them: what stderr does
/// not take is kept, 1 MB of it; then lines are dropped, and how many is told as soon as it takes some again.
void set_up(const config::Log& settings);

/// One line: `log::event(log::Level::info, "job claimed", {{"job", id}, {"attempt", 2}})`.
/// Never throws; a line that cannot be written is lost. Never a secret, never a resource's content.
void event(Level level, std::string_view what, Fields fields = {});

/// The same at a level of its own, `audit`, which no setting turns off. Whether the line was written: it is neither
/// kept nor dropped.
bool audit(std::string_view what, Fields fields);

/// Goes on with the lines that were kept; whether stderr takes a line now.
bool flush();
/// The same at the end of the program: waits for it, a second at most.
void finish();

/// The line without time and level: `job claimed job=17-0 attempt=2`. Text with blanks or quotes is quoted.
std::string text_of(std::string_view what, Fields fields);
/// The same as members of a JSON object, without its braces: `"event":"job claimed","job":"17-0","attempt":2`.
std::string json_of(std::string_view what, Fields fields);

}  // namespace worker::log
