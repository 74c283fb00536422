#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/awaitable.h"
#include "fhir/stop.h"

namespace boost::asio::ssl {
class context;  // NOLINT(readability-identifier-naming): Asio named it
}

namespace test {

/// One request as it came over the wire.
struct Received {
  std::string head;  ///< request line and header lines, as they came
  std::string body;
  std::size_t connection = 0;  ///< counted from 1
  fhir::Clock::time_point at;

  std::string method() const { return head.substr(0, head.find(' ')); }
  std::string target() const;
  /// The value of the first such line; empty if there is none.
  std::string header(std::string_view name) const;
};

/// What goes back, byte for byte, and what becomes of the connection.
struct Reply {
  enum class Then { keep, close, reset };

  std::string bytes;
  Then then = Then::keep;
  bool held = false;                      ///< not before release()
  std::chrono::milliseconds dripping{0};  ///< between single bytes, unless 0
};

using Headers = std::vector<std::pair<std::string, std::string>>;
/// A well-formed answer.
Reply reply(unsigned status, const std::string& body = "{}", const Headers& headers = {});

/// A server on a port of its own that says exactly what it is told to say, in the test's own io_context. Real sockets.
class ScriptedServer {
 public:
  using Script = std::function<Reply(const Received&)>;

  /// `tls` makes it https; it outlives the server.
  ScriptedServer(boost::asio::io_context& io, Script script, boost::asio::ssl::context* tls = nullptr);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  unsigned short port() const;
  std::string url() const;

  const std::vector<Received>& received() const;
  std::size_t connections() const;       ///< ever accepted
  std::size_t open_connections() const;  ///< now
  std::size_t holding() const;           ///< answers held back now
  /// Lets all held answers go.
  void release();
  /// Cuts the idle connections, as a server does that has kept them long enough.
  void cut_idle();
  /// Speaks on the idle connections although nobody asked; plain ones only.
  void say_unasked(const std::string& bytes);
  /// Accepts no more, and cuts everything.
  void stop();

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace test
