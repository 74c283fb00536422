#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace config {

/// Where in the settings a value lives.
template <class Value>
using Field = std::function<Value&(Settings&)>;

template <class Part, class Value>
Field<Value> field(Part Settings::* part, Value Part::* member) {
  return [part, member](Settings& settings) -> Value& { return settings.*part.*member; };
}

/// How one setting is read from text and shown again.
struct Kind {
  /// Takes the text; answers nothing, or what would be allowed.
  std::function<std::optional<std::string>(Settings& settings, const std::string& text)> set;
  std::function<std::string(const Settings& settings)> show;
  std::vector<std::string> choices;  ///< all that is allowed, where that is a few words
};

Kind text(Field<std::string> field);
/// A secret's value is never shown.
Kind secret(Field<std::string> field);
/// `true` or `false`.
Kind flag(Field<bool> field);
/// A file that can be read; empty for none.
Kind file(Field<std::filesystem::path> field);
/// Slashes at its end are dropped.
Kind http_url(Field<std::string> field);
/// `HOST:PORT`, `[IPv6]:PORT`, or empty. `was_given` says that somebody set it.
Kind listen_address(Field<std::string> field, Field<bool> was_given);
/// Shown without its password.
Kind redis_url(Field<std::string> field);
/// Not empty, no blanks, no braces: it stands between braces in every key, and braces of its own would send keys of one
/// queue to several slots of a cluster.
Kind queue_name(Field<std::string> field);
Kind whole_number(Field<std::size_t> field, std::int64_t least, std::int64_t most);
Kind whole_number(Field<int> field, std::int64_t least, std::int64_t most);
Kind duration(Field<std::chrono::milliseconds> field, std::chrono::milliseconds least, std::chrono::milliseconds most);
Kind size(Field<std::uint64_t> field, std::uint64_t least, std::uint64_t most);
Kind choice(Field<Verify> field);
Kind choice(Field<LogFormat> field);
Kind choice(Field<LogLevel> field);

}  // namespace config
