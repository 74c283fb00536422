#include <csignal>
#include <fstream>
#include <iterator>

#include <boost/asio/ip/tcp.hpp>

#include "tests/support/redis_sentinels.h"
#include "tests/worker/cli/program.h"

namespace worker::cli {
namespace {

/// With a FHIR server that wants the client `client` and its secret `secret`.
class CheckCommand : public test::Program {
 protected:
  CheckCommand() : sandbox_({FHIR_SANDBOX_PROGRAM, "--auth", "--seed-patient", "p"}) {
    const std::string before = "listening on ";
    sandbox_.wait_for_output("/fhir/R4\n");
    const std::size_t begin = sandbox_.out().find(before) + before.size();
    url_ = sandbox_.out().substr(begin, sandbox_.out().find('\n', begin) - begin);
  }

  void SetUp() override { ask_sandbox("POST", "snapshot"); }
  /// Of every test: nothing was changed that no job may change, and looking changes nothing.
  void TearDown() override {
    const std::string answer = ask_sandbox("GET", "differences");
    EXPECT_NE(answer.find("\"count\":0,"), std::string::npos) << answer;
  }

  /// The sandbox's control.
  std::string ask_sandbox(const std::string& method, const std::string& what) const {
    const std::string host_and_port = url_.substr(7, url_.find('/', 7) - 7);
    const std::size_t colon = host_and_port.find(':');
    boost::asio::ip::tcp::iostream sandbox(host_and_port.substr(0, colon), host_and_port.substr(colon + 1));
    sandbox << method << " /sandbox/" << what << " HTTP/1.0\r\nContent-Length: 0\r\n\r\n" << std::flush;
    return {std::istreambuf_iterator<char>(sandbox), {}};
  }

  std::unique_ptr<test::ChildProcess> with_secret(const std::string& secret, Arguments arguments) {
    arguments.insert(arguments.begin(), SET_ACCOUNTS_PROGRAM);
    auto variables = environment();
    variables["SET_ACCOUNTS_CLIENT_SECRET"] = secret;
    variables["SET_ACCOUNTS_CLIENT_ID"] = "client";
    variables["SET_ACCOUNTS_FHIR_URL"] = url_;
    return std::make_unique<test::ChildProcess>(arguments, variables);
  }

  test::ChildProcess sandbox_;
  std::string url_;
};

TEST_F(CheckCommand, SaysOkALineEachAndWhereSettingsCameFrom) {
  const auto check = with_secret("secret", {"check", "--jobs", "3"});
  EXPECT_EQ(check->wait(), 0) << check->out() << check->err();
  for (const char* line :
       {"from SET_ACCOUNTS_REDIS_URL\n", "jobs                 3                                    from flag\n",
        "client-secret        set                                  from SET_ACCOUNTS_CLIENT_SECRET\n",
        "lease                15s                                  default\n", "\nok    Redis ", "synced always",
        "\nok    one server, unix://", "\nok    no replica\n", "\nok    this user may do all that a worker does\n",
        "\nok    FHIR server at ", "\nok    may write accounts: a project admin\n",
        "\nok    HTTP at 127.0.0.1:8089: not encrypted, and on this machine\n",
        "\nok    front door: the FHIR server decides by each caller's own token\n"})
    EXPECT_NE(check->out().find(line), std::string::npos) << line << check->out();
  EXPECT_EQ(check->out().find("FAIL"), std::string::npos);
}

TEST_F(CheckCommand, EndsWith1AndSaysWhatToDoNeverTheSecret) {
  redis({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
  const auto check = with_secret("not-the-secret", {"check"});
  EXPECT_EQ(check->wait(), 1);
  EXPECT_NE(check->out().find("\nFAIL  maxmemory-policy allkeys-lru: "), std::string::npos) << check->out();
  EXPECT_NE(check->out().find("\nFAIL  FHIR server: "), std::string::npos) << check->out();
  EXPECT_EQ((check->out() + check->err()).find("not-the-secret"), std::string::npos);
}

TEST_F(CheckCommand, NamesThePrimaryThatTheSentinelsNameAndWhatAFailoverMayLose) {
  test::RedisSentinels sentinels;
  const auto check = with_secret("secret", {"check", "--redis-url", sentinels.url()});
  EXPECT_EQ(check->wait(), 0) << check->out() << check->err();
  const std::string primary = "redis://" + sentinels.primary().host_and_port();
  for (const std::string& line :
       {"\nok    the Sentinels' primary 'main' is " + primary + "\n",
        std::string("\nwarn  1 replica online: a failover"),
        std::string("\nok    not encrypted, and on this machine\n"), std::string("\nok    takes writes\n")})
    EXPECT_NE(check->out().find(line), std::string::npos) << line << check->out();
}

TEST_F(CheckCommand, NamesWhatItsUserMayNotRun) {
  redis({"ACL", "SETUSER", "default", "-zadd"});
  const auto check = with_secret("secret", {"check"});
  EXPECT_EQ(check->wait(), 1);
  EXPECT_NE(check->out().find("\nFAIL  this user may not run ZADD on the queue's keys"), std::string::npos)
      << check->out();
}

TEST_F(CheckCommand, SaysThatTheQueueIsPaused) {
  redis({"SET", "{set-accounts}:paused", "1"});
  const auto check = with_secret("secret", {"check"});
  EXPECT_EQ(check->wait(), 0) << check->out();
  EXPECT_NE(check->out().find("\nwarn  the queue is paused: no job is begun until set-accounts resume\n"),
            std::string::npos)
      << check->out();
}

TEST_F(CheckCommand, GoesOnWithTheServerWhenRedisIsAway) {
  redis_.kill();
  const auto check = with_secret("secret", {"check"});
  EXPECT_EQ(check->wait(), 1);
  EXPECT_NE(check->out().find("\nFAIL  Redis"), std::string::npos) << check->out();
  EXPECT_NE(check->out().find("\nok    may write accounts"), std::string::npos) << check->out();
}

TEST_F(CheckCommand, GoesOnWithTheServerWhenTheEmbeddedRedisCannotStart) {
  const auto check = with_secret("secret", {"check", "--redis-url", "embedded:/dev/null/none"});
  EXPECT_EQ(check->wait(), 1);
  EXPECT_NE(check->out().find("\nFAIL  Redis: "), std::string::npos) << check->out() << check->err();
  EXPECT_NE(check->out().find("/dev/null/none"), std::string::npos) << check->out();
  EXPECT_NE(check->out().find("\nok    may write accounts"), std::string::npos) << check->out();
}

TEST_F(CheckCommand, ShowsRedisAlsoWhenTheFhirSettingsCannotBeUsed) {
  const test::TempFolder folder;
  const std::string no_pem = folder.path() / "ca.pem";
  std::ofstream(no_pem) << "no certificate";
  const auto check = with_secret("secret", {"check", "--fhir-url", "https://localhost:1", "--ca-file", no_pem});
  EXPECT_EQ(check->wait(), 1);
  EXPECT_NE(check->out().find("\nok    Redis "), std::string::npos) << check->out() << check->err();
  EXPECT_NE(check->out().find("\nFAIL  --ca-file " + no_pem), std::string::npos) << check->out();
}

TEST_F(CheckCommand, ShowsEachPartAsItIsHad) {
  sandbox_.signal(SIGSTOP);
  const auto check = with_secret("secret", {"check"});
  EXPECT_TRUE(check->wait_for_output("\nok    takes writes\n"));
  EXPECT_TRUE(check->running());
  sandbox_.signal(SIGCONT);
  EXPECT_EQ(check->wait(), 0) << check->out();
}

TEST_F(CheckCommand, HoldsForAWorkerThatRunsAWatchedJobToItsEnd) {
  ask_sandbox("POST", "expect?target=Patient/p&accounts=Organization/x&propagate=true");
  const auto worker = with_secret("secret", {"worker"});
  const auto enqueue =
      with_secret("secret", {"enqueue", "Patient/p", "--account", "Organization/x", "--propagate", "--watch"});
  EXPECT_EQ(enqueue->wait(), 0) << enqueue->out() << enqueue->err() << worker->err();
  EXPECT_NE(enqueue->out().find("completed: 101 resources are as requested"), std::string::npos) << enqueue->out();
}

}  // namespace
}  // namespace worker::cli
