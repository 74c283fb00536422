#include "tests/bench/null_fhir/listener.h"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace null_fhir {
namespace {

void must(int result, const char* doing) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), doing);
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor listen_at(std::uint16_t port) {
  Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  must(listener.number(), "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int yes = 1;
  must(::setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), "SO_REUSEADDR");
  must(::bind(listener.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
  must(::listen(listener.number(), SOMAXCONN), "listen");
  return listener;
}

std::string origin_of(const Descriptor& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  must(::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  return "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

}  // namespace null_fhir
