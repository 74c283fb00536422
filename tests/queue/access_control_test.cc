#include <fstream>
#include <sstream>

#include "queue/moves.h"
#include "queue/producer.h"
#include "queue/records.h"
#include "queue/redis_job_queue.h"
#include "queue/rights.h"
#include "tests/queue/ear.h"
#include "tests/queue/links_fixture.h"
#include "tests/support/redis_process.h"

namespace test {
namespace {

/// The line of the README: what stands behind the user's name in `ACL SETUSER set-accounts`.
std::vector<std::string> least_rights() {
  const std::string begin = "redis-cli ACL SETUSER set-accounts ";
  std::ifstream readme(SET_ACCOUNTS_SOURCE "/README.md");
  std::vector<std::string> rules;
  for (std::string line; std::getline(readme, line);) {
    const auto at = line.find(begin);
    if (at == std::string::npos) continue;
    std::istringstream words(line.substr(at + begin.size()));
    for (std::string word; words >> word;) {
      std::erase(word, '\'');
      rules.push_back(word);
    }
  }
  return rules;
}

/// A Redis with a user of few rights, and one who may do everything.
class AccessControl : public ::testing::Test {
 protected:
  AccessControl() {
    allow(least_rights());
    settings.url = "redis://set-accounts:PASSWORD@" + server.host_and_port();
  }
  void allow(const std::vector<std::string>& rules) {
    queue::Command command{"ACL", "SETUSER", "set-accounts"};
    command.insert(command.end(), rules.begin(), rules.end());
    const auto reply = server.ask(command);
    ASSERT_EQ(reply.text, "OK");
  }

  RedisProcess server;
  config::Redis settings;
};

TEST_F(AccessControl, LetsAUserWithTheLeastRightsRunJobsFromEndToEnd) {
  Linked redis(settings);
  queue::RedisJobQueue::Options options;
  options.worker_id = "w";
  queue::Moves moves(redis.client, options);
  queue::Producer producer(redis.client, "set-accounts");
  const auto ids = run(redis.io, producer.enqueue({{{"target", "Patient/1"}, {"accounts", "Organization/a"}}}));
  run(redis.io, producer.pause(false));
  const queue::InboxEntry entry{{"target", "Patient/2"}, {"accounts", ""}};
  EXPECT_FALSE(run(redis.io, producer.enqueue_once("Patient/2", "f", entry)).known);
  EXPECT_TRUE(run(redis.io, producer.enqueue_once("Patient/2", "f", entry)).known);
  EXPECT_EQ(run(redis.io, moves.take_in()).entries, 3);
  const auto claim = run(redis.io, moves.claim("t"));
  ASSERT_TRUE(claim.job);
  EXPECT_EQ(run(redis.io, moves.owe(*claim.job, {"Organization/b"})), std::vector<std::string>{"Organization/b"});
  queue::Progress progress;
  progress.failures.emplace_back("{}");
  EXPECT_EQ(run(redis.io, moves.renew(*claim.job, progress)), queue::Standing::ours);
  const auto promoted = run(redis.io, moves.promote());
  run(redis.io, moves.sweep(promoted.redis_time));
  run(redis.io, moves.expire());
  queue::Verdict verdict;
  verdict.kind = queue::Verdict::Kind::completed;
  EXPECT_EQ(run(redis.io, moves.settle(*claim.job, verdict)), queue::JobState::completed);
  EXPECT_FALSE(run(redis.io, moves.drained()));
  run(redis.io, producer.forgive("Patient/1", "Organization/b"));
  queue::Records records(redis.client, "set-accounts");
  EXPECT_EQ(run(redis.io, records.stats()).at("completed"), "1");
  const queue::Command listen{
      "XREAD", "COUNT", "1", "BLOCK", "1", "STREAMS", "{set-accounts}:inbox", "{set-accounts}:wake", "0", "$"};
  EXPECT_FALSE(run(redis.io, redis.client.execute_blocking(listen, 5s)).is_error());
  EXPECT_TRUE(redis.told.empty());
}

TEST_F(AccessControl, KeepsThatUserFromEverythingElse) {
  Linked redis(settings);
  for (const queue::Command& command : {queue::Command{"GET", "other"},
                                        {"SET", "{other}:a", "1"},
                                        {"FLUSHALL"},
                                        {"KEYS", "*"},
                                        {"CONFIG", "GET", "save"},
                                        {"PUBLISH", "other", "x"},
                                        {"ACL", "LIST"},
                                        {"SHUTDOWN", "NOSAVE"}})
    EXPECT_TRUE(redis.text(command).starts_with("NOPERM")) << command.front() << redis.text(command);
}

TEST_F(AccessControl, LetsThatUserHearOfItsJobs) {
  Ear ear(settings);
  EXPECT_TRUE(ear.until_subscribed(1));
}

TEST_F(AccessControl, NamesAChannelThatTheUserMayNotListenTo) {
  allow({"+acl", "resetchannels"});
  Linked redis(settings);
  const auto rights = run(redis.io, queue::ask_rights(redis.client, "set-accounts"));
  EXPECT_EQ(rights.refused, (std::vector<std::string>{"PUBLISH", "SUBSCRIBE"}));
}

TEST_F(AccessControl, BreaksNoMoveWhenPublishIsRefused) {
  allow({"-publish"});
  Linked redis(settings);
  queue::RedisJobQueue::Options options;
  queue::Moves moves(redis.client, options);
  queue::Producer producer(redis.client, "set-accounts");
  run(redis.io, producer.enqueue({{{"target", "Patient/1"}, {"accounts", "Organization/a"}}}));
  EXPECT_EQ(run(redis.io, moves.take_in()).entries, 1);
  const auto claim = run(redis.io, moves.claim("t"));
  ASSERT_TRUE(claim.job);
  queue::Verdict verdict;
  verdict.kind = queue::Verdict::Kind::completed;
  EXPECT_EQ(run(redis.io, moves.settle(*claim.job, verdict)), queue::JobState::completed);
}

TEST_F(AccessControl, TellsWhatTheUserMayNotDo) {
  Linked redis(settings);
  auto rights = run(redis.io, queue::ask_rights(redis.client, "set-accounts"));
  EXPECT_TRUE(rights.refused.empty()) << rights.refused.front();
  EXPECT_FALSE(rights.all_asked);
  allow({"-evalsha", "-xread"});
  rights = run(redis.io, queue::ask_rights(redis.client, "set-accounts"));
  EXPECT_EQ(rights.refused, (std::vector<std::string>{"EVALSHA", "XREAD"}));

  allow({"+acl", "-zadd"});
  rights = run(redis.io, queue::ask_rights(redis.client, "set-accounts"));
  EXPECT_TRUE(rights.all_asked);
  EXPECT_EQ(rights.refused, (std::vector<std::string>{"EVALSHA", "XREAD", "ZADD"}));
}

TEST_F(AccessControl, TellsAUserWhoMayDoEverything) {
  Linked redis(server.url());
  const auto rights = run(redis.io, queue::ask_rights(redis.client, "set-accounts"));
  EXPECT_TRUE(rights.all_asked);
  EXPECT_TRUE(rights.refused.empty()) << rights.refused.front();
  EXPECT_EQ(redis.text({"EXISTS", "{set-accounts}:inbox"}), "");
  EXPECT_EQ(redis.ask({"DBSIZE"}).number, 0);
}

}  // namespace
}  // namespace test
