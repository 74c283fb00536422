#include "scripted_server.h"

#include <list>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>

#include "fhir/listed.h"
#include "fhir/stop.h"

namespace test {

namespace asio = boost::asio;
using asio::ip::tcp;
using fhir::Awaitable;
using fhir::Executor;
using fhir::Listed;
using fhir::Timer;
using fhir::use_awaitable;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;

/// Shared with the sessions, which may outlive the server by a turn of the loop.
struct ScriptedServer::State {
  State(asio::io_context& io, Script what, asio::ssl::context* with_tls)
      : acceptor(io.get_executor(), {asio::ip::make_address("127.0.0.1"), 0}),
        port(acceptor.local_endpoint().port()),
        script(std::move(what)),
        tls(with_tls) {}

  Acceptor acceptor;
  unsigned short port;
  Script script;
  asio::ssl::context* tls;
  std::vector<Received> received;
  std::size_t connections = 0;
  std::list<Timer*> held;
  std::list<Socket*> open;
  std::list<Socket*> idle;
};

namespace {

using State = ScriptedServer::State;

std::size_t body_length(const Received& request) {
  const std::string length = request.header("Content-Length");
  return length.empty() ? 0 : std::stoul(length);
}

template <class Stream>
Awaitable<Received> read_request(Stream& stream, std::string& buffer, std::size_t connection) {
  Received request;
  request.connection = connection;
  const std::size_t head =
      co_await asio::async_read_until(stream, asio::dynamic_buffer(buffer), "\r\n\r\n", use_awaitable);
  request.head = buffer.substr(0, head);
  buffer.erase(0, head);
  const std::size_t length = body_length(request);
  if (buffer.size() < length) {
    const auto missing = asio::transfer_at_least(length - buffer.size());
    co_await asio::async_read(stream, asio::dynamic_buffer(buffer), missing, use_awaitable);
  }
  request.body = buffer.substr(0, length);
  buffer.erase(0, length);
  co_return std::move(request);
}

Awaitable<void> until_released(std::shared_ptr<State> state) {
  Timer timer(state->acceptor.get_executor(), fhir::Clock::time_point::max());
  const Listed listed(state->held, timer);
  boost::system::error_code released;
  co_await timer.async_wait(asio::redirect_error(use_awaitable, released));
}

template <class Stream>
Awaitable<void> write_reply(Stream& stream, const Reply& answer) {
  if (answer.dripping.count() == 0) {
    co_await asio::async_write(stream, asio::buffer(answer.bytes), use_awaitable);
    co_return;
  }
  const Executor executor = co_await asio::this_coro::executor;
  for (const char& byte : answer.bytes) {
    co_await asio::async_write(stream, asio::buffer(&byte, 1), use_awaitable);
    Timer pause(executor, answer.dripping);
    co_await pause.async_wait(use_awaitable);
  }
}

void end(Socket& socket, Reply::Then how) {
  boost::system::error_code ignored;  // the other side may have gone first
  if (how == Reply::Then::reset) socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

template <class Stream>
Awaitable<void> talk(Stream& stream, Socket& socket, std::shared_ptr<State> state, std::size_t connection) {
  std::string buffer;
  for (;;) {
    Received request;
    {
      const Listed idle(state->idle, socket);
      request = co_await read_request(stream, buffer, connection);
    }
    request.at = fhir::Clock::now();
    state->received.push_back(request);
    const Reply answer = state->script(request);
    if (answer.held) co_await until_released(state);
    co_await write_reply(stream, answer);
    if (answer.then == Reply::Then::keep) continue;
    end(socket, answer.then);
    co_return;
  }
}

Awaitable<void> serve(Socket socket, std::shared_ptr<State> state) {
  const std::size_t connection = ++state->connections;
  if (state->tls == nullptr) {
    const Listed open(state->open, socket);
    co_await talk(socket, socket, state, connection);
    co_return;
  }
  asio::ssl::stream<Socket> stream(std::move(socket), *state->tls);
  const Listed open(state->open, stream.next_layer());
  co_await stream.async_handshake(asio::ssl::stream_base::server, use_awaitable);
  co_await talk(stream, stream.next_layer(), state, connection);
}

/// A connection that the client cuts is no failure of the test.
void ignore(const std::exception_ptr& /*ended*/) {}

Awaitable<void> accept(std::shared_ptr<State> state) {
  for (;;) {
    auto socket = co_await state->acceptor.async_accept(use_awaitable);
    asio::co_spawn(state->acceptor.get_executor(), serve(std::move(socket), state), ignore);
  }
}

}  // namespace

std::string Received::target() const {
  const std::size_t begin = head.find(' ') + 1;
  return head.substr(begin, head.find(' ', begin) - begin);
}

std::string Received::header(std::string_view name) const {
  std::size_t line = head.find("\r\n");
  while (line != std::string::npos) {
    const std::size_t end = head.find("\r\n", line + 2), colon = head.find(':', line + 2);
    if (end == std::string::npos || colon == std::string::npos) return "";
    const std::string found = head.substr(line + 2, colon - line - 2);
    if (colon < end && boost::beast::iequals(found, {name.data(), name.size()})) {
      return head.substr(colon + 2, end - colon - 2);
    }
    line = end;
  }
  return "";
}

Reply reply(unsigned status, const std::string& body, const Headers& headers) {
  Reply answer;
  answer.bytes = "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n";
  for (const auto& [name, value] : headers) answer.bytes.append(name).append(": ").append(value).append("\r\n");
  answer.bytes.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return answer;
}

ScriptedServer::ScriptedServer(asio::io_context& io, Script script, asio::ssl::context* tls)
    : state_(std::make_shared<State>(io, std::move(script), tls)) {
  asio::co_spawn(io.get_executor(), accept(state_), ignore);
}

ScriptedServer::~ScriptedServer() {
  stop();
}

unsigned short ScriptedServer::port() const {
  return state_->port;
}

std::string ScriptedServer::url() const {
  return std::string(state_->tls ? "https" : "http") + "://127.0.0.1:" + std::to_string(state_->port);
}

const std::vector<Received>& ScriptedServer::received() const {
  return state_->received;
}

std::size_t ScriptedServer::connections() const {
  return state_->connections;
}

std::size_t ScriptedServer::open_connections() const {
  return state_->open.size();
}

std::size_t ScriptedServer::holding() const {
  return state_->held.size();
}

void ScriptedServer::release() {
  for (Timer* timer : state_->held) timer->cancel();
}

void ScriptedServer::cut_idle() {
  for (Socket* socket : state_->idle) end(*socket, Reply::Then::close);
}

void ScriptedServer::say_unasked(const std::string& bytes) {
  for (Socket* socket : state_->idle) asio::write(*socket, asio::buffer(bytes));
}

void ScriptedServer::stop() {
  boost::system::error_code ignored;  // stopped already
  state_->acceptor.close(ignored);
  for (Socket* socket : state_->open) end(*socket, Reply::Then::close);
  release();
}

}  // namespace test
