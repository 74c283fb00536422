#include "worker/service/notify_socket.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace worker::service {
namespace {

std::string take(const char* variable) {
  const char* const value = std::getenv(variable);
  std::string taken = value == nullptr ? "" : value;
  ::unsetenv(variable);
  return taken;
}

long number_in(const std::string& text) {
  long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

bool is_address(const std::string& text) {
  return text.size() > 1 && text.size() < sizeof(sockaddr_un::sun_path) && (text[0] == '/' || text[0] == '@');
}

}  // namespace

Supervision take_supervision_from_environment() {
  Supervision supervision{.socket = take("NOTIFY_SOCKET")};
  const std::string process = take("WATCHDOG_PID");
  const long watchdog = number_in(take("WATCHDOG_USEC"));
  const bool ours = process.empty() || number_in(process) == ::getpid();
  if (ours && watchdog > 0) supervision.watchdog = std::chrono::microseconds(watchdog);
  return supervision;
}

NotifySocket::NotifySocket(std::string address) : address_(std::move(address)) {
  if (is_address(address_)) descriptor_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

NotifySocket::~NotifySocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool NotifySocket::send(const std::string& message) const {
  if (descriptor_ < 0) return true;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::ranges::copy(address_, std::begin(to.sun_path));
  if (address_[0] == '@') to.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  const auto sent = ::sendto(descriptor_, message.data(), message.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&to), length);
  return sent >= 0 || (errno != EAGAIN && errno != EINTR && errno != ENOBUFS);
}

}  // namespace worker::service
