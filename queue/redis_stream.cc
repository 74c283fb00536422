#include "queue/redis_stream.h"

#include <filesystem>
#include <functional>
#include <netinet/tcp.h>
#include <stdexcept>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace queue {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using TcpSocket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using TcpResolver = asio::ip::basic_resolver<asio::ip::tcp, Executor>;
using UnixSocket = asio::basic_stream_socket<asio::local::stream_protocol, Executor>;

class UnixStream : public RedisStream {
 public:
  UnixStream(Executor executor, std::string path) : socket_(executor), path_(std::move(path)) {}

  Awaitable<void> connect() override {
    const asio::local::stream_protocol::endpoint endpoint(path_);
    co_await socket_.async_connect(endpoint, use_awaitable);
  }
  Awaitable<std::size_t> read_some(std::span<char> buffer) override {
    const auto length = co_await socket_.async_read_some(asio::buffer(buffer.data(), buffer.size()), use_awaitable);
    co_return length;
  }
  Awaitable<void> write(const std::string& bytes) override {
    co_await asio::async_write(socket_, asio::buffer(bytes), use_awaitable);
  }
  void close() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  UnixSocket socket_;
  std::string path_;
};

template <int Name>
using TcpOption = asio::detail::socket_option::integer<IPPROTO_TCP, Name>;

/// A host that vanishes says no word, and a blocking command may wait for one for ever: silence is asked after, and
/// bytes that nobody acknowledges are given up.
void notice_vanished_peers(TcpSocket& socket) {
  constexpr int silent_seconds = 10;
  constexpr int seconds_between_questions = 5;
  constexpr int questions = 2;
  constexpr int milliseconds_unacknowledged = 10000;
  socket.set_option(asio::socket_base::keep_alive(true));
  socket.set_option(TcpOption<TCP_KEEPIDLE>(silent_seconds));
  socket.set_option(TcpOption<TCP_KEEPINTVL>(seconds_between_questions));
  socket.set_option(TcpOption<TCP_KEEPCNT>(questions));
  socket.set_option(TcpOption<TCP_USER_TIMEOUT>(milliseconds_unacknowledged));
}

/// Resolving is part of connecting: a close() in between must end it too.
class Dialling {
 public:
  explicit Dialling(Executor executor) : resolver_(executor) {}

  Awaitable<void> dial(TcpSocket& socket, std::string host, std::string port) {
    const auto endpoints = co_await resolver_.async_resolve(host, port, use_awaitable);
    if (hung_up_) throw boost::system::system_error(asio::error::operation_aborted);
    co_await asio::async_connect(socket, endpoints, use_awaitable);
    socket.set_option(asio::ip::tcp::no_delay(true));
    notice_vanished_peers(socket);
  }
  void hang_up() {
    hung_up_ = true;
    resolver_.cancel();
  }

 private:
  TcpResolver resolver_;
  bool hung_up_ = false;
};

class TcpStream : public RedisStream {
 public:
  TcpStream(Executor executor, const RedisAddress& address)
      : socket_(executor), dialling_(executor), host_(address.host), port_(address.port) {}

  Awaitable<void> connect() override { co_await dialling_.dial(socket_, host_, port_); }
  Awaitable<std::size_t> read_some(std::span<char> buffer) override {
    const auto length = co_await socket_.async_read_some(asio::buffer(buffer.data(), buffer.size()), use_awaitable);
    co_return length;
  }
  Awaitable<void> write(const std::string& bytes) override {
    co_await asio::async_write(socket_, asio::buffer(bytes), use_awaitable);
  }
  void close() override {
    dialling_.hang_up();
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  TcpSocket socket_;
  Dialling dialling_;
  std::string host_;
  std::string port_;
};

/// Certificates are read for each connection, so that renewed ones are used.
void load(const std::filesystem::path& file, const std::function<void(const std::string&)>& use) {
  if (file.empty()) return;
  try {
    use(file.string());
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error("the file " + file.string() + " cannot be used for TLS: " + error.code().message());
  }
}

ssl::context trust(const config::Redis& settings) {
  ssl::context context(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(ssl::verify_peer);
  if (settings.ca_file.empty()) context.set_default_verify_paths();
  load(settings.ca_file, [&](const std::string& file) { context.load_verify_file(file); });
  load(settings.cert_file, [&](const std::string& file) { context.use_certificate_chain_file(file); });
  load(settings.key_file, [&](const std::string& file) { context.use_private_key_file(file, ssl::context::pem); });
  return context;
}

class TlsStream : public RedisStream {
 public:
  TlsStream(Executor executor, const RedisAddress& address, const config::Redis& settings)
      : context_(trust(settings)),
        stream_(executor, context_),
        dialling_(executor),
        host_(address.host),
        port_(address.port) {
    stream_.set_verify_callback(ssl::host_name_verification(host_));
    if (SSL_set_tlsext_host_name(stream_.native_handle(), host_.c_str()) != 1)
      throw std::runtime_error("the host name " + host_ + " cannot be used for TLS");
  }

  Awaitable<void> connect() override {
    co_await dialling_.dial(stream_.next_layer(), host_, port_);
    co_await stream_.async_handshake(ssl::stream_base::client, use_awaitable);
  }
  Awaitable<std::size_t> read_some(std::span<char> buffer) override {
    const auto length = co_await stream_.async_read_some(asio::buffer(buffer.data(), buffer.size()), use_awaitable);
    co_return length;
  }
  Awaitable<void> write(const std::string& bytes) override {
    co_await asio::async_write(stream_, asio::buffer(bytes), use_awaitable);
  }
  void close() override {
    dialling_.hang_up();
    boost::system::error_code ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  ssl::context context_;
  ssl::stream<TcpSocket> stream_;
  Dialling dialling_;
  std::string host_;
  std::string port_;
};

}  // namespace

std::unique_ptr<RedisStream> make_redis_stream(Executor executor, const RedisAddress& address,
                                               const config::Redis& settings) {
  switch (address.kind) {
    case RedisAddress::Kind::unix_socket:
      return std::make_unique<UnixStream>(executor, address.path);
    case RedisAddress::Kind::tls:
      return std::make_unique<TlsStream>(executor, address, settings);
    case RedisAddress::Kind::tcp:
      break;
  }
  return std::make_unique<TcpStream>(executor, address);
}

}  // namespace queue
