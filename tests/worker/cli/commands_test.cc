#include <algorithm>
#include <chrono>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "queue/embedded_redis.h"
#include "tests/worker/cli/program.h"

namespace worker::cli {
namespace {

class Commands : public test::Program {};

TEST_F(Commands, EnqueueWritesTheEntryOfTheContract) {
  const std::string id = enqueued({"Patient/1", "--account", "Organization/a", "--account", "Practitioner/b",
                                   "--propagate", "--priority", "-5", "--delay", "10s"});
  EXPECT_EQ(
      redis({"XRANGE", "{set-accounts}:inbox", "-", "+"}),
      id + "\ntarget\nPatient/1\naccounts\nOrganization/a\naccounts\nPractitioner/b\npropagate\ntrue\npriority\n-5\n"
           "delay\n10000");
}

TEST_F(Commands, EnqueueFromAFilePrintsAnIdALineInOrder) {
  const test::Ended ended =
      ran({"enqueue", "--from", "-", "--account", "Organization/a"}, "Patient/1\n# x\nPatient/2\n");
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  const std::string first = ended.out.substr(0, ended.out.find('\n'));
  EXPECT_TRUE(redis({"XRANGE", "{set-accounts}:inbox", first, first}).find("Patient/1") != std::string::npos);
  EXPECT_EQ(redis({"XLEN", "{set-accounts}:inbox"}), "2");
}

TEST_F(Commands, EnqueueFromAFileAddsNothingIfOneLineIsBad) {
  const test::Ended ended = ran({"enqueue", "--from", "-", "--account", "Organization/a"}, "Patient/1\nPatient\n");
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_EQ(ended.err,
            "set-accounts: --from: line 2: 'Patient' is not allowed; it takes a reference such as Patient/f1dc\n");
  EXPECT_EQ(redis({"XLEN", "{set-accounts}:inbox"}), "0");
}

constexpr int many = 100'000;

std::string many_targets() {
  std::string lines;
  for (int i = 0; i < many; ++i) lines += "Patient/" + std::to_string(i) + "\n";
  return lines;
}

/// Entry ids as numbers that compare as Redis orders them.
std::vector<std::pair<std::uint64_t, std::uint64_t>> ids_in(const std::string& out) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ids;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);)
    ids.emplace_back(std::stoull(line), std::stoull(line.substr(line.find('-') + 1)));
  return ids;
}

TEST_F(Commands, EnqueueFromAFileTakesAHundredThousandAndPrintsTheirIdsInOrder) {
  const test::Ended ended = ran({"enqueue", "--from", "-", "--account", "Organization/a"}, many_targets());
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(redis({"XLEN", "{set-accounts}:inbox"}), std::to_string(many));
  const auto ids = ids_in(ended.out);
  ASSERT_EQ(ids.size(), static_cast<std::size_t>(many));
  EXPECT_EQ(std::ranges::adjacent_find(ids, std::greater_equal()), ids.end()) << "not in order, or one id twice";
  for (const std::size_t n : {std::size_t{0}, std::size_t{1000}, ids.size() - 1}) {
    const std::string id = std::to_string(ids[n].first) + "-" + std::to_string(ids[n].second);
    EXPECT_NE(redis({"XRANGE", "{set-accounts}:inbox", id, id}).find("Patient/" + std::to_string(n) + "\n"),
              std::string::npos);
  }
}

TEST_F(Commands, EnqueueFromAFileSaysHowFarItCameWhenRedisDies) {
  const auto program = started({"enqueue", "--from", "-", "--account", "Organization/a"});
  program->feed(many_targets());
  program->close_stdin();
  ASSERT_TRUE(program->wait_for_output("\n")) << "the first thousand were acknowledged";
  redis_.kill();

  EXPECT_EQ(program->wait(), 1);
  const auto printed = static_cast<int>(ids_in(program->out()).size());
  EXPECT_TRUE(program->err().starts_with("set-accounts: " + std::to_string(printed) + " of " + std::to_string(many) +
                                         " were enqueued; the next is line " + std::to_string(printed + 1) + " ("))
      << program->err();
  redis_.restart();
  const int kept = std::stoi(redis({"XLEN", "{set-accounts}:inbox"}));
  EXPECT_GE(kept, printed) << "an acknowledged one is lost";
  EXPECT_LE(kept, printed + 1000) << "more than it said may have been taken without an answer";
}

TEST_F(Commands, EnqueueFromAFileSaysHowFarItCameWhenRedisBreaksOff) {
  std::string lines = "# night run\n";
  for (int i = 0; i < 100'000; ++i) lines += "Patient/" + std::to_string(i) + "\n";
  redis({"CONFIG", "SET", "maxmemory", "4mb"});

  const test::Ended ended = ran({"enqueue", "--from", "-", "--account", "Organization/a"}, lines);

  EXPECT_EQ(ended.exit_code, 1);
  const auto enqueued = std::ranges::count(ended.out, '\n');
  EXPECT_GT(enqueued, 0);
  EXPECT_TRUE(ended.err.starts_with("set-accounts: " + std::to_string(enqueued) +
                                    " of 100000 were enqueued; the next is line " + std::to_string(enqueued + 2) +
                                    " ("))
      << ended.err;
  const std::string last = ended.out.substr(ended.out.rfind('\n', ended.out.size() - 2) + 1);
  const std::string id = last.substr(0, last.size() - 1);
  EXPECT_NE(redis({"XRANGE", "{set-accounts}:inbox", id, id}).find("Patient/" + std::to_string(enqueued - 1) + "\n"),
            std::string::npos);
}

TEST_F(Commands, ReadAnEmbeddedServerWithoutAnySetting) {
  const test::TempFolder folder;
  const std::string url = "embedded:" + folder.path().string();
  const test::Ended added = ran({"enqueue", "Patient/1", "--account", "", "--redis-url", url});
  ASSERT_EQ(added.exit_code, 0) << added.err;
  const std::string id = added.out.substr(0, added.out.find('\n'));
  EXPECT_EQ(ran({"status", id, "--redis-url", url}).out, id + "  waiting for a worker\n");
}

TEST_F(Commands, SayThatNoWorkerRunsWithAnEmbeddedServerThatTheyStart) {
  const test::TempFolder folder;
  const std::string url = "embedded:" + folder.path().string();
  EXPECT_EQ(ran({"jobs", "--redis-url", url}).err,
            "set-accounts: no worker runs with the embedded Redis in " + folder.path().string() +
                "; if yours has another, say so: --redis-url, or --config with the worker's file\n");
  const queue::EmbeddedRedis of_a_worker(folder.path());
  EXPECT_EQ(ran({"jobs", "--redis-url", url}).err, "");
}

TEST_F(Commands, StatusOfAJobThatIsNotThereEndsWith1) {
  const test::Ended ended = ran({"status", "17-0"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(ended.err, "set-accounts: there is no job 17-0: it never was, or its record has expired\n");
}

TEST_F(Commands, StatusShowsTheRecordAndItsFailures) {
  write_record("17-0", {{"state", "failed"}, {"target", "Patient/1"}, {"error", "1 of 2 resources failed"}});
  redis(
      {"RPUSH", record_key("17-0") + ":failures", R"({"reference":"Observation/1","status":403,"diagnostics":"no"})"});
  EXPECT_EQ(ran({"status", "17-0"}).out,
            "17-0  failed\ntarget      Patient/1\naccounts    none\nerror       1 of 2 resources failed\n  "
            "Observation/1  403  no\n");
  EXPECT_EQ(ran({"status", "17-0", "--json"}).out,
            R"({"id":"17-0","error":"1 of 2 resources failed","state":"failed","target":"Patient/1",)"
            R"("failures":[{"reference":"Observation/1","status":403,"diagnostics":"no"}]})"
            "\n");
}

TEST_F(Commands, CancelTakesAWaitingJobOutAndRetryBringsItBack) {
  const auto worker = worker_without_server();
  const std::string id = enqueued();
  wait_for_state(id, "queued");

  EXPECT_EQ(ran({"retry", id}).err,
            "set-accounts: job " + id + " is queued; only failed and cancelled jobs can be retried\n");
  EXPECT_EQ(ran({"cancel", id}).out, "cancelled\n");
  EXPECT_EQ(ran({"cancel", id}).err, "set-accounts: job " + id + " has already ended: cancelled\n");
  EXPECT_EQ(ran({"retry", id}).out, "retried; by now it is queued\n");
  EXPECT_NE(ran({"jobs", "--state", "queued"}).out.find(id), std::string::npos);
  EXPECT_EQ(ran({"jobs", "--state", "failed"}).out, "");
}

TEST_F(Commands, CancelSaysThatNoWorkerRuns) {
  const std::string id = enqueued();
  const test::Ended ended = ran({"cancel", id});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.out, "cancel requested, but no worker is running: it is taken out when one takes the inbox in\n");
}

TEST_F(Commands, CancelOfARunningJobNamesTheWorkerThatWillStopIt) {
  write_record("17-0", {{"state", "running"}, {"worker", "w1"}});
  EXPECT_EQ(ran({"cancel", "17-0"}).out, "cancel requested; worker w1 will stop it\n");
}

TEST_F(Commands, RetryOfACompletedJobIsRefused) {
  write_record("17-0", {{"state", "completed"}});
  const test::Ended ended = ran({"retry", "17-0"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(ended.err, "set-accounts: job 17-0 is completed; only failed and cancelled jobs can be retried\n");
}

/// Looks at the record once, asks for the retry, looks again: what changes in between, a worker has written.
class RetriedByHand : public Commands {
 protected:
  static constexpr const char* refusal = "retry refused: a later job has completed";

  std::unique_ptr<test::ChildProcess> retry_of(const std::string& updated_at) {
    write_record("17-0", {{"state", "failed"}, {"error", "no"}, {"finishedAt", "5"}, {"updatedAt", updated_at}});
    auto retry = started({"retry", "17-0"});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (redis({"XLEN", "{set-accounts}:inbox"}) != "1")
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("no retry was asked for");
    return retry;
  }
};

TEST_F(RetriedByHand, EndsWith1WhenItIsRefusedInTheSameWordsAsBefore) {
  const auto retry = retry_of("5");
  write_record("17-0", {{"updatedAt", "6"}});
  EXPECT_EQ(retry->wait(), 1) << retry->out();
  EXPECT_EQ(retry->err(), "set-accounts: no\n");
}

TEST_F(RetriedByHand, EndsWith1WhenARefusalStillStands) {
  write_record("17-0", {{"state", "failed"}, {"error", refusal}, {"finishedAt", "5"}, {"updatedAt", "5"}});
  const test::Ended ended = ran({"retry", "17-0"});
  EXPECT_EQ(ended.exit_code, 1) << ended.out;
  EXPECT_EQ(ended.err, "set-accounts: " + std::string(refusal) + "\n");
}

TEST_F(RetriedByHand, SaysThatNoWorkerRunsWhenNothingChanges) {
  const auto retry = retry_of("5");
  EXPECT_EQ(retry->wait(), 0) << retry->err();
  EXPECT_NE(retry->out().find("no worker is running"), std::string::npos) << retry->out();
}

TEST_F(Commands, StatusOfABatchThatIsNotThereSaysThatItMayWaitInTheInbox) {
  enqueued({"Patient/1", "--account", "Organization/a", "--batch", "night"});
  const test::Ended ended = ran({"status", "--batch", "night"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(ended.err,
            "set-accounts: there is no batch night: its entries still wait in the inbox for a worker, or it never was, "
            "or all its jobs have expired\n");
}

TEST_F(Commands, OwedShowsAndForgives) {
  redis({"SADD", "{set-accounts}:owed:Patient/1", "Organization/a"});
  EXPECT_EQ(ran({"owed", "Patient/1"}).out, "Organization/a\n");
  EXPECT_EQ(ran({"owed", "Patient/1", "--forgive", "Organization/a"}).exit_code, 0);
  EXPECT_EQ(ran({"owed", "Patient/1"}).out, "");
  EXPECT_EQ(ran({"owed", "Patient/1", "--forgive", "Organization/a"}).err,
            "set-accounts: Patient/1 does not owe the removal of Organization/a\n");
}

TEST_F(Commands, PauseAndResumeGoThroughTheInbox) {
  EXPECT_EQ(ran({"pause"}).exit_code, 0);
  EXPECT_EQ(ran({"resume"}).exit_code, 0);
  const std::string entries = redis({"XRANGE", "{set-accounts}:inbox", "-", "+"});
  EXPECT_LT(entries.find("pause\ntrue"), entries.find("pause\nfalse"));
}

TEST_F(Commands, UseTheQueueThatIsNamed) {
  EXPECT_EQ(ran({"enqueue", "Patient/1", "--account", "", "--queue", "blue"}).exit_code, 0);
  EXPECT_EQ(redis({"XLEN", "{blue}:inbox"}), "1");
}

}  // namespace
}  // namespace worker::cli
