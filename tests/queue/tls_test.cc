#include <fstream>

#include "tests/queue/ear.h"
#include "tests/queue/links_fixture.h"
#include "tests/support/child_process.h"
#include "tests/support/redis_process.h"
#include "tests/support/redis_server.h"

namespace test {
namespace {

using queue::QueueUnavailable;

/// A Redis that speaks TLS on 127.0.0.1, with certificates of its own authority, and asks for a client's.
class TlsTest : public ::testing::Test {
 protected:
  TlsTest() {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority -keyout ca.key -out "
        "ca.crt");
    openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=redis -keyout redis.key -out redis.csr");
    std::ofstream(folder.path() / "names") << "subjectAltName=DNS:localhost\n";
    openssl("x509 -req -in redis.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out redis.crt");
    server.emplace(std::vector<std::string>{"--tls-port", std::to_string(port), "--bind", "127.0.0.1",
                                            "--tls-cert-file", file("redis.crt"), "--tls-key-file", file("redis.key"),
                                            "--tls-ca-cert-file", file("ca.crt")});
  }

  std::string file(const std::string& name) { return folder.path() / name; }
  void openssl(const std::string& arguments) {
    ChildProcess program({"sh", "-c", "cd " + folder.path().string() + " && openssl " + arguments});
    if (program.wait() != 0) throw std::runtime_error("openssl: " + program.err());
  }
  config::Redis settings(const std::string& host) {
    config::Redis redis;
    redis.url = "rediss://" + host + ":" + std::to_string(port);
    redis.ca_file = file("ca.crt");
    redis.cert_file = file("redis.crt");
    redis.key_file = file("redis.key");
    return redis;
  }
  /// What PING answers, or why it does not.
  std::string ping(const config::Redis& redis) {
    queue::RedisClient client(io.get_executor(), redis, {});
    try {
      return run(io, client.execute({"PING"})).text;
    } catch (const QueueUnavailable& unavailable) {
      return unavailable.what();
    }
  }

  const int port = free_port();
  const int plain_port = free_port();
  TempFolder folder;
  std::optional<RedisServer> server;
  boost::asio::io_context io;
};

TEST_F(TlsTest, TrustsTheAuthorityItIsGivenAndShowsItsCertificate) {
  EXPECT_EQ(ping(settings("localhost")), "PONG");
}

TEST_F(TlsTest, CarriesEventsToo) {
  Ear ear(settings("localhost"));
  EXPECT_TRUE(ear.until_subscribed(1));
}

TEST_F(TlsTest, RefusesAServerThatItsAuthorityDoesNotKnow) {
  auto redis = settings("localhost");
  redis.ca_file.clear();
  EXPECT_NE(ping(redis).find("certificate verify failed"), std::string::npos) << ping(redis);
}

TEST_F(TlsTest, RefusesACertificateForAnotherHost) {
  EXPECT_NE(ping(settings("127.0.0.1")).find("certificate verify failed"), std::string::npos)
      << ping(settings("127.0.0.1"));
}

TEST_F(TlsTest, IsRefusedWithoutItsOwnCertificate) {
  auto redis = settings("localhost");
  redis.cert_file.clear();
  redis.key_file.clear();
  EXPECT_NE(ping(redis), "PONG");
}

TEST_F(TlsTest, SaysWhichCertificateCannotBeRead) {
  auto redis = settings("localhost");
  redis.ca_file = file("nothing.crt");
  EXPECT_NE(ping(redis).find("nothing.crt"), std::string::npos) << ping(redis);
}

/// Also where the system's OpenSSL is told to: it reads its file when it is first used, hence the file comes first.
TEST_F(TlsTest, SpeaksNothingOlderThanTls12) {
  std::ofstream(file("openssl.cnf")) << "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = old\n"
                                        "[old]\nMinProtocol = TLSv1\nCipherString = DEFAULT@SECLEVEL=0\n";
  setenv("OPENSSL_CONF", file("openssl.cnf").c_str(), 1);
  config::Redis unix_settings;
  unix_settings.url = server->url();
  queue::RedisClient client(io.get_executor(), unix_settings, {});
  run(io, client.pipeline(
              {{"CONFIG", "SET", "tls-ciphers", "DEFAULT@SECLEVEL=0"}, {"CONFIG", "SET", "tls-protocols", "TLSv1.1"}}));
  EXPECT_NE(ping(settings("localhost")), "PONG");
  run(io, client.pipeline({{"CONFIG", "SET", "tls-protocols", "TLSv1.2"}}));
  EXPECT_EQ(ping(settings("localhost")), "PONG");
  unsetenv("OPENSSL_CONF");
}

TEST_F(TlsTest, SpeaksOverPlainTcpWithAPasswordFile) {
  config::Redis unix_settings;
  unix_settings.url = server->url();
  queue::RedisClient client(io.get_executor(), unix_settings, {});
  run(io, client.pipeline(
              {{"CONFIG", "SET", "port", std::to_string(plain_port)}, {"CONFIG", "SET", "requirepass", "s e"}}));
  std::ofstream(file("password")) << "s e\n";
  config::Redis redis;
  redis.url = "redis://localhost:" + std::to_string(plain_port) + "/1";
  redis.password_file = file("password");
  EXPECT_EQ(ping(redis), "PONG");
  redis.password_file = file("none");
  EXPECT_NE(ping(redis).find("password file"), std::string::npos);
}

TEST_F(TlsTest, ProtectsTheWayToTheSentinelAndToThePrimaryThatItNamesByItsHostName) {
  const int sentinel_port = free_port();
  const RedisProcess sentinel(
      {"tls-port " + std::to_string(sentinel_port), "tls-cert-file " + file("redis.crt"),
       "tls-key-file " + file("redis.key"), "tls-ca-cert-file " + file("ca.crt"), "tls-replication yes",
       "sentinel resolve-hostnames yes", "sentinel announce-hostnames yes",
       "sentinel monitor main localhost " + std::to_string(port) + " 1"},
      {"--sentinel"});
  auto redis = settings("localhost");
  redis.url = "rediss+sentinel://localhost:" + std::to_string(sentinel_port) + "/main";
  EXPECT_EQ(ping(redis), "PONG");
  redis.url = "rediss+sentinel://127.0.0.1:" + std::to_string(sentinel_port) + "/main";
  EXPECT_NE(ping(redis).find("certificate verify failed"), std::string::npos) << ping(redis);
}

}  // namespace
}  // namespace test
