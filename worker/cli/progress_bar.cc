#include "worker/cli/progress_bar.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "worker/cli/columns.h"

namespace worker::cli {
namespace {

constexpr std::size_t narrowest_bar = 10;
constexpr std::size_t widest_bar = 40;
constexpr std::string_view gap = "  ";

/// `cells` columns, filled by eighths.
std::string bar(std::uint64_t done, std::uint64_t total, std::size_t cells) {
  constexpr std::array<std::string_view, 8> eighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(cells * eighths.size()));
  std::string drawn;
  for (std::size_t i = 0; i < filled / eighths.size(); ++i) drawn += "█";
  drawn += eighths.at(filled % eighths.size());
  while (columns_of(drawn) < cells) drawn += "░";
  return drawn;
}

std::string count_of(const Progress& progress) {
  if (progress.total == 0) return {};
  std::string count = grouped(progress.done) + "/" + grouped(progress.total);
  if (!progress.unit.empty()) count.append(" ").append(progress.unit);
  return count;
}

/// Count and details, as many as fit into `width`.
std::string text_behind_bar(const Progress& progress, std::size_t width) {
  std::string text = count_of(progress);
  for (const std::string& detail : progress.details) {
    std::string longer = text;
    longer.append(text.empty() ? "" : gap).append(detail);
    if (columns_of(longer) > width) break;
    text = std::move(longer);
  }
  return text;
}

}  // namespace

std::string render(const Progress& progress, std::size_t width) {
  const std::size_t taken = columns_of(progress.title) + gap.size();
  const std::size_t for_bar = progress.total == 0 ? 0 : narrowest_bar + gap.size();
  const std::size_t left = width > taken + for_bar ? width - taken - for_bar : 0;
  const std::string text = text_behind_bar(progress, left);
  std::string line = progress.title;
  const std::size_t used = taken + columns_of(text);
  if (for_bar > 0 && used + for_bar <= width)
    line.append(gap).append(bar(progress.done, progress.total, std::min(widest_bar, width - used - gap.size())));
  if (!text.empty()) line.append(gap).append(text);
  return cut_to(line, width);
}

std::string render_plain(const Progress& progress) {
  std::string line = progress.title;
  const std::string count = count_of(progress);
  if (!count.empty()) line.append(gap).append(count);
  for (const std::string& detail : progress.details) line.append(gap).append(detail);
  return line;
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string rough(std::chrono::seconds time) {
  const auto count = time.count();
  const auto two_digits = [](auto number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  if (count < 60) return std::to_string(count) + "s";
  if (count < 3600) return std::to_string(count / 60) + "m" + two_digits(count % 60) + "s";
  if (count < 86'400) return std::to_string(count / 3600) + "h" + two_digits(count / 60 % 60) + "m";
  return std::to_string(count / 86'400) + "d" + std::to_string(count / 3600 % 24) + "h";
}

}  // namespace worker::cli
