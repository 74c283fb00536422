#include "worker/http/status_page/admission.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/redis_server.h"

namespace worker::http {
namespace {

using Verdict = Admission::Verdict;

class AdmissionTest : public ::testing::Test {
 protected:
  AdmissionTest() { write("let me in\n"); }
  void write(const std::string& token) { std::ofstream(file) << token; }
  static Request from_here() {
    Request request;
    request.from_here = true;
    return request;
  }
  static Request bringing(const std::string& authorization) {
    Request request;
    request.fields = {{"authorization", authorization}};
    return request;
  }

  test::TempFolder folder;
  std::filesystem::path file = folder.path() / "token";
  Admission closed{""};
  Admission guarded{file};
};

TEST_F(AdmissionTest, IsOpenOnTheMachineItself) {
  EXPECT_EQ(closed.judge(from_here()), Verdict::welcome);
  EXPECT_EQ(guarded.judge(from_here()), Verdict::welcome);
}

TEST_F(AdmissionTest, HidesThePageElsewhereWithoutATokenFile) {
  EXPECT_EQ(closed.judge(Request()), Verdict::not_there);
  EXPECT_EQ(closed.judge(bringing("Bearer ")), Verdict::not_there);
}

TEST_F(AdmissionTest, LetsTheTokenInAsBearerAndAsAnyonesPassword) {
  EXPECT_EQ(guarded.judge(bringing("Bearer let me in")), Verdict::welcome);
  EXPECT_EQ(guarded.judge(bringing("bearer  let me in ")), Verdict::welcome);
  EXPECT_EQ(guarded.judge(bringing("Basic YW55Ym9keTpsZXQgbWUgaW4=")), Verdict::welcome);
  EXPECT_EQ(guarded.judge(bringing("basic OmxldCBtZSBpbg==")), Verdict::welcome);
}

TEST_F(AdmissionTest, AsksEverybodyElseToLogIn) {
  EXPECT_EQ(guarded.judge(Request()), Verdict::log_in);
  for (const char* wrong : {"", "Bearer", "Bearer ", "Bearer let me i", "Bearer let me inn", "Bearer LET ME IN",
                            "Basic", "Basic ", "Basic let me in", "Basic bGV0IG1lIGlu", "Basic ====", "Basic =",
                            "Basic YW55Ym9keTo=", "Basic !!!!", "Digest let me in", "Bearer let me in, Bearer x"})
    EXPECT_EQ(guarded.judge(bringing(wrong)), Verdict::log_in) << wrong;
  EXPECT_EQ(guarded.judge(bringing("Bearer " + std::string(100'000, 'x'))), Verdict::log_in);
}

TEST_F(AdmissionTest, FollowsAFileThatChanges) {
  ASSERT_EQ(guarded.judge(bringing("Bearer let me in")), Verdict::welcome);
  write("another one");
  EXPECT_EQ(guarded.judge(bringing("Bearer let me in")), Verdict::log_in);
  EXPECT_EQ(guarded.judge(bringing("Bearer another one")), Verdict::welcome);
}

TEST_F(AdmissionTest, LetsNobodyInWhereTheFileSaysNothing) {
  for (const char* nothing : {"", "\n \n", "one\ntwo\n"}) {
    write(nothing);
    EXPECT_EQ(guarded.judge(bringing("Bearer ")), Verdict::unknown) << nothing;
    EXPECT_NE(guarded.why_unknown().find("--status-token-file"), std::string::npos);
  }
  std::filesystem::remove(file);
  EXPECT_EQ(guarded.judge(bringing("Bearer let me in")), Verdict::unknown);
  EXPECT_EQ(guarded.judge(from_here()), Verdict::welcome);
}

}  // namespace
}  // namespace worker::http
