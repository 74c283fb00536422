#include "fhir/tls_context.h"

#include <stdexcept>

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

}  // namespace fhir
