#include "queue/unix_request.h"

#include <array>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace queue {
namespace {

constexpr timeval patience{.tv_sec = 1, .tv_usec = 0};

bool connect_to(int descriptor, const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.size() >= sizeof(address.sun_path)) return false;
  std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
  return ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

std::string ask(int descriptor, std::string_view request) {
  if (::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    return {};
  std::array<char, 256> answer{};
  const auto length = ::recv(descriptor, answer.data(), answer.size(), 0);
  return length > 0 ? std::string(answer.data(), static_cast<std::size_t>(length)) : std::string();
}

}  // namespace

std::string unix_request(const std::filesystem::path& socket_path, std::string_view request) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return {};
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  std::string answer;
  if (connect_to(descriptor, socket_path)) answer = ask(descriptor, request);
  ::close(descriptor);
  return answer;
}

}  // namespace queue
