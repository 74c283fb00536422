#pragma once

#include <filesystem>
#include <utility>

#include <boost/asio/ssl/context.hpp>

namespace worker::http {

/// Who we are, for TLS 1.2 or newer. Both files are read again when one of them has changed, so that a renewed
/// certificate needs no restart; as long as the two do not fit each other, the last pair that did is used.
class Certificate {
 public:
  /// Throws std::invalid_argument with a sentence that names the option.
  Certificate(std::filesystem::path certificate, std::filesystem::path key);

  /// For the next connection.
  boost::asio::ssl::context& context();

 private:
  using Times = std::pair<std::filesystem::file_time_type, std::filesystem::file_time_type>;

  Times times() const;
  boost::asio::ssl::context read() const;

  std::filesystem::path certificate_;
  std::filesystem::path key_;
  Times read_at_;
  boost::asio::ssl::context context_;
};

}  // namespace worker::http
