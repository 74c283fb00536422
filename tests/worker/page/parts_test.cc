#include <optional>

#include <gtest/gtest.h>

#include "tests/support/run.h"
#include "worker/http/status_page/broadcast.h"
#include "worker/http/status_page/page.h"
#include "worker/http/status_page/pulse.h"
#include "worker/http/status_page/query.h"

namespace worker::http {
namespace {

using namespace std::chrono_literals;

TEST(Query, FindsAParameterAndDecodesIt) {
  EXPECT_EQ(parameter_of("state=failed&limit=5", "limit"), "5");
  EXPECT_EQ(parameter_of("n%61me=a+b%2Fc%C3%A4&name=second", "name"), "a b/c\xc3\xa4");
  EXPECT_EQ(parameter_of("name", "name"), "");
  EXPECT_EQ(parameter_of("name=", "name"), "");
}

TEST(Query, FindsNothingThatIsNotThereOrIsWronglyEscaped) {
  for (const char* query : {"", "names=a", "&&", "=a", "name=%", "name=%4", "name=%zz", "name=%+4", "%6=a"})
    EXPECT_EQ(parameter_of(query, "name"), std::nullopt) << query;
}

class BroadcastTest : public ::testing::Test {
 protected:
  Broadcast::Place::Heard hear(Broadcast::Place& place, std::chrono::milliseconds longest = 0ms) {
    return test::run(io, place.hear(longest));
  }
  boost::asio::io_context io;
  Broadcast broadcast{io.get_executor()};
};

TEST_F(BroadcastTest, TellsEachListenerAllSinceItCame) {
  broadcast.say("a");
  Broadcast::Place early(broadcast);
  broadcast.say("b");
  Broadcast::Place late(broadcast);
  broadcast.say("c");
  EXPECT_EQ(hear(early).text, "bc");
  EXPECT_EQ(hear(late).text, "c");
  EXPECT_EQ(hear(early).text, "");
}

TEST_F(BroadcastTest, WakesThoseWhoWait) {
  Broadcast::Place place(broadcast);
  boost::asio::basic_waitable_timer<fhir::Clock, boost::asio::wait_traits<fhir::Clock>, fhir::Executor> soon(
      io.get_executor(), 5ms);
  soon.async_wait([&](boost::system::error_code) { broadcast.say("now"); });
  EXPECT_EQ(hear(place, 60s).text, "now");
}

TEST_F(BroadcastTest, TellsASlowListenerThatItMissedSomethingAndKeepsNoMoreForIt) {
  Broadcast::Place place(broadcast);
  for (int i = 0; i < 1000; ++i) broadcast.say("x");
  const auto heard = hear(place);
  EXPECT_TRUE(heard.missed);
  EXPECT_LT(heard.text.size(), 100U);
  broadcast.say("y");
  const auto next = hear(place);
  EXPECT_FALSE(next.missed);
  EXPECT_EQ(next.text, "y");
}

TEST(Pulse, TellsTheRateOfTheLastSecondAndTheLastFiveMinutes) {
  Pulse pulse;
  fhir::Clock::time_point now;
  pulse.beat({.resources = 1000, .in_flight = 1, .limit = 16, .quota_left = {}}, now);
  EXPECT_EQ(pulse.rate(), 0) << "what was done before it looked says nothing of now";
  pulse.beat({.resources = 1100, .in_flight = 7, .limit = 16, .quota_left = {}}, now += 2s);
  EXPECT_EQ(pulse.rate(), 50);
  EXPECT_EQ(pulse.history(), R"({"rate":[0.0,50.0],"inFlight":[1,7],"limit":[16,16]})");
  for (int i = 0; i < 1000; ++i) pulse.beat({.resources = 1100, .quota_left = {}}, now += 1s);
  EXPECT_EQ(pulse.rate(), 0);
  const std::string history = pulse.history();
  EXPECT_EQ(std::ranges::count(history, ','), 3 * 300 - 3 + 2);
}

TEST(ContentSecurityPolicy, AllowsThePagesOwnScriptAndStyleAndNothingElse) {
  // printf 1 | openssl dgst -sha256 -binary | base64
  const std::string policy = content_security_policy("<style>2</style><script>1</script>");
  EXPECT_NE(policy.find("script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=';"), std::string::npos)
      << policy;
  EXPECT_NE(policy.find("style-src 'sha256-1HNeOiZeFu7gP1lxi5tdAwGcB9i2xR+Q2jpmbuwTqzU=';"), std::string::npos)
      << policy;
  EXPECT_TRUE(policy.starts_with("default-src 'none';"));
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
}

TEST(ThePage, IsOneFileThatAsksNobodyElse) {
  EXPECT_TRUE(page_html.starts_with("<!doctype html>"));
  EXPECT_TRUE(page_html.ends_with("</html>\n"));
  for (const char* outside : {"https://", "src=", "@import", "url(", "innerHTML", "outerHTML", "insertAdjacentHTML",
                              "document.write", "eval(", " style=", " onclick="})
    EXPECT_EQ(page_html.find(outside), std::string_view::npos) << outside;
}

}  // namespace
}  // namespace worker::http
