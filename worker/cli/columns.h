#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace worker::cli {

/// Terminal columns of valid UTF-8, a character counted as one.
std::size_t columns_of(std::string_view text);

/// At most so many columns; what was cut off is shown as an ellipsis.
std::string cut_to(std::string_view text, std::size_t columns);

/// Filled up with blanks to so many columns, never cut.
std::string padded_to(std::string_view text, std::size_t columns);

/// Of the terminal that standard output is, 80 if it does not say.
std::size_t terminal_columns();

}  // namespace worker::cli
