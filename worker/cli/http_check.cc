#include "worker/cli/http_check.h"

#include <stdexcept>
#include <string>

#include <boost/asio/ip/address.hpp>

#include "worker/http/certificate.h"

namespace worker::cli {
namespace {

using Kind = Finding::Kind;

/// As far as it can be told without asking who a name belongs to.
bool is_loopback(const std::string& listen) {
  std::string host = listen.substr(0, listen.rfind(':'));
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  return no_address ? host == "localhost" : address.is_loopback();
}

Finding judge_listening(const config::Http& settings) {
  const std::string where = "HTTP at " + settings.listen;
  if (settings.tls_cert_file.empty()) {
    if (is_loopback(settings.listen)) return {Kind::ok, where + ": not encrypted, and on this machine"};
    return {Kind::warning, where + ": callers' tokens go over the network in the clear; set --tls-cert-file"};
  }
  try {
    const http::Certificate certificate(settings.tls_cert_file, settings.tls_key_file);
  } catch (const std::invalid_argument& wrong) {
    return {Kind::failure, wrong.what()};
  }
  return {Kind::ok, where + ": TLS"};
}

Finding judge_door(const config::Http& settings, std::optional<bool> server_knows_rights) {
  if (!settings.caller_token_file.empty())
    return {Kind::ok, "front door: open to the tokens of " + settings.caller_token_file.string()};
  if (!server_knows_rights) return {Kind::warning, "front door: shut until the FHIR server answers and says who may"};
  if (*server_knows_rights) return {Kind::ok, "front door: the FHIR server decides by each caller's own token"};
  return {Kind::warning, "front door: shut, the server has no /auth/me to say who may; set --caller-token-file"};
}

Finding judge_page(const config::Http& settings) {
  if (settings.status_token_file.empty())
    return {Kind::ok, "status page: open at a loopback address only (--status-token-file opens it elsewhere)"};
  return {Kind::ok,
          "status page: open at a loopback address, elsewhere to the token of " + settings.status_token_file.string()};
}

}  // namespace

Findings judge(const config::Http& settings, std::optional<bool> server_knows_rights) {
  if (settings.listen.empty()) return {{Kind::ok, "no HTTP: --listen is empty"}};
  return {judge_listening(settings), judge_door(settings, server_knows_rights), judge_page(settings)};
}

}  // namespace worker::cli
