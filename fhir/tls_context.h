#pragma once

#include <filesystem>

#include <boost/asio/ssl/context.hpp>

namespace fhir {

/// For a client: TLS 1.2 or newer, the server's certificate is always verified, against `ca_file` or, if that is empty,
/// the system's store. Throws std::invalid_argument with a sentence that names --ca-file.
boost::asio::ssl::context make_tls_context(const std::filesystem::path& ca_file);

/// Such a context whose `ca_file` is read again when it has changed, so that a new authority needs no restart; as long
/// as it cannot be used, what was read last is.
class TlsTrust {
 public:
  /// Throws as make_tls_context() does.
  explicit TlsTrust(std::filesystem::path ca_file);

  /// Stays where it is.
  boost::asio::ssl::context& context() { return context_; }
  /// Before a new connection.
  void renew();

 private:
  std::filesystem::file_time_type changed_at() const;

  std::filesystem::path ca_file_;
  std::filesystem::file_time_type read_at_;
  boost::asio::ssl::context context_;
};

}  // namespace fhir
