#include "config/command_line.h"

#include <gtest/gtest.h>

#include "tests/config/parsed.h"

namespace config {
namespace {

using test::parsed;
using test::refusal_of;

template <class Arguments>
Arguments read(const std::vector<std::string>& arguments) {
  return std::get<Arguments>(parsed(arguments).command);
}

TEST(CommandLine, ReadsAllOfEnqueue) {
  const auto asked =
      read<Enqueue>({"enqueue",     "Patient/1",  "--account", "Organization/a", "--account", "Practitioner/b",
                     "--propagate", "--priority", "-5",        "--delay",        "10s",       "--batch",
                     "night",       "--dry-run",  "--watch",   "--max-attempts", "3",         "--verify",
                     "none",        "--id",       "mine"});
  EXPECT_EQ(asked.target, "Patient/1");
  EXPECT_EQ(asked.accounts, (std::vector<std::string>{"Organization/a", "Practitioner/b"}));
  EXPECT_TRUE(asked.propagate && asked.dry_run && asked.watch);
  EXPECT_EQ(asked.priority, -5);
  EXPECT_EQ(asked.delay, std::chrono::seconds(10));
  EXPECT_EQ(asked.batch, "night");
  EXPECT_EQ(asked.max_attempts, 3);
  EXPECT_EQ(asked.verify, "none");
  EXPECT_EQ(asked.id, "mine");
}

TEST(CommandLine, LeavesToTheDaemonWhatEnqueueDoesNotSay) {
  const auto asked = read<Enqueue>({"enqueue", "Patient/1", "--account", "Organization/a"});
  EXPECT_FALSE(asked.propagate || asked.dry_run || asked.watch);
  EXPECT_EQ(asked.priority, std::nullopt);
  EXPECT_EQ(asked.delay, std::nullopt);
  EXPECT_EQ(asked.max_attempts, std::nullopt);
  EXPECT_EQ(asked.verify, "");
}

TEST(CommandLine, AnOptionOfTheDaemonInTheEnvironmentIsNoOptionOfAJob) {
  const Invocation invocation = parsed({"enqueue", "Patient/1", "--account", ""},
                                       {{"SET_ACCOUNTS_VERIFY", "none"}, {"SET_ACCOUNTS_MAX_ATTEMPTS", "1"}});
  EXPECT_EQ(std::get<Enqueue>(invocation.command).verify, "");
  EXPECT_EQ(std::get<Enqueue>(invocation.command).max_attempts, std::nullopt);
}

TEST(CommandLine, AnAccountIsOneValueAndDoesNotTakeTheTarget) {
  const auto asked = read<Enqueue>({"enqueue", "--account", "Organization/a", "Patient/1"});
  EXPECT_EQ(asked.target, "Patient/1");
  EXPECT_EQ(asked.accounts, (std::vector<std::string>{"Organization/a"}));
}

TEST(CommandLine, KeepsAnEmptyAccountApartFromNone) {
  EXPECT_EQ(read<Enqueue>({"enqueue", "Patient/1", "--account", ""}).accounts, (std::vector<std::string>{""}));
  EXPECT_TRUE(read<Enqueue>({"enqueue", "Patient/1"}).accounts.empty());
}

TEST(CommandLine, ReadsTheOtherCommands) {
  EXPECT_TRUE(read<Status>({"status", "17-0", "--watch"}).watch);
  EXPECT_EQ(read<Status>({"status", "--batch", "night", "--json"}).batch, "night");
  EXPECT_EQ(read<Jobs>({"jobs", "--state", "failed", "--limit", "5"}).limit, 5U);
  EXPECT_EQ(read<Cancel>({"cancel", "17-0"}).job, "17-0");
  EXPECT_EQ(read<Retry>({"retry", "17-0"}).job, "17-0");
  EXPECT_EQ(read<Owed>({"owed", "Patient/1", "--forgive", "Organization/a"}).forgive, "Organization/a");
  EXPECT_NO_THROW(read<Pause>({"pause"}));
  EXPECT_NO_THROW(read<Resume>({"resume"}));
  EXPECT_NO_THROW(read<Work>({"worker", "--fhir-url=http://h"}));
  EXPECT_NO_THROW(read<Check>({"check", "--fhir-url=http://h"}));
  EXPECT_TRUE(parsed({"worker", "--fhir-url=http://h", "--drain"}).settings.worker.drain);
}

TEST(CommandLine, RefusesBadValuesInOneSentence) {
  const auto enqueue = [](const std::vector<std::string>& more) {
    std::vector<std::string> all = {"enqueue", "Patient/1", "--account", "Organization/a"};
    all.insert(all.end(), more.begin(), more.end());
    return refusal_of(all);
  };
  EXPECT_EQ(enqueue({"--priority", "1001"}),
            "--priority: '1001' is not allowed; it takes a whole number from -1000 to 1000");
  EXPECT_EQ(enqueue({"--delay", "soon"}),
            "--delay: 'soon' is not allowed; it takes a duration such as 250ms, 10s, 5m, 12h or 7d");
  EXPECT_EQ(enqueue({"--verify", "half"}), "--verify: 'half' is not allowed; it takes full or none");
  EXPECT_EQ(enqueue({"--max-attempts", "0"}),
            "--max-attempts: '0' is not allowed; it takes a whole number from 1 to 1000");
  EXPECT_EQ(
      refusal_of({"jobs", "--state", "done"}),
      "--state: 'done' is not allowed; it takes queued or scheduled or running or completed or failed or cancelled");
  EXPECT_EQ(refusal_of({"jobs", "--limit", "0"}),
            "--limit: '0' is not allowed; it takes a whole number from 1 to 100000");
}

TEST(CommandLine, SaysWhatIsMissingOrTooMuchAndWhereToLook) {
  EXPECT_EQ(refusal_of({}), "say what to do: worker, enqueue, status, jobs, … (see set-accounts --help)");
  EXPECT_EQ(refusal_of({"enqeue"}), "there is no such command: enqeue (see set-accounts --help)");
  EXPECT_EQ(refusal_of({"cancel"}), "JOB is required (see set-accounts cancel --help)");
  EXPECT_EQ(refusal_of({"cancel", "1-0", "2-0"}),
            "The following argument was not expected: 2-0 (see set-accounts cancel --help)");
  EXPECT_EQ(refusal_of({"jobs", "--page-size", "20"}),
            "The following arguments were not expected: 20 --page-size (see set-accounts jobs --help)");
  EXPECT_EQ(refusal_of({"jobs", "--queue", "a", "--queue", "b"}),
            "--queue is given more than once (see set-accounts jobs --help)");
  EXPECT_EQ(refusal_of({"jobs", "--queue"}), "--queue takes a value (see set-accounts jobs --help)");
}

}  // namespace
}  // namespace config
