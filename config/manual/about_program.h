#pragma once

#include <string_view>
#include <vector>

namespace config::manual {

/// A term and what is to be said of it. Words in `backquotes` are typed as they stand.
struct Entry {
  std::string_view term;
  std::string_view text;
};

/// A section of the manual that no declaration knows.
struct Section {
  std::string_view title;
  std::string_view text;  ///< before the entries; may be empty
  std::vector<Entry> entries;
};

Section configuration();
Section exit_status();
Section signals();
Section environment();
Section files();

}  // namespace config::manual
