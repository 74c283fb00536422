#pragma once

#include <map>
#include <string_view>

namespace config::manual {

/// What --help has no room for. Words in `backquotes` are typed as they stand.
struct AboutSetting {
  AboutSetting(std::string_view sentences, std::string_view shown = {}) : more(sentences), example(shown) {}
  std::string_view more;     ///< sentences, after those of --help
  std::string_view example;  ///< for the configuration file, where there is no default
};

/// By name. A setting that is not here has said everything in --help.
const std::map<std::string_view, AboutSetting>& about_settings();

}  // namespace config::manual
