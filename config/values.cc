#include "config/values.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "config/duration.h"
#include "config/size.h"
#include "config/url.h"
#include "config/whole_number.h"

namespace config {
namespace {

using Refusal = std::optional<std::string>;
constexpr std::nullopt_t taken = std::nullopt;

/// `read`: text → field, or what is allowed; `shown`: field → text.
template <class Value, class Read, class Shown>
Kind kind(Field<Value> field, Read read, Shown shown) {
  return {.set = [field, read](Settings& settings, const std::string& text) { return read(field(settings), text); },
          .show =
              [field, shown](const Settings& settings) {
                Settings copy = settings;
                return std::string(shown(field(copy)));
              },
          .choices = {}};
}

Refusal set_text(std::string& value, const std::string& text) {
  if (text.empty()) return "a text that is not empty";
  value = text;
  return taken;
}

template <class Number>
Kind number_kind(Field<Number> field, std::int64_t least, std::int64_t most) {
  const auto read = [least, most](Number& value, const std::string& text) -> Refusal {
    const auto number = parse_whole_number(text, least, most);
    if (!number) return range_of_numbers(least, most);
    value = static_cast<Number>(*number);
    return taken;
  };
  return kind(std::move(field), read, [](Number value) { return std::to_string(value); });
}

template <class Value, std::size_t Count>
using Choices = std::array<std::pair<std::string_view, Value>, Count>;

template <class Value, std::size_t Count>
Kind choice_kind(Field<Value> field, const Choices<Value, Count>& choices) {
  const auto read = [choices](Value& value, const std::string& text) -> Refusal {
    std::string allowed;
    for (const auto& [name, choice] : choices) {
      if (name == text) {
        value = choice;
        return taken;
      }
      allowed.append(allowed.empty() ? "" : " or ").append(name);
    }
    return allowed;
  };
  const auto shown = [choices](Value value) {
    for (const auto& [name, choice] : choices)
      if (choice == value) return name;
    return std::string_view();
  };
  Kind kind_of_words = kind(std::move(field), read, shown);
  for (const auto& [name, choice] : choices) kind_of_words.choices.emplace_back(name);
  return kind_of_words;
}

}  // namespace

Kind text(Field<std::string> field) {
  return kind(std::move(field), set_text, [](const std::string& value) { return value; });
}

Kind secret(Field<std::string> field) {
  return kind(std::move(field), set_text, [](const std::string& value) { return value.empty() ? "" : "set"; });
}

Kind flag(Field<bool> field) {
  return kind(
      std::move(field),
      [](bool& value, const std::string& text) -> Refusal {
        if (text != "true" && text != "false") return "true or false";
        value = text == "true";
        return taken;
      },
      [](bool value) { return value ? "true" : "false"; });
}

Kind file(Field<std::filesystem::path> field) {
  return kind(
      std::move(field),
      [](std::filesystem::path& value, const std::string& text) -> Refusal {
        std::error_code no_such;
        if (!text.empty() && (!std::filesystem::is_regular_file(text, no_such) || access(text.c_str(), R_OK) != 0))
          return "a file that exists and that this user may read";
        value = text;
        return taken;
      },
      [](const std::filesystem::path& value) { return value.string(); });
}

Kind http_url(Field<std::string> field) {
  return kind(
      std::move(field),
      [](std::string& value, const std::string& text) -> Refusal {
        if (!is_http_url(text)) return "an http:// or https:// URL with a host, and no user, query or fragment";
        value = text.substr(0, text.find_last_not_of('/') + 1);
        return taken;
      },
      [](const std::string& value) { return value; });
}

Kind listen_address(Field<std::string> field, Field<bool> was_given) {
  return {.set = [field, was_given](Settings& settings, const std::string& text) -> Refusal {
            if (!text.empty() && !is_listen_address(text))
              return "HOST:PORT, such as 127.0.0.1:8089, [::1]:8089 or 0.0.0.0:8089, or nothing for no server";
            field(settings) = text;
            was_given(settings) = true;
            return taken;
          },
          .show =
              [field](const Settings& settings) {
                Settings copy = settings;
                return field(copy);
              },
          .choices = {}};
}

Kind redis_url(Field<std::string> field) {
  return kind(
      std::move(field),
      [](std::string& value, const std::string& text) -> Refusal {
        if (!is_redis_url(text)) return std::string(redis_urls);
        value = text;
        return taken;
      },
      without_password);
}

Kind queue_name(Field<std::string> field) {
  return kind(
      std::move(field),
      [](std::string& value, const std::string& text) -> Refusal {
        const bool usable =
            std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c != '{' && c != '}' && c != 0x7F; });
        if (text.empty() || !usable) return "a name without blanks and braces";
        value = text;
        return taken;
      },
      [](const std::string& value) { return value; });
}

Kind whole_number(Field<std::size_t> field, std::int64_t least, std::int64_t most) {
  return number_kind(std::move(field), least, most);
}
Kind whole_number(Field<int> field, std::int64_t least, std::int64_t most) {
  return number_kind(std::move(field), least, most);
}

Kind duration(Field<std::chrono::milliseconds> field, std::chrono::milliseconds least, std::chrono::milliseconds most) {
  return kind(
      std::move(field),
      [least, most](std::chrono::milliseconds& value, const std::string& text) -> Refusal {
        const auto parsed = parse_duration(text);
        if (!parsed || *parsed < least || *parsed > most)
          return "a duration from " + text_of(least) + " to " + text_of(most) + ", such as " +
                 std::string(duration_examples);
        value = *parsed;
        return taken;
      },
      text_of);
}

Kind size(Field<std::uint64_t> field, std::uint64_t least, std::uint64_t most) {
  return kind(
      std::move(field),
      [least, most](std::uint64_t& value, const std::string& text) -> Refusal {
        const auto parsed = parse_size(text);
        if (!parsed || *parsed < least || *parsed > most)
          return "a size from " + size_text(least) + " to " + size_text(most) + ", such as " +
                 std::string(size_examples);
        value = *parsed;
        return taken;
      },
      size_text);
}

Kind choice(Field<Verify> field) {
  return choice_kind(std::move(field), Choices<Verify, 2>{{{"full", Verify::full}, {"none", Verify::none}}});
}
Kind choice(Field<LogFormat> field) {
  return choice_kind(std::move(field), Choices<LogFormat, 2>{{{"text", LogFormat::text}, {"json", LogFormat::json}}});
}
Kind choice(Field<LogLevel> field) {
  return choice_kind(std::move(field), Choices<LogLevel, 4>{{{"debug", LogLevel::debug},
                                                             {"info", LogLevel::info},
                                                             {"warning", LogLevel::warning},
                                                             {"error", LogLevel::error}}});
}

}  // namespace config
