#include "worker/line_output.h"

#include <cerrno>
#include <chrono>
#include <climits>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace worker::log {
namespace {

/// What poll(2) says of writing within that time; nothing: it would have to wait.
int look(int descriptor, int milliseconds) {
  pollfd polled{.fd = descriptor, .events = POLLOUT, .revents = 0};
  return ::poll(&polled, 1, milliseconds) > 0 ? polled.revents : 0;
}

/// Others may share the descriptor, so it must not be made non-blocking for them: that is a second one's, to the same
/// pipe or terminal. Of anything else it would be another thing (a file is written from its beginning).
int opened_again(int descriptor) {
  struct stat status{};
  const bool can_be = ::fstat(descriptor, &status) == 0 && (S_ISFIFO(status.st_mode) || ::isatty(descriptor) == 1);
  if (!can_be) return -1;
  const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  return ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/// As much as a pipe takes in one piece; whole lines, if one ends in there, since others may write in between.
std::string_view in_one_piece(std::string_view bytes) {
  const std::string_view piece = bytes.substr(0, PIPE_BUF);
  const std::size_t end = piece.rfind('\n');
  return end == piece.npos ? piece : piece.substr(0, end + 1);
}

}  // namespace

LineOutput::LineOutput(int descriptor, std::size_t room)
    : descriptor_(descriptor), own_(opened_again(descriptor)), room_(room) {}

LineOutput::~LineOutput() {
  if (own_ >= 0) ::close(own_);
}

void LineOutput::write(std::string_view line) {
  std::size_t taken = 0;
  const bool all_before = flush();
  const Taken result = all_before ? put(line, taken) : Taken::none;
  if (result == Taken::all) return;
  const bool no_room = taken == 0 && kept_.size() + line.size() > room_;
  if (result == Taken::nobody_there || no_room)
    ++dropped_;
  else
    kept_.append(line.substr(taken));
}

bool LineOutput::write_now(std::string_view line) {
  std::size_t taken = 0;
  if (!flush()) return false;
  const Taken result = put(line, taken);
  if (result == Taken::some) kept_.append(line.substr(taken));
  return result == Taken::all || result == Taken::some;
}

bool LineOutput::flush() {
  if (kept_.empty()) return true;
  std::size_t taken = 0;
  const Taken result = put(kept_, taken);
  kept_.erase(0, taken);
  if (result == Taken::nobody_there) {
    for (const char c : std::exchange(kept_, {})) dropped_ += c == '\n' ? 1 : 0;
  }
  return kept_.empty();
}

bool LineOutput::is_ready() const {
  return kept_.empty() && look(descriptor_, 0) == POLLOUT;
}

void LineOutput::flush_within(int milliseconds) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::milliseconds(milliseconds);
  while (!flush()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() <= 0 || look(descriptor_, static_cast<int>(left.count())) == 0) return;
  }
}

std::uint64_t LineOutput::take_dropped() {
  return std::exchange(dropped_, 0);
}

LineOutput::Taken LineOutput::put(std::string_view bytes, std::size_t& taken) const {
  while (taken < bytes.size()) {
    const long length = put_some(bytes.substr(taken));
    if (length >= 0)
      taken += static_cast<std::size_t>(length);
    else if (errno == EAGAIN || errno == ENOSPC || errno == EDQUOT)
      return taken > 0 ? Taken::some : Taken::none;
    else if (errno != EINTR)
      return Taken::nobody_there;
  }
  return Taken::all;
}

/// A socket can be asked once not to wait. A pipe that could not be opened again is asked before: it takes PIPE_BUF
/// bytes at once if it takes any. (A terminal does not, and neither does a pipe into which another one writes.)
long LineOutput::put_some(std::string_view bytes) const {
  const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0 || errno != ENOTSOCK) return sent;
  if (look(descriptor_, 0) == 0) {
    errno = EAGAIN;
    return -1;
  }
  const std::string_view piece = in_one_piece(bytes);
  return ::write(own_ >= 0 ? own_ : descriptor_, piece.data(), piece.size());
}

}  // namespace worker::log
