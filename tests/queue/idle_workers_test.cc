#include <numeric>

#include "tests/queue/job_queue_fixture.h"

namespace test {
namespace {

using queue::Clock;
using queue::Verdict;

/// A worker of its own: connections, upkeep, slots that take jobs and end them at once.
class Idler {
 public:
  Idler(boost::asio::io_context& io, const config::Redis& settings, queue::RedisJobQueue::Options options, int slots)
      : client_(io.get_executor(), settings, {}), queue_(client_, std::move(options)) {
    boost::asio::co_spawn(io.get_executor(), queue_.run(), [](const std::exception_ptr&) {});
    for (int i = 0; i < slots; ++i) boost::asio::co_spawn(io.get_executor(), slot(), [](const std::exception_ptr&) {});
  }
  std::vector<std::pair<std::string, Clock::time_point>> taken;

 private:
  queue::Awaitable<void> slot() {
    for (;;) {
      const auto job = co_await queue_.take();
      if (!job) continue;
      taken.emplace_back(job->id, Clock::now());
      co_await queue_.settle(*job, Verdict{});
    }
  }

  queue::RedisClient client_;
  queue::RedisJobQueue queue_;
};

/// Workers that have nothing to do, and what wakes them.
class IdleWorkersTest : public QueueTest {
 protected:
  void start(int workers, int slots) {
    config::Redis settings;
    settings.url = shared_redis().url();
    options.lease = 15s;
    for (int i = 0; i < workers; ++i) idlers.push_back(std::make_unique<Idler>(io, settings, options, slots));
    let_pass(500ms);
  }
  void let_pass(Clock::duration time) {
    for (const auto until = Clock::now() + time; Clock::now() < until;) io.run_one_for(10ms);
  }
  std::size_t taken() const {
    return std::accumulate(idlers.begin(), idlers.end(), std::size_t{0},
                           [](std::size_t sum, const auto& idler) { return sum + idler->taken.size(); });
  }
  void wait_until_taken(std::size_t jobs) {
    for (const auto until = Clock::now() + 30s; taken() < jobs && Clock::now() < until;) io.run_one_for(1ms);
    ASSERT_EQ(taken(), jobs);
  }
  /// How often workers asked for something: moves, and news.
  std::int64_t commands() {
    const auto info = redis({"INFO", "commandstats"}).text;
    std::int64_t calls = 0;
    for (const std::string name : {"cmdstat_evalsha:calls=", "cmdstat_eval:calls=", "cmdstat_xread:calls="})
      if (const auto at = info.find(name); at != std::string::npos) calls += std::stoll(info.substr(at + name.size()));
    return calls;
  }

  std::vector<std::unique_ptr<Idler>> idlers;
};

TEST_F(IdleWorkersTest, StartAJobAtOnceHoweverManyOfThemWait) {
  start(6, 2);
  std::vector<Clock::duration> times;
  for (std::size_t i = 1; i <= 20; ++i) {
    const auto begin = Clock::now();
    await(producer.enqueue({{{"target", "Patient/" + std::to_string(i)}, {"accounts", ""}}}));
    wait_until_taken(i);
    times.push_back(Clock::now() - begin);
  }
  std::ranges::sort(times);
  std::cout << "from XADD to a worker: median " << times[10] / 1us << " us, longest " << times.back() / 1us << " us\n";
  EXPECT_LT(times[10], 300ms) << "the median, on a machine with more to do; unwoken it would be a second";
}

TEST_F(IdleWorkersTest, FindAJobAlsoWhenNobodySaysThatItIsReady) {
  start(1, 2);
  command("pause", "true");
  const auto id = add("Patient/1");
  let_pass(100ms);
  EXPECT_EQ(taken(), 0U);
  redis({"DEL", "{q}:paused"});
  wait_until_taken(1);
  EXPECT_EQ(idlers[0]->taken[0].first, id);
}

TEST_F(IdleWorkersTest, ShareABurstWithoutTreadingOnEachOther) {
  start(6, 2);
  const auto before = commands();
  std::vector<queue::InboxEntry> entries;
  for (int i = 0; i < 300; ++i) entries.push_back({{"target", "Patient/" + std::to_string(i)}, {"accounts", ""}});
  await(producer.enqueue(entries));
  wait_until_taken(300);
  const auto asked = commands() - before;
  std::cout << static_cast<double>(asked) / 300 << " commands a job\n";
  EXPECT_LT(asked, 300 * 6);
  for (const auto& idler : idlers) EXPECT_FALSE(idler->taken.empty()) << "each gets its share";
}

TEST_F(IdleWorkersTest, AskRedisLessThanFourTimesASecond) {
  start(1, 4);
  const auto before = commands();
  let_pass(3s);
  const auto asked = commands() - before;
  std::cout << static_cast<double>(asked) / 3 << " commands a second\n";
  EXPECT_LT(asked, 12);
}

}  // namespace
}  // namespace test
