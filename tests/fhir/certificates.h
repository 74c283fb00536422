#pragma once

#include <filesystem>
#include <string>

namespace test {

/// A certificate authority and a server's certificate of its making, in a temporary folder of their own; made with the
/// openssl program.
class Certificates {
 public:
  /// `names`: subjectAltName, e.g. "DNS:localhost" or "IP:127.0.0.1". The server's lasts for so many days; −1: it is
  /// over.
  explicit Certificates(const std::string& names, int days = 2);
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  std::filesystem::path ca() const { return folder_ / "ca.pem"; }
  std::filesystem::path ca_key() const { return folder_ / "ca.key"; }
  std::filesystem::path certificate() const { return folder_ / "server.pem"; }
  std::filesystem::path key() const { return folder_ / "server.key"; }

 private:
  void openssl(const std::string& arguments) const;
  std::filesystem::path folder_;
};

}  // namespace test
