#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace whole_job {

/// A non-blocking connection to the null server, which sends the head of an answer in one piece and says its length.
class Connection {
 public:
  explicit Connection(std::uint16_t port);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int number() const { return number_; }
  /// Requests are small: they always find room in an idle connection's buffer. Throws std::runtime_error otherwise.
  void send(std::string_view request);
  /// Reads what has come; true when the whole answer was had. Its body is kept in `body` if there is one to keep it in,
  /// else skipped. Throws std::runtime_error unless the status is 200.
  bool receive(std::string* body);

 private:
  void take(std::string_view came, std::string* body);

  int number_;
  bool has_head_ = false;
  std::size_t left_ = 0;  ///< of the body
};

}  // namespace whole_job
