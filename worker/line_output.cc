#include "worker/line_output.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace worker::log {
namespace {

/// What poll(2) says of writing within that time; nothing: it would have to wait.
int look(int descriptor, int milliseconds) {
  pollfd polled{.fd = descriptor, .events = POLLOUT, .revents = 0};
  return ::poll(&polled, 1, milliseconds) > 0 ? polled.revents : 0;
}

}  // namespace

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
    else if (errno == EAGAIN)
      return taken > 0 ? Taken::some : Taken::none;
    else if (errno != EINTR)
      return Taken::nobody_there;
  }
  return Taken::all;
}

/// Others may share the descriptor, so it must not be made non-blocking for them. A socket can be asked once not to
/// wait; of what else can be polled, PIPE_BUF bytes are taken at once if any are.
long LineOutput::put_some(std::string_view bytes) const {
  const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0 || errno != ENOTSOCK) return sent;
  if (look(descriptor_, 0) == 0) {
    errno = EAGAIN;
    return -1;
  }
  return ::write(descriptor_, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
}

}  // namespace worker::log
