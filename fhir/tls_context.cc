#include "fhir/tls_context.h"

#include <stdexcept>
#include <system_error>
#include <utility>

namespace fhir {

boost::asio::ssl::context make_tls_context(const std::filesystem::path& ca_file) {
  namespace ssl = boost::asio::ssl;
  ssl::context context(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(ssl::verify_peer);
  boost::system::error_code error;
  if (ca_file.empty()) {
    context.set_default_verify_paths(error);
  } else {
    context.load_verify_file(ca_file.string(), error);
  }
  if (error) {
    throw std::invalid_argument("--ca-file " + ca_file.string() + ": no certificate could be read from it (" +
                                error.message() + ")");
  }
  return context;
}

TlsTrust::TlsTrust(std::filesystem::path ca_file)
    : ca_file_(std::move(ca_file)), read_at_(changed_at()), context_(make_tls_context(ca_file_)) {}

void TlsTrust::renew() {
  const auto now = changed_at();
  if (ca_file_.empty() || now == read_at_) return;
  read_at_ = now;
  try {
    context_ = make_tls_context(ca_file_);
  } catch (const std::invalid_argument&) {
    return;  // half written, say
  }
}

std::filesystem::file_time_type TlsTrust::changed_at() const {
  std::error_code gone;  // for a moment, while it is replaced
  return std::filesystem::last_write_time(ca_file_, gone);
}

}  // namespace fhir
