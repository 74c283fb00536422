#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace worker::log {

/// A descriptor that lines go to and that is never waited for: a terminal that was stopped, a pipe that nobody reads or
/// a journal that is away holds up no work. What it does not take at once is kept, in order, up to a limit.
class LineOutput {
 public:
  static constexpr std::size_t usual_room = 1'000'000;

  explicit LineOutput(int descriptor, std::size_t room = usual_room);
  ~LineOutput();
  LineOutput(const LineOutput&) = delete;
  LineOutput& operator=(const LineOutput&) = delete;

  /// Writes the line or keeps it; drops it, and counts that, where there is no room left or nobody to write to.
  void write(std::string_view line);
  /// Whether it went out, or at least began to, so that the rest is sure to follow: nothing else counts as written.
  bool write_now(std::string_view line);
  /// Goes on with what is kept; whether nothing is kept any more.
  bool flush();
  /// Whether it would take a line now.
  bool is_ready() const;
  /// The same, and waits for it, at most so long. For the end of the program.
  void flush_within(int milliseconds);

  /// How many were dropped since this was last asked.
  std::uint64_t take_dropped();
  bool has_dropped() const { return dropped_ > 0; }

 private:
  enum class Taken { all, some, none, nobody_there };

  Taken put(std::string_view bytes, std::size_t& taken) const;
  long put_some(std::string_view bytes) const;

  int descriptor_;
  int own_;  ///< the same, opened by us and never waiting; -1: that could not be had
  std::size_t room_;
  std::string kept_;
  std::uint64_t dropped_ = 0;
};

}  // namespace worker::log
