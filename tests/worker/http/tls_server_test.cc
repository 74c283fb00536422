#include <filesystem>
#include <memory>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "tests/fhir/certificates.h"
#include "tests/worker/http/raw_client.h"
#include "tests/worker/http/running_server.h"

namespace worker::http {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using test::Certificates;
using test::RawClient;
using test::RunningServer;

const std::string request = "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

config::Http with(const Certificates& certificates) {
  config::Http settings;
  settings.tls_cert_file = certificates.certificate();
  settings.tls_key_file = certificates.key();
  return settings;
}

/// What comes until the server has said goodbye, as TLS wants it; throws what goes wrong.
std::string exchange(const RunningServer& server, const std::filesystem::path& ca, int newest = TLS1_3_VERSION) {
  asio::io_context io;
  ssl::context context(ssl::context::tls_client);
  context.load_verify_file(ca.string());
  SSL_CTX_set_max_proto_version(context.native_handle(), newest);
  ssl::stream<asio::ip::tcp::socket> stream(io, context);
  stream.set_verify_mode(ssl::verify_peer);
  stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), server.port()});
  stream.handshake(ssl::stream_base::client);
  asio::write(stream, asio::buffer(request));
  std::string received;
  boost::system::error_code end;
  asio::read(stream, asio::dynamic_buffer(received), end);
  if (end != asio::error::eof) throw boost::system::system_error(end);
  return received;
}

TEST(Tls, CarriesRequests) {
  const Certificates certificates("IP:127.0.0.1");
  RunningServer server(test::echo, {}, with(certificates));
  EXPECT_TRUE(exchange(server, certificates.ca()).ends_with("\r\n\r\nGET/a? "));
  EXPECT_TRUE(exchange(server, certificates.ca(), TLS1_2_VERSION).starts_with("HTTP/1.1 200 "));
}

TEST(Tls, IsNotOlderThan12) {
  const Certificates certificates("IP:127.0.0.1");
  RunningServer server(test::echo, {}, with(certificates));
  EXPECT_THROW(exchange(server, certificates.ca(), TLS1_1_VERSION), boost::system::system_error);
  EXPECT_TRUE(server.until([](const ServerCounts& counts) {
    return counts.turned_away[static_cast<std::size_t>(Turned::no_handshake)] == 1;
  }));
}

TEST(Tls, HangsUpOnWhoeverSpeaksHttpOrNothing) {
  const Certificates certificates("IP:127.0.0.1");
  Limits limits;
  limits.head_time = std::chrono::milliseconds(200);
  RunningServer server(test::echo, limits, with(certificates));
  RawClient plain(server.port());
  plain.send(request);
  EXPECT_EQ(plain.read_all().find("HTTP/1.1"), std::string::npos);
  RawClient silent(server.port());
  EXPECT_TRUE(silent.is_hung_up());
}

TEST(Tls, UsesARenewedCertificateWithoutARestart) {
  const Certificates first("IP:127.0.0.1");
  const Certificates renewed("IP:127.0.0.1");
  RunningServer server(test::echo, {}, with(first));
  EXPECT_THROW(exchange(server, renewed.ca()), boost::system::system_error);
  std::filesystem::copy_file(renewed.certificate(), first.certificate(),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(exchange(server, first.ca()).starts_with("HTTP/1.1 200 ")) << "the key is still the old one's";
  std::filesystem::copy_file(renewed.key(), first.key(), std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(exchange(server, renewed.ca()).starts_with("HTTP/1.1 200 "));
}

TEST(Tls, SaysWhichFileIsNoCertificate) {
  const Certificates certificates("IP:127.0.0.1");
  const Certificates others("IP:127.0.0.1");
  config::Http settings = with(certificates);
  settings.tls_key_file = others.key();
  try {
    RunningServer server(test::echo, {}, settings);
    FAIL() << "the key is another certificate's";
  } catch (const std::invalid_argument& wrong) {
    EXPECT_TRUE(std::string(wrong.what()).starts_with("--tls-key-file " + others.key().string() + ": "))
        << wrong.what();
  }
}

}  // namespace
}  // namespace worker::http
