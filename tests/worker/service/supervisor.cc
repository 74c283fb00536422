#include "tests/worker/service/supervisor.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace test {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::milliseconds left_until(Clock::time_point until) {
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()), std::chrono::milliseconds(0));
}

}  // namespace

Supervisor::Supervisor(Address address)
    : address_(address == Address::path ? (folder_.path() / "notify").string()
                                        : "@" + folder_.path().filename().string() + std::to_string(::getpid())),
      descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un here{};
  here.sun_family = AF_UNIX;
  std::ranges::copy(address_, std::begin(here.sun_path));
  if (address == Address::abstract) here.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&here), length) != 0) throw std::runtime_error("bind");
}

Supervisor::~Supervisor() {
  ::close(descriptor_);
}

std::map<std::string, std::string> Supervisor::environment(std::chrono::milliseconds watchdog) const {
  std::map<std::string, std::string> variables{{"NOTIFY_SOCKET", address_}};
  if (watchdog.count() > 0) variables["WATCHDOG_USEC"] = std::to_string(watchdog.count() * 1000);
  return variables;
}

bool Supervisor::hears(const std::string& line, std::chrono::milliseconds limit) {
  const auto until = Clock::now() + limit;
  while (std::ranges::find(lines_, line) == lines_.end())
    if (!receive(left_until(until))) return false;
  return true;
}

bool Supervisor::hears_of(const std::string& beginning, std::chrono::milliseconds limit) {
  const auto until = Clock::now() + limit;
  while (std::ranges::none_of(lines_, [&](const std::string& line) { return line.starts_with(beginning); }))
    if (!receive(left_until(until))) return false;
  return true;
}

Supervisor::Pulse Supervisor::feel(std::chrono::milliseconds time) {
  Pulse pulse;
  const auto until = Clock::now() + time;
  auto last = Clock::now();
  const auto heard = [&] {
    pulse.longest_silence =
        std::max(pulse.longest_silence, std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - last));
    last = Clock::now();
  };
  while (Clock::now() < until) {
    const std::size_t before = lines_.size();
    if (!receive(left_until(until))) break;
    const auto pings = std::count(lines_.begin() + static_cast<std::ptrdiff_t>(before), lines_.end(), "WATCHDOG=1");
    if (pings > 0) heard();
    pulse.pings += static_cast<int>(pings);
  }
  heard();
  return pulse;
}

std::string Supervisor::all() const {
  std::string text;
  for (const std::string& line : lines_) text += line + "\n";
  return text;
}

bool Supervisor::receive(std::chrono::milliseconds limit) {
  pollfd polled{.fd = descriptor_, .events = POLLIN, .revents = 0};
  if (::poll(&polled, 1, static_cast<int>(limit.count())) <= 0) return false;
  std::array<char, 4096> buffer{};
  const auto length = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (length < 0) return false;
  std::istringstream message(std::string(buffer.data(), static_cast<std::size_t>(length)));
  for (std::string line; std::getline(message, line);) lines_.push_back(line);
  return true;
}

}  // namespace test
