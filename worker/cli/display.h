#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "worker/cli/progress_bar.h"
#include "worker/cli/session.h"

namespace worker::cli {

/// Where progress is shown: one line drawn over and over on a terminal, else a plain line a second, on change.
class Display {
 public:
  explicit Display(Session& session) : session_(session) {}
  ~Display();
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;

  void show(const Progress& progress);
  /// The last word, on a line of its own.
  void end_with(const std::string& line);

 private:
  void draw_over(const Progress& progress);
  void print_on_change(const Progress& progress);

  Session& session_;
  bool drawn_ = false;
  std::optional<std::chrono::steady_clock::time_point> printed_at_;
  std::string printed_;
};

}  // namespace worker::cli
