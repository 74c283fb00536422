#include "worker/http/certificate.h"

#include <stdexcept>

#include "worker/log.h"

namespace worker::http {
namespace {

namespace ssl = boost::asio::ssl;

std::invalid_argument unusable(const char* option, const std::filesystem::path& file, const std::string& why) {
  return std::invalid_argument(std::string(option) + " " + file.string() + ": " + why);
}

}  // namespace

Certificate::Certificate(std::filesystem::path certificate, std::filesystem::path key)
    : certificate_(std::move(certificate)), key_(std::move(key)), read_at_(times()), context_(read()) {}

ssl::context& Certificate::context() {
  const Times now = times();
  if (now == read_at_) return context_;
  read_at_ = now;
  try {
    context_ = read();
    log::event(log::Level::info, "certificate read again");
  } catch (const std::invalid_argument& trouble) {
    log::event(log::Level::error, "the last certificate stays in use", {{"why", trouble.what()}});
  }
  return context_;
}

Certificate::Times Certificate::times() const {
  std::error_code gone;  // for a moment, while it is replaced
  return {std::filesystem::last_write_time(certificate_, gone), std::filesystem::last_write_time(key_, gone)};
}

ssl::context Certificate::read() const {
  ssl::context context(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  boost::system::error_code error;
  context.use_certificate_chain_file(certificate_.string(), error);
  if (error)
    throw unusable("--tls-cert-file", certificate_, "no certificate could be read from it (" + error.message() + ")");
  context.use_private_key_file(key_.string(), ssl::context::pem, error);
  if (error) {
    throw unusable("--tls-key-file", key_, "no key of the certificate could be read from it (" + error.message() + ")");
  }
  return context;
}

}  // namespace worker::http
