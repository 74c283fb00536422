#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace worker::cli {

/// What one line of progress shows.
struct Progress {
  std::string title;  ///< e.g. `sweep 1`
  std::uint64_t done = 0;
  std::uint64_t total = 0;           ///< 0: nothing to measure by yet, so there is no bar
  std::string unit;                  ///< behind `done/total`, e.g. `seen`
  std::vector<std::string> details;  ///< the most telling first: the last are left out where it is narrow
  bool operator==(const Progress&) const = default;
};

/// One line of at most `width` columns: title, bar, count, as many details as there is room for.
std::string render(const Progress& progress, std::size_t width);

/// The same for files and pipes: no bar, nothing left out.
std::string render_plain(const Progress& progress);

/// `12,345`
std::string grouped(std::uint64_t number);

/// `45s`, `3m05s`, `2h07m`, `3d4h`
std::string rough(std::chrono::seconds time);

}  // namespace worker::cli
