#include "worker/http/status_page/latest_news.h"

#include <gtest/gtest.h>

namespace worker::http {
namespace {

const std::string running =
    R"({"id":"17-0","target":"Patient/1","state":"running","phase":"sweep","pass":1,"resourcesUpdated":12345678901,)"
    R"("resourcesWritten":3,"resourcesTotal":100})";

JobNews news(const std::string& id, std::uint64_t updated = 0) {
  JobNews one;
  one.id = id;
  one.counts.updated = updated;
  return one;
}

TEST(JobNews, IsWhatAMessageOfTheQueueSays) {
  const auto read = job_news(running);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, "17-0");
  EXPECT_EQ(read->target, "Patient/1");
  EXPECT_EQ(read->state, queue::JobState::running);
  EXPECT_EQ(read->phase, "sweep");
  EXPECT_EQ(read->counts.updated, 12345678901U);
  EXPECT_EQ(read->counts.total, 100U);
}

TEST(JobNews, IsNothingElseThatSomebodyPublishes) {
  for (const char* message :
       {"", "{}", "[]", "null", "17", "{", R"({"id":"17-0"})", R"({"id":"17-0","state":"dancing"})",
        R"({"id":"<b>","state":"running"})", R"({"id":"","state":"running"})", R"({"id":17,"state":"running"})",
        R"({"id":"17-0","state":"running","resourcesTotal":-1})", R"({"id":"17-0","state":"running","pass":1e300})",
        R"({"id":"17-0","state":"running","more":{}})", R"({"id":"17-0","state":"running"} x)",
        "{\"id\":\"17-0\",\"state\":\"running\",\"target\":\"\xff\"}"})
    EXPECT_FALSE(job_news(message)) << message;
  EXPECT_FALSE(job_news(R"({"id":"17-0","state":"running","target":")" + std::string(5000, 'x') + "\"}"));
}

TEST(LatestNews, IsTheNewestWordOnEachJob) {
  LatestNews latest(10);
  latest.add(news("1-0", 5));
  latest.add(news("2-0", 6));
  latest.add(news("1-0", 7));
  const std::string json = latest.take();
  EXPECT_EQ(json.find("\"resourcesUpdated\":5"), std::string::npos) << json;
  EXPECT_LT(json.find("2-0"), json.find("1-0")) << json;
  EXPECT_TRUE(json.ends_with("\"leftOut\":0}")) << json;
  EXPECT_TRUE(latest.empty());
  EXPECT_EQ(latest.take(), R"({"jobs":[],"leftOut":0})");
}

TEST(LatestNews, KeepsOnlyTheLastOfVeryMany) {
  LatestNews latest(3);
  for (int i = 0; i < 2000; ++i) latest.add(news(std::to_string(i) + "-0"));
  const std::string json = latest.take();
  EXPECT_NE(json.find("\"1997-0\""), std::string::npos);
  EXPECT_EQ(json.find("\"1996-0\""), std::string::npos);
  EXPECT_TRUE(json.ends_with("\"leftOut\":1997}")) << json;
}

TEST(LatestNews, CanBreakOutOfNoEvent) {
  LatestNews latest(3);
  auto message = job_news(R"({"id":"1-0","state":"failed","target":"a\n\ndata: b\u2028</script>"})");
  ASSERT_TRUE(message);
  latest.add(std::move(*message));
  EXPECT_EQ(latest.take().find('\n'), std::string::npos);
}

}  // namespace
}  // namespace worker::http
