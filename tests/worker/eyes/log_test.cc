#include <filesystem>
#include <fstream>
#include <set>

#include "tests/worker/e2e/end_to_end.h"
#include "tests/worker/eyes/told.h"

namespace test {
namespace {

constexpr const char* traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr const char* secret = "hush-this-is-the-client-secret";
constexpr const char* name = "Roswitha Haberkorn";

sandbox::ServerOptions with_login() {
  sandbox::ServerOptions options;
  options.auth = true;
  options.tokens.client_secret = secret;
  return options;
}

class LogTest : public EndToEnd {
 protected:
  LogTest() : EndToEnd(with_login()) {}
  void SetUp() override {
    seeded = seed({.members = 30});
    look();
    std::ofstream(folder.path() / "secret") << secret << "\n";
  }
  void drain_in_json(const Fields& more = {}) {
    Fields options{"--log-format", "json",          "--log-level",          "debug",
                   "--client-id",  server_client(), "--client-secret-file", (folder.path() / "secret").string()};
    options.insert(options.end(), more.begin(), more.end());
    drain(std::move(options));
  }
  static std::string server_client() { return sandbox::Tokens::Options().client_id; }
  void refuse(const std::string& reference, unsigned status) {
    server.add_fault({.kind = sandbox::FaultKind::status,
                      .on = sandbox::RequestKind::patch,
                      .reference = reference,
                      .status = status,
                      .body = sandbox::FaultBody::outcome,
                      .text = std::string(name) + " is not to be written"});
  }
  std::string enqueue_parameters(const std::string& display) {
    return enqueue({"target", seeded.target, "parameters",
                    R"({"resourceType":"Parameters","parameter":[{"name":"accounts","valueReference":{"reference":")" +
                        organization(5) + R"(","display":")" + display +
                        R"("}},{"name":"propagate","valueBoolean":true}]})",
                    "traceparent", traceparent, "requestedBy", "Practitioner/7"});
  }

  const TempFolder folder;
  sandbox::Seeded seeded;
};

TEST_F(LogTest, HasALineForEachEventOfAJobWithAllThatBelongsToIt) {
  const auto job = enqueue_parameters("");
  drain_in_json();
  for (const char* event : {"job claimed", "job completed"}) {
    const auto lines = events(said(), event);
    ASSERT_EQ(lines.size(), 1U) << event << "\n" << said();
    Line line = lines[0];
    EXPECT_EQ(line["job"], job);
    EXPECT_EQ(line["target"], seeded.target);
    EXPECT_EQ(line["attempt"], "1");
    EXPECT_EQ(line["worker"], field(job, "worker"));
    EXPECT_EQ(line["traceparent"], traceparent);
    EXPECT_EQ(line["requestedBy"], "Practitioner/7");
  }
}

TEST_F(LogTest, TellsOfAnAttemptThatFailedWhatAndWhy) {
  server.add_fault({.kind = sandbox::FaultKind::next_loop, .on = sandbox::RequestKind::page, .times = 1});
  const auto job = enqueue_parameters("");
  drain_in_json({"--page-size", "20"});
  const auto failed = events(said(), "attempt failed, another follows");
  ASSERT_EQ(failed.size(), 1U) << said();
  EXPECT_EQ(failed[0].at("job"), job);
  EXPECT_NE(failed[0].at("why").find("circle"), std::string::npos);
}

/// In no line, of whatever level: what a server says of a resource is for the record.
TEST_F(LogTest, KeepsEachSecretAndEachName) {
  refuse(seeded.members[0], 422);
  const auto failed = enqueue_parameters(name);
  drain_in_json();
  std::string all = said();
  EXPECT_EQ(field(failed, "state"), "failed");
  EXPECT_NE(failures(failed)[0].find(name), std::string::npos) << "the record has it";
  server.clear_faults();
  refuse(seeded.target, 403);
  const auto impossible = enqueue({"target", seeded.target, "accounts", organization(6)});
  const auto invalid = enqueue({"target", seeded.target, "accounts", name, "propagate", name, "accountsBefore", name});
  const auto untraced = enqueue({"target", seeded.target, "accounts", organization(1), "traceparent", name});
  drain_in_json();
  all += said();
  EXPECT_NE(field(impossible, "error").find(name), std::string::npos) << "the record has it";
  EXPECT_EQ(events(all, "job failed").size(), 4U) << all;
  EXPECT_EQ(field(invalid, "state"), "failed");
  EXPECT_EQ(field(untraced, "state"), "failed");

  for (const std::string hidden : {name, "Haberkorn", secret, "Bearer", "sandbox."})
    EXPECT_EQ(all.find(hidden), std::string::npos) << hidden << " is in\n" << all;
  for (const auto& [fields, times] : server.counters().traces)
    EXPECT_TRUE(fields.empty() || fields == traceparent) << "a malformed traceparent was sent: " << fields;
}

}  // namespace
}  // namespace test
