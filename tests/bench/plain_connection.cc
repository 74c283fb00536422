#include "tests/bench/plain_connection.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

PlainConnection::PlainConnection(const std::filesystem::path& socket)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) fail("socket");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket.c_str(), sizeof(address.sun_path) - 1);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) fail("connect");
}

PlainConnection::~PlainConnection() {
  ::close(socket_);
}

queue::Reply PlainConnection::ask(const queue::Command& command) {
  send(command);
  auto reply = next(Clock::now() + 10s);
  if (!reply) throw std::runtime_error("Redis did not answer " + command.front());
  if (reply->is_error()) throw std::runtime_error(command.front() + ": " + reply->text);
  return std::move(*reply);
}

void PlainConnection::send(const queue::Command& command) const {
  std::string bytes;
  queue::format_command(command, bytes);
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto length = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (length < 0) fail("send");
    sent += static_cast<std::size_t>(length);
  }
}

std::optional<queue::Reply> PlainConnection::next(Clock::time_point until) {
  for (;;) {
    if (auto reply = parser_.next()) return reply;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
    if (left <= 0 || ::poll(&readable, 1, static_cast<int>(left)) <= 0) return std::nullopt;
    std::array<char, 16384> buffer{};
    const auto length = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (length <= 0) throw std::runtime_error("Redis closed the connection");
    parser_.feed({buffer.data(), static_cast<std::size_t>(length)});
  }
}

}  // namespace bench
