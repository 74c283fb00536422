#include "worker/cli/entries.h"

#include <sstream>

#include <gtest/gtest.h>

#include "config/bad_usage.h"

namespace worker::cli {
namespace {

using queue::InboxEntry;

std::vector<InboxEntry> entries(const config::Enqueue& asked, const std::string& lines = "") {
  std::istringstream stream(lines);
  std::vector<InboxEntry> entries;
  for (const AskedEntry& made : entries_for(asked, stream)) entries.push_back(made.entry);
  return entries;
}

std::string refusal_of(const config::Enqueue& asked, const std::string& lines = "") {
  try {
    entries(asked, lines);
  } catch (const config::BadUsage& refused) {
    return refused.what();
  }
  return "accepted";
}

config::Enqueue one(std::vector<std::string> accounts) {
  config::Enqueue asked;
  asked.target = "Patient/1";
  asked.accounts = std::move(accounts);
  return asked;
}

config::Enqueue from_file() {
  config::Enqueue asked;
  asked.from = "-";
  asked.accounts = {"Organization/a"};
  return asked;
}

TEST(Entries, SayOnlyWhatWasSaid) {
  EXPECT_EQ(entries(one({"Organization/a", "Practitioner/b"})),
            (std::vector<InboxEntry>{{{"target", "Patient/1"},
                                      {"accounts", "Organization/a"},
                                      {"accounts", "Practitioner/b"},
                                      {"propagate", "false"}}}));
}

TEST(Entries, CarryEveryFieldOfTheContract) {
  config::Enqueue asked = one({"Organization/a"});
  asked.propagate = asked.dry_run = true;
  asked.priority = -5;
  asked.delay = std::chrono::seconds(10);
  asked.max_attempts = 3;
  asked.verify = "none";
  asked.batch = "night";
  asked.id = "mine";
  EXPECT_EQ(entries(asked).front(), (InboxEntry{{"target", "Patient/1"},
                                                {"accounts", "Organization/a"},
                                                {"propagate", "true"},
                                                {"dryRun", "true"},
                                                {"priority", "-5"},
                                                {"delay", "10000"},
                                                {"maxAttempts", "3"},
                                                {"verify", "none"},
                                                {"batch", "night"},
                                                {"id", "mine"}}));
}

TEST(Entries, RemoveAllAccountsOnlyWhenThatIsSaid) {
  EXPECT_EQ(entries(one({""})).front()[1], (std::pair<std::string, std::string>{"accounts", ""}));
  EXPECT_EQ(refusal_of(one({})), "--account is missing; to remove all accounts say so with --account ''");
  EXPECT_NE(refusal_of(one({"Organization/a", ""})), "accepted");
}

TEST(Entries, RefuseWhatIsNoReference) {
  EXPECT_EQ(refusal_of(one({"Organization/a,Organization/b"})),
            "--account: 'Organization/a,Organization/b' is not allowed; it takes a reference such as Organization/a");
  for (const char* target :
       {"Patient", "Patient/", "Patient/..", "http://h/Patient/1", "Patient/1/_history/2", "patient/1"}) {
    config::Enqueue asked = one({"Organization/a"});
    asked.target = target;
    EXPECT_EQ(refusal_of(asked),
              "TARGET: '" + std::string(target) + "' is not allowed; it takes a reference such as Patient/f1dc");
  }
}

TEST(Entries, NeedExactlyOneSourceOfTargets) {
  config::Enqueue asked = one({"Organization/a"});
  asked.from = "-";
  EXPECT_EQ(refusal_of(asked), "TARGET and --from are both given; give one");
  asked.from = asked.target = "";
  EXPECT_EQ(refusal_of(asked), "TARGET is missing: a reference such as Patient/f1dc");
}

TEST(Entries, TakeAnIdOnlyForOneJobAndWithALetter) {
  config::Enqueue asked = one({"Organization/a"});
  for (const char* id : {"17-0", "a b", "..", "a/b"}) {
    asked.id = id;
    EXPECT_EQ(refusal_of(asked), "--id: '" + std::string(id) +
                                     "' is not allowed; it takes 1 to 64 of A-Z a-z 0-9 - . with at least one letter");
  }
  asked = from_file();
  asked.id = "mine";
  EXPECT_EQ(refusal_of(asked, "Patient/1"), "--id is for one job; it cannot go with --from");
}

TEST(EntriesFromLines, SkipBlankLinesAndComments) {
  const auto made = entries(from_file(), "# night run\nPatient/1\n\n  Patient/2 \t# why\r\nPatient/3");
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[1].front().second, "Patient/2");
  EXPECT_EQ(made[2].front().second, "Patient/3");
}

TEST(EntriesFromLines, KnowTheirLine) {
  std::istringstream lines("# night run\nPatient/1\n\nPatient/2\n");
  const auto made = entries_for(from_file(), lines);
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[0].line, 2U);
  EXPECT_EQ(made[1].line, 4U);
}

TEST(EntriesFromLines, AreRefusedAllTogetherByTheLine) {
  EXPECT_EQ(refusal_of(from_file(), "Patient/1\n\nPatient 2\n"),
            "--from: line 3: 'Patient 2' is not allowed; it takes a reference such as Patient/f1dc");
  EXPECT_EQ(refusal_of(from_file(), "# nothing\n"), "--from: there is no target in it");
}

TEST(EntriesFromLines, AreLimited) {
  std::string lines;
  for (std::size_t i = 0; i < most_targets; ++i) lines += "Patient/1\n";
  EXPECT_EQ(entries(from_file(), lines).size(), most_targets);
  EXPECT_EQ(refusal_of(from_file(), lines + "Patient/1\n"),
            "--from: line 100001: more than 100000 targets; nothing was enqueued, split the file");
}

}  // namespace
}  // namespace worker::cli
