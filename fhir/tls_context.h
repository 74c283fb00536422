#pragma once

#include <filesystem>

#include <boost/asio/ssl/context.hpp>

namespace fhir {

/// For a client: TLS 1.2 or newer, the server's certificate is always verified, against `ca_file` or, if that is empty,
/// the system's store. Throws std::invalid_argument with a sentence that names --ca-file.
boost::asio::ssl::context make_tls_context(const std::filesystem::path& ca_file);

}  // namespace fhir
