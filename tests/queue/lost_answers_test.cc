#include <boost/asio/co_spawn.hpp>

#include "tests/queue/cutting_proxy.h"
#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Job;
using queue::JobState;
using queue::QueueUnavailable;
using queue::Script;
using queue::Standing;
using queue::Verdict;
namespace scripts = queue::scripts;

config::Redis at(const std::filesystem::path& socket) {
  config::Redis settings;
  settings.url = "unix://" + socket.string();
  return settings;
}

/// Redis does what it was asked for, and the connection breaks before it can say so. What is asked once more, as a
/// worker would, must have happened once.
class LostAnswerTest : public QueueTest {
 protected:
  LostAnswerTest() {
    for (const Script* script : {&scripts::take_in, &scripts::claim, &scripts::renew, &scripts::owe, &scripts::finish,
                                 &scripts::retry_later, &scripts::hand_back, &scripts::promote, &scripts::sweep})
      redis({"SCRIPT", "LOAD", std::string(script->text)});
    boost::asio::co_spawn(io.get_executor(), queue_.run(), [](const std::exception_ptr&) {});
  }

  /// Until Redis can be asked.
  template <class Ask>
  auto persist(Ask ask) {
    for (const auto until = queue::Clock::now() + 20s;;) {
      try {
        return await(ask());
      } catch (const QueueUnavailable&) {
        if (queue::Clock::now() > until) throw;
      }
    }
  }
  Job taken() {
    for (const auto until = queue::Clock::now() + 20s; queue::Clock::now() < until;) {
      const auto job = persist([&] { return queue_.take(); });
      if (job) return *job;
    }
    throw std::runtime_error("no job came");
  }
  JobState settled(const Job& job, Verdict::Kind kind) {
    Verdict verdict;
    verdict.kind = kind;
    verdict.progress.counts.written = 1;
    verdict.removed = {"Organization/x"};
    return persist([&] { return queue_.settle(job, verdict); });
  }

  TempFolder folder_;
  CuttingProxy proxy_{io.get_executor(), folder_.path() / "proxy.sock", shared_redis().socket()};
  queue::RedisClient cut_off_{io.get_executor(), at(folder_.path() / "proxy.sock"), {}};
  queue::RedisJobQueue queue_{cut_off_, options};
};

class LostAnswersTest : public LostAnswerTest, public ::testing::WithParamInterface<const Script*> {};

TEST_P(LostAnswersTest, AreAskedForAgainAndNothingHappensTwice) {
  proxy_.swallow_answer_to(std::string(GetParam()->digest));
  const auto id = await(producer.enqueue({{{"target", "Patient/1"}, {"accounts", ""}, {"batch", "b"}}})).at(0);
  await(producer.enqueue({{{"target", "Patient/1"}, {"accounts", ""}, {"batch", "b"}}}));

  auto job = taken();
  EXPECT_EQ(job.id, id);
  EXPECT_EQ(persist([&] { return queue_.beat(job, {}); }), Standing::ours);
  EXPECT_EQ(persist([&] { return queue_.owe(job, {"Organization/x"}); }), std::vector<std::string>{"Organization/x"});
  EXPECT_EQ(settled(job, Verdict::Kind::handed_back), JobState::queued);
  job = taken();
  EXPECT_EQ(job.id, id);
  EXPECT_EQ(job.attempt, 1) << "handed back: no attempt";
  EXPECT_EQ(settled(job, Verdict::Kind::again), JobState::scheduled);
  let_delay_end(id);
  job = taken();
  EXPECT_EQ(job.id, id);
  EXPECT_EQ(job.attempt, 2);
  EXPECT_EQ(settled(job, Verdict::Kind::completed), JobState::completed);

  while (!proxy_.swallowed()) io.run_one_for(1ms);
  EXPECT_TRUE(await(records.owed("Patient/1")).empty());
  EXPECT_EQ(stats()["completed"], "1");
  EXPECT_EQ(stats()["running"], "0");
  EXPECT_EQ(await(records.batch("b"))["resourcesWritten"], "1");
  EXPECT_EQ(broken_invariant(io, client), "");
}

TEST_F(LostAnswerTest, ToAClaimIsAskedForAlsoWhenTheWorkerStops) {
  const auto id = await(producer.enqueue({{{"target", "Patient/1"}, {"accounts", ""}}})).at(0);
  while (state(id) != "queued") io.run_one_for(1ms);
  proxy_.swallow_answer_to(std::string(scripts::claim.digest));
  std::optional<bool> got_one;
  boost::asio::co_spawn(io.get_executor(), queue_.take(),
                        [&](const std::exception_ptr&, const std::optional<Job>& job) { got_one = job.has_value(); });
  while (!proxy_.swallowed()) io.run_one_for(1ms);
  queue_.stop_taking();
  while (!got_one) io.run_one_for(1ms);
  EXPECT_FALSE(*got_one);
  EXPECT_EQ(state(id), "queued") << "handed back, not left to its lease";
  EXPECT_EQ(field(id, "attempt"), "0");
}

TEST_F(LostAnswerTest, ToAnEnqueueingIsAskedForAgainAndAnswersTheSameJob) {
  redis({"SCRIPT", "LOAD", std::string(scripts::enqueue_once.text)});
  proxy_.swallow_answer_to(std::string(scripts::enqueue_once.digest));
  queue::Producer cut_off(cut_off_, "q");
  const auto asked =
      persist([&] { return cut_off.enqueue_once("Patient/1", "f", {{"target", "Patient/1"}, {"accounts", ""}}); });
  EXPECT_TRUE(proxy_.swallowed());
  EXPECT_TRUE(asked.known);
  const auto job = taken();
  EXPECT_EQ(job.id, asked.id);
  settled(job, Verdict::Kind::completed);
  EXPECT_EQ(stats()["completed"], "1");
  EXPECT_EQ(stats()["queued"], "0");
}

std::string name_of_script(const ::testing::TestParamInfo<const Script*>& tested) {
  return std::string(tested.param->name);
}

INSTANTIATE_TEST_SUITE_P(Of, LostAnswersTest,
                         ::testing::Values(&scripts::take_in, &scripts::claim, &scripts::renew, &scripts::owe,
                                           &scripts::finish, &scripts::retry_later, &scripts::hand_back,
                                           &scripts::promote, &scripts::sweep),
                         name_of_script);

}  // namespace
}  // namespace test
