#include "worker/cli/display.h"

#include <ostream>

#include "worker/cli/columns.h"

namespace worker::cli {
namespace {

constexpr auto erase_line = "\r\x1b[K";

}  // namespace

Display::~Display() {
  if (drawn_) session_.out << '\n' << std::flush;
}

void Display::show(const Progress& progress) {
  if (session_.terminal)
    draw_over(progress);
  else
    print_on_change(progress);
}

void Display::end_with(const std::string& line) {
  if (drawn_) session_.out << erase_line;
  session_.out << line << std::endl;
  drawn_ = false;
}

void Display::draw_over(const Progress& progress) {
  // The last column stays free: writing there makes some terminals begin a new line.
  session_.out << erase_line << render(progress, terminal_columns() - 1) << std::flush;
  drawn_ = true;
}

void Display::print_on_change(const Progress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (printed_at_ && now - *printed_at_ < std::chrono::seconds(1)) return;
  const std::string line = render_plain(progress);
  if (line == printed_) return;
  session_.out << line << std::endl;
  printed_at_ = now;
  printed_ = line;
}

}  // namespace worker::cli
