#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace test {

/// A client that sends whatever bytes it is told to, and reads what comes; blocking, with a limit for all of it. Throws
/// std::runtime_error when the limit is over.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, const std::string& host = "127.0.0.1");
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False if the server has hung up.
  bool send(const std::string& bytes);
  void end_sending();
  /// Takes no more than so many bytes at a time from the network; before anything was sent.
  void receive_slowly();

  /// Until what has come contains `text`; all that has come so far.
  const std::string& read_until(const std::string& text);
  /// Until the server hangs up; all that has come.
  const std::string& read_all();
  /// One response with a Content-Length, taken from what has come.
  std::string read_response();
  /// Whether the server hangs up within the limit, without another byte.
  bool is_hung_up();

 private:
  bool receive();

  int fd_ = -1;
  std::string received_;
};

}  // namespace test
