#include "worker/http/stream.h"

#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace worker::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using fhir::use_awaitable;

Awaitable<void> drain(Socket& socket) {
  error_code error;
  socket.shutdown(Socket::shutdown_send, error);
  std::array<char, 4096> dropped{};
  const auto room = asio::buffer(dropped);
  while (!error) co_await socket.async_read_some(room, asio::redirect_error(use_awaitable, error));
}

class PlainStream final : public Stream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {}

  Awaitable<void> shake_hands() override { co_return; }
  Awaitable<std::size_t> read_some(std::span<char> buffer) override {
    const auto room = asio::buffer(buffer.data(), buffer.size());
    const auto length = co_await socket_.async_read_some(room, use_awaitable);
    co_return length;
  }
  Awaitable<void> write(const std::string& bytes) override {
    co_await asio::async_write(socket_, asio::buffer(bytes), use_awaitable);
  }
  Awaitable<void> hang_up() override { co_await drain(socket_); }
  Socket& socket() override { return socket_; }

 private:
  Socket socket_;
};

class TlsStream final : public Stream {
 public:
  TlsStream(Socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

  Awaitable<void> shake_hands() override {
    co_await stream_.async_handshake(asio::ssl::stream_base::server, use_awaitable);
  }
  Awaitable<std::size_t> read_some(std::span<char> buffer) override {
    const auto room = asio::buffer(buffer.data(), buffer.size());
    const auto length = co_await stream_.async_read_some(room, use_awaitable);
    co_return length;
  }
  Awaitable<void> write(const std::string& bytes) override {
    co_await asio::async_write(stream_, asio::buffer(bytes), use_awaitable);
  }
  Awaitable<void> hang_up() override {
    error_code ignored;  // of a peer that is gone, or still sending
    co_await stream_.async_shutdown(asio::redirect_error(use_awaitable, ignored));
    co_await drain(stream_.next_layer());
  }
  Socket& socket() override { return stream_.next_layer(); }

 private:
  asio::ssl::stream<Socket> stream_;
};

}  // namespace

std::unique_ptr<Stream> make_plain_stream(Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

std::unique_ptr<Stream> make_tls_stream(Socket socket, asio::ssl::context& context) {
  return std::make_unique<TlsStream>(std::move(socket), context);
}

}  // namespace worker::http
