#include <boost/asio/ssl/context.hpp>

#include "certificates.h"
#include "client_fixture.h"
#include "fhir/tls_context.h"

namespace {

using namespace test;
namespace ssl = boost::asio::ssl;

/// A server with a certificate for localhost and 127.0.0.1, and another that pretends to be elsewhere.
class TlsTest : public ClientTest {
 protected:
  static const Certificates& good() {
    static const Certificates certificates("DNS:localhost,IP:127.0.0.1");
    return certificates;
  }
  static const Certificates& elsewhere() {
    static const Certificates certificates("DNS:elsewhere.example,IP:192.0.2.1");
    return certificates;
  }
  void serve_with(const Certificates& certificates, const std::string& host) {
    serve_with(certificates.certificate(), certificates.key(), host);
  }
  void serve_with(const std::filesystem::path& certificate, const std::filesystem::path& key, const std::string& host) {
    context.use_certificate_chain_file(certificate.string());
    context.use_private_key_file(key.string(), ssl::context::pem);
    secure =
        std::make_unique<ScriptedServer>(io, [this](const Received& request) { return medplum(request); }, &context);
    settings.url = "https://" + host + ":" + std::to_string(secure->port()) + "/fhir/R4";
  }

  ssl::context context{ssl::context::tls_server};
  std::unique_ptr<ScriptedServer> secure;
};

TEST_F(TlsTest, TrustsAServerWithTheRightNameAndAuthority) {
  serve_with(good(), "localhost");
  settings.ca_file = good().ca();
  medplum.fhir.push_back(reply(200, std::string(3'000'000, 'x')));
  EXPECT_EQ(get("Patient/1").body.size(), 3'000'000U);
  EXPECT_EQ(patch("Observation/1").status, 200U);
  EXPECT_EQ(secure->connections(), 2U) << "one for tokens, one for FHIR";
}

TEST_F(TlsTest, ChecksAnAddressToo) {
  serve_with(good(), "127.0.0.1");
  settings.ca_file = good().ca();
  EXPECT_EQ(get("Patient/1").status, 200U);
}

TEST_F(TlsTest, DistrustsAnUnknownAuthority) {
  serve_with(good(), "localhost");
  settings.ca_file = elsewhere().ca();
  const auto why = sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); });
  EXPECT_NE(why.find("not to be trusted for localhost"), std::string::npos) << why;
  EXPECT_NE(why.find("--ca-file"), std::string::npos) << why;
  EXPECT_TRUE(secure->received().empty()) << "no secret left us";
}

TEST_F(TlsTest, ReadsTheAuthoritiesAgainWhenTheirFileHasChanged) {
  serve_with(good(), "localhost");
  settings.ca_file = good().ca().parent_path() / "renewed.pem";
  const auto put = [this](const std::filesystem::path& authorities) {
    std::filesystem::copy_file(authorities, settings.ca_file, std::filesystem::copy_options::overwrite_existing);
  };
  put(elsewhere().ca());
  EXPECT_NE(sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); }), "");
  put(good().ca());
  EXPECT_EQ(get("Patient/1").status, 200U);
  put("/etc/hostname");
  secure->cut_idle();
  EXPECT_EQ(get("Patient/1").status, 200U) << "what was read last is used as long as the file cannot be";
}

TEST_F(TlsTest, DistrustsItByTheSystemsStoreAsWell) {
  serve_with(good(), "localhost");
  EXPECT_NE(sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); }), "");
  EXPECT_TRUE(secure->received().empty());
}

TEST_F(TlsTest, DistrustsAnotherName) {
  serve_with(elsewhere(), "localhost");
  settings.ca_file = elsewhere().ca();
  const auto why = sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); });
  EXPECT_NE(why.find("hostname mismatch"), std::string::npos) << why;
  EXPECT_TRUE(secure->received().empty());
}

TEST_F(TlsTest, DistrustsAnotherAddress) {
  serve_with(elsewhere(), "127.0.0.1");
  settings.ca_file = elsewhere().ca();
  const auto why = sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); });
  EXPECT_NE(why.find("IP address mismatch"), std::string::npos) << why;
}

TEST_F(TlsTest, TellsAServerThatSpeaksNoTlsFromAnUntrustedOne) {
  settings.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/fhir/R4";
  settings.request_timeout = std::chrono::milliseconds(100);
  const auto why = sentence<std::exception>([&] { get("Patient/1"); });
  EXPECT_NE(why.find("TLS handshake"), std::string::npos) << why;
  EXPECT_EQ(why.find("trusted"), std::string::npos) << why;
}

TEST_F(TlsTest, NamesTheOptionWhenTheCaFileIsNone) {
  serve_with(good(), "localhost");
  settings.ca_file = good().key();
  EXPECT_NE(sentence<std::invalid_argument>([&] { client(); }).find("--ca-file"), std::string::npos);
}

TEST_F(TlsTest, DistrustsACertificateThatIsOver) {
  const Certificates over("DNS:localhost", -1);
  serve_with(over, "localhost");
  settings.ca_file = over.ca();
  const auto why = sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); });
  EXPECT_NE(why.find("certificate has expired"), std::string::npos) << why;
  EXPECT_TRUE(secure->received().empty());
}

TEST_F(TlsTest, DistrustsACertificateThatSignedItself) {
  serve_with(good().ca(), good().ca_key(), "localhost");
  const auto why = sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); });
  EXPECT_NE(why.find("self-signed certificate"), std::string::npos) << why;
  EXPECT_TRUE(secure->received().empty());
}

TEST_F(TlsTest, TellsEachReasonApart) {
  serve_with(good(), "localhost");
  settings.ca_file = elsewhere().ca();
  const auto why = sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); });
  EXPECT_NE(why.find("unable to get local issuer certificate"), std::string::npos) << why;
}

/// OpenSSL's own variable says where the system's store is; it takes no verification away.
TEST_F(TlsTest, FindsTheSystemsStoreWhereSslCertFileSays) {
  serve_with(good(), "localhost");
  setenv("SSL_CERT_FILE", elsewhere().ca().c_str(), 1);
  EXPECT_NE(sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); }), "");
  EXPECT_TRUE(secure->received().empty());
  setenv("SSL_CERT_FILE", good().ca().c_str(), 1);
  fhir::Client trusting(io.get_executor(), settings, policy);
  EXPECT_EQ(run(io, trusting.send(get_of("Patient/1"), stop)).status, 200U);
  settings.ca_file = elsewhere().ca();
  fhir::Client told_otherwise(io.get_executor(), settings, policy);
  EXPECT_THROW(run(io, told_otherwise.send(get_of("Patient/1"), stop)), fhir::ServerUnavailable) << "--ca-file it is";
  unsetenv("SSL_CERT_FILE");
}

TEST(TlsContext, VerifiesAndSpeaksNothingOlderThanTls12) {
  auto context = fhir::make_tls_context("");
  EXPECT_EQ(SSL_CTX_get_verify_mode(context.native_handle()), SSL_VERIFY_PEER);
  EXPECT_EQ(SSL_CTX_get_min_proto_version(context.native_handle()), TLS1_2_VERSION);
}

}  // namespace
