#pragma once

#include <string>
#include <string_view>

namespace config::manual {

/// Text for man(7): nothing in it is taken for a request, no dash for a hyphen, and what is in `backquotes` is bold.
std::string roff(std::string_view text);

std::string bold(std::string_view text);
std::string italic(std::string_view text);

}  // namespace config::manual
