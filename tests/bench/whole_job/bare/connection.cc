#include "tests/bench/whole_job/bare/connection.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace whole_job {
namespace {

[[noreturn]] void fail(const char* doing) {
  throw std::system_error(errno, std::generic_category(), doing);
}

std::size_t length_in(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = head.find(name);
  std::size_t length = 0;
  if (at == std::string_view::npos) throw std::runtime_error("an answer does not say its length");
  std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
  return length;
}

}  // namespace

Connection::Connection(std::uint16_t port) : number_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(number_, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) fail("connect");
  const int yes = 1;
  ::setsockopt(number_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

Connection::~Connection() {
  ::close(number_);
}

void Connection::send(std::string_view request) {
  has_head_ = false;
  const auto sent = ::send(number_, request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent != static_cast<ssize_t>(request.size())) fail("send");
}

bool Connection::receive(std::string* body) {
  static std::array<char, 64 * 1024> skipped;
  for (;;) {
    const bool straight = body != nullptr && has_head_;  // the rest of a page needs no second copy
    const std::size_t had = straight ? body->size() - left_ : 0;
    char* const to = straight ? body->data() + had : skipped.data();
    const auto room = straight ? left_ : skipped.size();
    const auto count = ::recv(number_, to, room, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return false;
    if (count <= 0) fail("recv");
    if (has_head_)
      left_ -= static_cast<std::size_t>(count);
    else
      take({to, static_cast<std::size_t>(count)}, body);
    if (left_ == 0) return true;
    if (static_cast<std::size_t>(count) < room) return false;
  }
}

void Connection::take(std::string_view came, std::string* body) {
  const auto end = came.find("\r\n\r\n");
  if (end == std::string_view::npos) throw std::runtime_error("the head of an answer came in pieces");
  if (came.substr(9, 3) != "200") throw std::runtime_error("not 200: " + std::string(came));
  const std::string_view begin_of_body = came.substr(end + 4);
  const std::size_t length = length_in(came.substr(0, end));
  has_head_ = true;
  left_ = length - begin_of_body.size();
  if (body == nullptr) return;
  body->resize(length);
  begin_of_body.copy(body->data(), begin_of_body.size());
}

}  // namespace whole_job
