#include "queue/moves.h"
#include "queue/producer.h"
#include "queue/records.h"
#include "tests/queue/links_fixture.h"
#include "tests/support/redis_cluster.h"
#include "tests/support/wait_until.h"

namespace test {
namespace {

constexpr const char* key = "{q}";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A queue in a cluster, and a worker's and a producer's way to it.
class ClusterTest : public ::testing::Test {
 protected:
  ClusterTest() : ClusterTest(RedisCluster::Options{}) {}
  explicit ClusterTest(const RedisCluster::Options& options) : cluster(options) {}

  queue::RedisJobQueue::Options options() {
    queue::RedisJobQueue::Options of_queue;
    of_queue.name = "q";
    of_queue.worker_id = "w";
    return of_queue;
  }
  std::size_t other_than(std::size_t node) { return (node + 1) % 3; }
  void move_slot(std::size_t from, std::size_t to) {
    cluster.begin_migration(key, from, to);
    cluster.migrate(cluster.keys_in_slot_of(key, from), from, to);
    cluster.end_migration(key, to);
  }
  /// The port of the server that answers our commands.
  std::size_t serving(Linked& redis) {
    const auto port = redis.ask_at_last({"CONFIG", "GET", "port"}).items.at(1).text;
    for (std::size_t i = 0; i < cluster.size(); ++i)
      if (std::to_string(cluster.node(i).port()) == port) return i;
    throw std::runtime_error("no node of ours");
  }
  /// How often a node has said ASK so far.
  int redirected(std::size_t node) {
    const std::string label = "errorstat_ASK:count=";
    const auto stats = cluster.node(node).ask({"INFO", "errorstats"}).text;
    const auto at = stats.find(label);
    return at == std::string::npos ? 0 : std::stoi(stats.substr(at + label.size()));
  }
  std::string add(Linked& redis, const std::string& target) {
    queue::Producer producer(redis.client, "q");
    return run(redis.io, producer.enqueue({{{"target", target}, {"accounts", "Organization/a"}}})).at(0);
  }

  RedisCluster cluster;
};

TEST_F(ClusterTest, IsEnteredThroughAnyNode) {
  for (std::size_t i = 0; i < 3; ++i) {
    Linked redis(cluster.url_of(i));
    EXPECT_FALSE(redis.ask({"HSET", "{q}:job:1", "a", std::to_string(i)}).is_error());
    EXPECT_EQ(serving(redis), cluster.owner_of(key));
    EXPECT_TRUE(redis.told.empty());
  }
}

TEST_F(ClusterTest, IsFollowedWhenTheSlotHasMoved) {
  Linked redis(cluster.url_of(0));
  EXPECT_EQ(redis.text({"SET", "{q}:a", "1"}), "OK");
  const auto from = cluster.owner_of(key);
  move_slot(from, other_than(from));

  EXPECT_EQ(redis.text({"GET", "{q}:a"}), "1");
  EXPECT_EQ(run(redis.io, redis.client.execute_blocking({"GET", "{q}:a"}, 5s)).text, "1");
  EXPECT_EQ(serving(redis), other_than(from));
  EXPECT_TRUE(redis.told.empty());
}

TEST_F(ClusterTest, AnswersAWholePipelineFromTheNodeThatHasTheKeys) {
  Linked redis(cluster.url_of(0));
  EXPECT_EQ(redis.text({"SET", "{q}:a", "1"}), "OK");
  const auto from = cluster.owner_of(key);
  move_slot(from, other_than(from));

  const auto replies = run(redis.io, redis.client.pipeline({{"INFO", "server"}, {"INCR", "{q}:a"}, {"INCR", "{q}:a"}}));
  EXPECT_TRUE(has(replies.at(0).text, "tcp_port:" + std::to_string(cluster.node(other_than(from)).port())));
  EXPECT_EQ(replies.at(1).number, 2);
  EXPECT_EQ(replies.at(2).number, 3);
}

TEST_F(ClusterTest, LetsAPlainCommandFollowItsKeyToTheNextNode) {
  Linked redis(cluster.url());
  EXPECT_EQ(redis.text({"SET", "{q}:gone", "1"}), "OK");
  EXPECT_EQ(redis.text({"SET", "{q}:here", "2"}), "OK");
  const auto from = cluster.owner_of(key);
  const auto to = other_than(from);
  cluster.begin_migration(key, from, to);
  cluster.migrate({"{q}:gone"}, from, to);

  EXPECT_EQ(redis.text({"GET", "{q}:gone"}), "1");
  EXPECT_EQ(redis.text({"GET", "{q}:here"}), "2");
  EXPECT_EQ(redis.text({"SET", "{q}:new", "3"}), "OK");
  const auto replies = run(redis.io, redis.client.pipeline({{"GET", "{q}:gone"}, {"GET", "{q}:here"}}));
  EXPECT_EQ(replies.at(0).text, "1");
  EXPECT_EQ(replies.at(1).text, "2");
  EXPECT_EQ(cluster.keys_in_slot_of(key, to), (std::vector<std::string>{"{q}:gone", "{q}:new"}));
}

TEST_F(ClusterTest, LetsAMoveWaitUntilTheSlotHasArrived) {
  Linked redis(cluster.url());
  const auto id = add(redis, "Patient/1");
  queue::Moves moves(redis.client, options());
  EXPECT_EQ(run(redis.io, moves.take_in()).entries, 1);
  const auto from = cluster.owner_of(key);
  const auto to = other_than(from);
  cluster.begin_migration(key, from, to);
  auto keys = cluster.keys_in_slot_of(key, from);
  const std::vector<std::string> half(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(keys.size() / 2));
  cluster.migrate(half, from, to);

  // Neither half of the keys is a queue: whoever claimed now would find no job, or lose one.
  std::optional<queue::Moves::Claim> claim;
  boost::asio::co_spawn(redis.io.get_executor(), moves.claim("token"),
                        [&](const std::exception_ptr& error, queue::Moves::Claim claimed) {
                          EXPECT_FALSE(error);
                          claim = std::move(claimed);
                        });
  while (!claim && redirected(from) < 3) redis.io.run_one();
  EXPECT_FALSE(claim);
  cluster.migrate(cluster.keys_in_slot_of(key, from), from, to);
  EXPECT_EQ(cluster.keys_in_slot_of(key, to), keys) << "nobody wrote to a queue on its way";
  cluster.end_migration(key, to);
  while (!claim) redis.io.run_one();

  ASSERT_TRUE(claim->job);
  EXPECT_EQ(claim->job->id, id);
  EXPECT_EQ(serving(redis), to);
}

TEST_F(ClusterTest, SaysWhyWhenTheSlotDoesNotArriveInTime) {
  Linked redis(cluster.url());
  EXPECT_EQ(redis.text({"SET", "{q}:a", "1"}), "OK");
  const auto from = cluster.owner_of(key);
  cluster.begin_migration(key, from, other_than(from));
  const std::string why = redis.text({"EVAL", "return 1", "1", "{q}"}, 300ms);
  EXPECT_TRUE(has(why, "on its way to another node")) << why;
  ASSERT_EQ(redis.told.size(), 1U);
  EXPECT_EQ(redis.text({"GET", "{q}:a"}), "1");
  EXPECT_EQ(redis.told.back(), "");
}

/// Takes in, claims and finishes until that many jobs are done, whatever Redis says meanwhile.
queue::Awaitable<void> work(queue::Moves& moves, std::size_t jobs, std::map<std::string, int>& finished) {
  for (int n = 0; finished.size() < jobs; ++n) {
    try {
      co_await moves.take_in();
      const auto claim = co_await moves.claim("token " + std::to_string(n));
      if (!claim.job) continue;
      queue::Verdict verdict;
      verdict.kind = queue::Verdict::Kind::completed;
      co_await moves.settle(*claim.job, verdict);
      ++finished[claim.job->id];
    } catch (const queue::QueueUnavailable&) {
    }
  }
}

TEST_F(ClusterTest, NeitherLosesNorDoublesAJobWhileItsSlotIsOnItsWay) {
  constexpr std::size_t jobs = 60;
  Linked producer(cluster.url());
  Linked worker(cluster.url());
  queue::Moves moves(worker.client, options());
  std::map<std::string, int> finished;
  boost::asio::co_spawn(worker.io.get_executor(), work(moves, jobs, finished),
                        [](const std::exception_ptr& error) { EXPECT_FALSE(error); });
  std::size_t added = 0;
  const auto add_one = [&] {
    if (added < jobs) add(producer, "Patient/" + std::to_string(added++));
  };
  for (int i = 0; i < 10; ++i) add_one();
  while (finished.size() < 5) worker.io.run_one();

  const auto from = cluster.owner_of(key);
  const auto to = other_than(from);
  cluster.begin_migration(key, from, to);
  for (const auto& one : cluster.keys_in_slot_of(key, from)) {
    const auto before = redirected(from);
    while (before < 8 && redirected(from) == before) worker.io.run_one();
    cluster.migrate({one}, from, to);
    add_one();
  }
  cluster.migrate(cluster.keys_in_slot_of(key, from), from, to);
  cluster.end_migration(key, to);
  while (added < jobs) add_one();
  while (finished.size() < jobs) worker.io.run_one();

  for (const auto& [id, times] : finished) EXPECT_EQ(times, 1) << id;
  queue::Records records(producer.client, "q");
  EXPECT_EQ(run(producer.io, records.stats()).at("completed"), std::to_string(jobs));
}

TEST_F(ClusterTest, StopsFollowingNodesThatDisagree) {
  Linked redis(cluster.url());
  EXPECT_EQ(redis.text({"SET", "{q}:a", "1"}), "OK");
  EXPECT_TRUE(has(redis.text({"GET", "of another slot"}), "disagree")) << redis.text({"GET", "of another slot"});
}

TEST_F(ClusterTest, HasNoOtherDatabases) {
  Linked redis(cluster.url() + "/2");
  EXPECT_TRUE(has(redis.text({"GET", "{q}:a"}), "SELECT is not allowed in cluster mode"))
      << redis.text({"GET", "{q}:a"});
}

TEST_F(ClusterTest, KeepsEveryKeyInTheSlotWhateverItsTargetIsCalled) {
  Linked redis(cluster.url());
  for (const char* target : {"Patient/{other}", "{x}", "}{", "Patient/}"}) add(redis, target);
  queue::Moves moves(redis.client, options());
  EXPECT_EQ(run(redis.io, moves.take_in()).entries, 4);
  EXPECT_EQ(redis.text({"HGETALL", "{q}:job:{other}"}), "");
  for (std::size_t i = 0; i < 3; ++i)
    if (i != cluster.owner_of(key)) EXPECT_EQ(cluster.node(i).ask({"DBSIZE"}).number, 0);
}

class ClusterWithReplicasTest : public ClusterTest {
 protected:
  ClusterWithReplicasTest() : ClusterTest({.replicas = true, .of_nodes = {}}) {}
};

TEST_F(ClusterWithReplicasTest, GoesOnWithTheReplicaOfAKilledNode) {
  const auto owner = cluster.owner_of(key);
  Linked redis(cluster.url_of(owner));  // no other node is named: they are learned
  EXPECT_EQ(redis.text({"SET", "{q}:a", "1"}), "OK");
  cluster.node(owner).wait_until_replicated();
  cluster.node(owner).kill();
  EXPECT_EQ(redis.ask_at_last({"SET", "{q}:b", "1"}).text, "OK");
  EXPECT_EQ(redis.ask_at_last({"GET", "{q}:a"}).text, "1");
  const auto successor = serving(redis);
  EXPECT_NE(successor, owner);
  wait_until("the other nodes have heard of it", [&] { return cluster.owner_of(key) == successor; });
}

TEST_F(ClusterWithReplicasTest, GoesOnWithTheReplicaOfANodeThatAnswersNothing) {
  const auto owner = cluster.owner_of(key);
  Linked redis(cluster.url_of(owner));
  EXPECT_EQ(redis.text({"SET", "{q}:a", "1"}), "OK");
  cluster.node(owner).wait_until_replicated();
  cluster.node(owner).stop();
  EXPECT_EQ(redis.ask_at_last({"SET", "{q}:b", "1"}).text, "OK");
  EXPECT_EQ(redis.ask_at_last({"GET", "{q}:a"}).text, "1");
}

}  // namespace
}  // namespace test
