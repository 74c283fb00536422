#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/json.h"

namespace sandbox {

struct Reply {
  unsigned status = 0;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  std::string header(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  Json json() const { return parsed(body); }
  /// What the ETag names.
  std::string version() const;
  /// OperationOutcome: issue[0].details.text.
  std::string text() const;
};

using Headers = std::map<std::string, std::string>;
inline const Headers extended = {{"X-Medplum", "extended"}};

/// One connection at a time, kept alive; blocking. Throws boost::system::system_error when the connection breaks, and
/// std::runtime_error when no whole answer comes within the limit.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port, bool tls = false);
  ~HttpClient();

  Reply get(const std::string& target, const Headers& headers = extended);
  Reply patch(const std::string& target, const std::string& body, const Headers& headers = extended);
  Reply post(const std::string& target, const std::string& body = "", const Headers& headers = {});
  Reply send(const std::string& method, const std::string& target, const Headers& headers, const std::string& body);
  void set_limit(std::chrono::milliseconds limit) { limit_ = limit; }
  void disconnect();

 private:
  struct Connection;
  std::uint16_t port_;
  bool tls_;
  std::chrono::milliseconds limit_ = std::chrono::seconds(10);
  std::unique_ptr<Connection> connection_;
};

}  // namespace sandbox
