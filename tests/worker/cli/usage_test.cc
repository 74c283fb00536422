#include "tests/worker/cli/program.h"

namespace worker::cli {
namespace {

/// Bad usage is found before anything is connected: here nothing could be.
class Usage : public test::Program {
 protected:
  std::string refusal_of(Arguments arguments) {
    arguments.insert(arguments.end(), {"--redis-url", "unix:///no/such/socket"});
    const test::Ended ended = ran(arguments);
    EXPECT_EQ(ended.exit_code, 2) << ended.err;
    EXPECT_EQ(ended.out, "");
    return ended.err;
  }
};

TEST_F(Usage, IsRefusedInOneSentenceWithExitCode2) {
  EXPECT_EQ(refusal_of({"enqueue", "Patient/1"}),
            "set-accounts: --account is missing; to remove all accounts say so with --account ''\n");
  EXPECT_EQ(refusal_of({"enqueue", "Patient", "--account", "Organization/a"}),
            "set-accounts: TARGET: 'Patient' is not allowed; it takes a reference such as Patient/f1dc\n");
  EXPECT_EQ(refusal_of({"enqueue", "--from", "/no/such", "--account", "Organization/a"}),
            "set-accounts: --from: '/no/such' is not allowed; it takes a file that can be read, or -\n");
  EXPECT_EQ(refusal_of({"status"}), "set-accounts: JOB is missing: its id, or --batch NAME\n");
  EXPECT_EQ(refusal_of({"status", "1-0", "--batch", "b"}), "set-accounts: JOB and --batch are both given; give one\n");
  EXPECT_EQ(refusal_of({"cancel", "a/b"}),
            "set-accounts: JOB: 'a/b' is not allowed; it takes a job's id, as enqueue printed it\n");
  EXPECT_EQ(refusal_of({"owed", "Patient"}),
            "set-accounts: TARGET: 'Patient' is not allowed; it takes a reference such as Patient/f1dc\n");
  EXPECT_EQ(refusal_of({"jobs", "--limit", "many"}),
            "set-accounts: --limit: 'many' is not allowed; it takes a whole number from 1 to 100000\n");
  EXPECT_EQ(refusal_of({"worker"}),
            "set-accounts: --fhir-url is required: the FHIR server's base, e.g. https://api.example.org/fhir/R4\n");
}

TEST_F(Usage, OfAPasswordInAFlagIsRefused) {
  const test::Ended ended = ran({"jobs", "--redis-url", "redis://u:hush@h"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_EQ(ended.err.find("hush"), std::string::npos) << ended.err;
}

TEST_F(Usage, OfARedisUrlThatCanBeNoneIsFoundBeforeAnythingIsConnected) {
  for (const char* url : {"redis://h:99999", "redis://h/abc", "redis://h:6379/-1", "unix:///s?db=x"})
    EXPECT_EQ(ran({"jobs", "--redis-url", url}).exit_code, 2) << url;
}

TEST_F(Usage, OfARedisThatIsNotThereEndsWith1AndSaysWhere) {
  const test::Ended ended = ran({"jobs", "--redis-url", "unix:///no/such/socket"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_TRUE(ended.err.starts_with("set-accounts: ")) << ended.err;
  EXPECT_NE(ended.err.find("/no/such/socket"), std::string::npos) << ended.err;
}

TEST_F(Usage, OfHelpAndVersionNeedsNothing) {
  EXPECT_EQ(ran({"--version"}).exit_code, 0);
  EXPECT_NE(ran({"enqueue", "--help"}).out.find("Example: set-accounts enqueue"), std::string::npos);
}

}  // namespace
}  // namespace worker::cli
