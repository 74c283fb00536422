#include <algorithm>
#include <csignal>

#include "tests/worker/cli/program.h"

namespace worker::cli {
namespace {

class AtStart : public test::Program {
 protected:
  std::unique_ptr<test::ChildProcess> worker() {
    return started({"worker", "--fhir-url", "http://127.0.0.1:1", "--listen", ""});
  }
};

TEST_F(AtStart, WarnsOnceOfARedisThatMayLoseJobs) {
  redis({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
  redis({"CONFIG", "SET", "appendonly", "no"});
  const auto started = worker();
  EXPECT_TRUE(started->wait_for_output("maxmemory-policy allkeys-lru: ")) << started->err();
  EXPECT_TRUE(started->wait_for_output("no persistence: ")) << started->err();
  EXPECT_TRUE(started->wait_for_output("not ready"));
  started->signal(SIGTERM);
  EXPECT_EQ(started->wait(), 0);
  EXPECT_EQ(started->err().find("maxmemory-policy"), started->err().rfind("maxmemory-policy allkeys-lru"));
}

TEST_F(AtStart, SaysNothingOfARedisThatIsAsItShouldBe) {
  const auto started = worker();
  EXPECT_TRUE(started->wait_for_output("not ready"));
  started->signal(SIGTERM);
  EXPECT_EQ(started->wait(), 0);
  EXPECT_EQ(started->err().find("warning"), std::string::npos) << started->err();
}

TEST_F(AtStart, SaysThatItCouldNotLookWhereInfoIsRefused) {
  redis({"ACL", "SETUSER", "default", "-info"});
  const auto started = worker();
  EXPECT_TRUE(started->wait_for_output("INFO: NOPERM")) << started->err();
  EXPECT_TRUE(started->running());
}

TEST_F(AtStart, IsNotReadyWhileRedisRefusesMovesAndSaysWhenThatIsOver) {
  const auto started = worker();
  EXPECT_TRUE(started->wait_for_output("not ready"));
  redis({"ACL", "SETUSER", "default", "-evalsha"});
  EXPECT_TRUE(started->wait_for_output("redis refuses: ")) << started->err();
  EXPECT_TRUE(started->wait_for_output("NOPERM")) << started->err();
  const auto lines = [&] { return std::ranges::count(started->err(), '\n'); };
  const auto before = lines();
  redis({"ACL", "SETUSER", "default", "+evalsha"});
  while (started->running() && lines() == before) started->wait_for_output("never", std::chrono::milliseconds(50));
  EXPECT_EQ(started->err().find("redis refuses: ", started->err().rfind("not ready")), std::string::npos);
}

}  // namespace
}  // namespace worker::cli
