#include "tests/worker/http/raw_client.h"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace test {
namespace {

constexpr int limit_ms = 20'000;

}  // namespace

RawClient::RawClient(std::uint16_t port, const std::string& host)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    throw std::runtime_error("nobody listens at port " + std::to_string(port));
}

RawClient::~RawClient() {
  ::close(fd_);
}

bool RawClient::send(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto count = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

void RawClient::end_sending() {
  ::shutdown(fd_, SHUT_WR);
}

void RawClient::receive_slowly() {
  const int bytes = 2048;
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

const std::string& RawClient::read_until(const std::string& text) {
  while (received_.find(text) == std::string::npos)
    if (!receive()) throw std::runtime_error("hung up before '" + text + "': " + received_);
  return received_;
}

const std::string& RawClient::read_all() {
  while (receive()) {
  }
  return received_;
}

std::string RawClient::read_response() {
  read_until("\r\n\r\n");
  const std::size_t head = received_.find("\r\n\r\n") + 4;
  const std::string name = "Content-Length: ";
  const std::size_t length = received_.find(name);
  const std::size_t body = length < head ? std::stoul(received_.substr(length + name.size())) : 0;
  while (received_.size() < head + body)
    if (!receive()) throw std::runtime_error("hung up in a body: " + received_);
  const std::string response = received_.substr(0, head + body);
  received_.erase(0, head + body);
  return response;
}

bool RawClient::is_hung_up() {
  return !receive();
}

bool RawClient::receive() {
  pollfd waiting{fd_, POLLIN, 0};
  if (::poll(&waiting, 1, limit_ms) != 1) throw std::runtime_error("nothing comes behind: " + received_);
  std::array<char, 65536> buffer;
  const auto count = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  received_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

}  // namespace test
