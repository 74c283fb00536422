#include <gtest/gtest.h>

#include "fhir/guarded.h"
#include "fhir/time_limit.h"
#include "tests/support/run.h"
#include "worker/concurrency.h"
#include "worker/http/front_door/async_job.h"
#include "worker/http/front_door/base_address.h"
#include "worker/http/front_door/headers.h"
#include "worker/http/front_door/order.h"
#include "worker/http/front_door/questions.h"
#include "worker/http/front_door/route.h"

namespace worker::http::front_door {
namespace {

using namespace std::chrono_literals;
using fhir::Clock;

Said answered(unsigned status) {
  Said said;
  said.status = status;
  return said;
}

TEST(Preferences, AreFoundAmongOthers) {
  for (const char* prefer : {"respond-async", "RESPOND-ASYNC", "wait=5, respond-async", "respond-async;x=1",
                             " respond-async ", "a=\"b, c\",respond-async"})
    EXPECT_TRUE(prefers_async(prefer)) << prefer;
  for (const char* prefer : {"", "respond-asyncs", "x=respond-async", "a=\"b, respond-async\"", "return=minimal", ",,"})
    EXPECT_FALSE(prefers_async(prefer)) << prefer;
}

TEST(ContentTypes, AreFhirsJsonOrPlainJsonInUtf8) {
  for (const char* type : {"application/fhir+json", "application/json", "Application/JSON ; charset=\"UTF-8\"",
                           "application/fhir+json; fhirVersion=4.0; charset=utf-8"})
    EXPECT_TRUE(is_json(type)) << type;
  for (const char* type : {"", "text/json", "application/json; charset=utf-16", "application/jsonx"})
    EXPECT_FALSE(is_json(type)) << type;
}

TEST(Authorizations, AreOneCleanToken) {
  for (const std::string text : {"Bearer abc", "bearer a.b-c_d~e+f/g==", "Basic YTpi"})
    EXPECT_TRUE(is_authorization(text)) << text;
  for (const std::string& text : {std::string(), std::string("Bearer"), std::string("Bearer a b"),
                                  std::string("Bearer a\tb"), std::string("Bearer \xc3\xa4"), std::string("Bearer a\r"),
                                  "Bearer " + std::string(9000, 'a'), std::string("Negotiate a")})
    EXPECT_FALSE(is_authorization(text)) << text.substr(0, 20);
}

TEST(Routes, AreThoseOfMedplum) {
  EXPECT_EQ(route_of({"fhir", "R4", "Observation", "a.b-1", "$set-accounts"}),
            (Route{Operation::set_accounts, "Observation", "a.b-1"}));
  EXPECT_EQ(route_of({"fhir", "R4", "job", "17-0", "status"}), (Route{Operation::job_status, "", "17-0"}));
  EXPECT_EQ(route_of({"fhir", "R4", "AsyncJob", "17-0", "$cancel"}), (Route{Operation::cancel, "", "17-0"}));
  using Path = std::vector<std::string>;
  for (const Path& path : {Path{}, Path{"fhir"}, Path{"fhir", "R4"}, Path{"fhir", "R4", "job"},
                           Path{"fhir", "R4", "job", "a b", "status"}, Path{"fhir", "R5", "metadata"},
                           Path{"oauth2", "token", "x"}, Path{"fhir", "R4", "Patient", "p", "$set-accounts", "x"}})
    EXPECT_EQ(route_of(path).operation, Operation::none);
  EXPECT_TRUE(may_be_asked(Operation::job_status, "DELETE"));
  EXPECT_FALSE(may_be_asked(Operation::job_status, "DEL"));
  EXPECT_FALSE(may_be_asked(Operation::none, ""));
}

TEST(AsyncStatus, IsNeverAWordThatClientsDoNotKnow) {
  using queue::JobState;
  const std::map<JobState, std::string> words{{JobState::queued, "accepted"}, {JobState::scheduled, "accepted"},
                                              {JobState::running, "active"},  {JobState::completed, "completed"},
                                              {JobState::failed, "error"},    {JobState::cancelled, "cancelled"}};
  for (const auto& [state, word] : words) EXPECT_EQ(async_status(state), word);
}

TEST(AsyncJob, ShowsNoOutputThatIsNoParameters) {
  queue::Record record{.id = "1-1", .fields = {{"state", "completed"}, {"target", "Patient/p"}}};
  for (const char* output : {"", "{", R"({"resourceType":"Patient"})", "[1"}) {
    record.fields["output"] = output;
    EXPECT_EQ(output_json(record), R"({"resourceType":"Parameters"})");
  }
}

TEST(BaseAddress, IsWhatClientsReachUsBy) {
  Request request;
  request.fields = {{"Host", "jobs.example.org:8089"}};
  config::Http settings;
  BaseAddress address(settings);
  address.listens_at("127.0.0.1:40001");
  EXPECT_EQ(address.seen_by(request), "http://127.0.0.1:40001");
  address.listens_at("0.0.0.0:40001");
  EXPECT_EQ(address.seen_by(request), "http://jobs.example.org:8089");
  settings.tls_cert_file = "cert.pem";
  EXPECT_EQ(BaseAddress(settings).seen_by(request), "https://127.0.0.1:8089");
  settings.public_url = "https://example.org/x//";
  EXPECT_EQ(BaseAddress(settings).seen_by(request), "https://example.org/x");
}

TEST(RecentAnswers, AreGoodForAShortTimeAndNoLongerThanTheyWere) {
  RecentAnswers answers;
  const Clock::time_point start{};
  answers.keep("yes", answered(200), start);
  answers.keep("no", answered(403), start);
  answers.keep("trouble", answered(429), start);
  EXPECT_NE(answers.find("yes", start + 29s), nullptr);
  EXPECT_EQ(answers.find("yes", start + 30s), nullptr);
  EXPECT_EQ(answers.find("no", start + 5s), nullptr);
  EXPECT_EQ(answers.find("trouble", start + 1s), nullptr);
  EXPECT_EQ(answers.find("else", start), nullptr);
}

TEST(RecentAnswers, AreSoManyAndNoMore) {
  RecentAnswers answers;
  const Clock::time_point now{};
  answers.keep("first", answered(200), now);
  for (std::size_t i = 0; i < RecentAnswers::most - 1; ++i) answers.keep(std::to_string(i), answered(200), now);
  EXPECT_NE(answers.find("first", now), nullptr);
  answers.keep("one too many", answered(200), now);
  EXPECT_EQ(answers.find("first", now), nullptr);
  for (int i = 0; i < 20'000; ++i) answers.keep("one too many", answered(200), now);
  EXPECT_NE(answers.find("one too many", now), nullptr);
  EXPECT_LE(answers.size(), RecentAnswers::most);
}

/// Questions that take a moment, counted.
class QuestionsTest : public ::testing::Test {
 protected:
  Awaitable<Said> said_later() {
    ++asked;
    const auto executor = co_await boost::asio::this_coro::executor;
    fhir::Timer timer(executor, 20ms);
    co_await timer.async_wait(fhir::use_awaitable);
    co_return answered(200);
  }
  Awaitable<void> ask() {
    const auto said = co_await questions.answer("key", [this] { return said_later(); });
    heard += said.status == 200 ? 1 : 0;
  }
  Awaitable<void> ask_and_leave() {
    try {
      co_await fhir::guarded(ask(), fhir::time_limit(5ms));
    } catch (const fhir::TimeIsUp&) {
      left = true;
    }
  }

  boost::asio::io_context io{1};
  Questions questions;
  int asked = 0;
  int heard = 0;
  bool left = false;
};

TEST_F(QuestionsTest, AreAskedOnceForAllWhoWantToKnow) {
  std::vector<Awaitable<void>> works;
  for (int i = 0; i < 10; ++i) works.push_back(ask());
  test::run(io, all_of(std::move(works)));
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(heard, 10);
}

TEST_F(QuestionsTest, AreAskedByTheNextWhenTheFirstIsGone) {
  std::vector<Awaitable<void>> works;
  works.push_back(ask_and_leave());
  for (int i = 0; i < 3; ++i) works.push_back(ask());
  test::run(io, all_of(std::move(works)));
  EXPECT_TRUE(left);
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(heard, 3);
}

TEST(Fingerprints, TellCallersWishesAndTargetsApart) {
  const Order order{"Patient/p", {{fhir::account("Organization/a")}, true}, "X/1", "", ""};
  Order same = order;
  same.traceparent = "00-";
  EXPECT_EQ(fingerprint_of(same), fingerprint_of(order));
  for (const auto& change : std::vector<void (*)(Order&)>{
           [](Order& o) { o.target = "Patient/q"; }, [](Order& o) { o.wish.propagate = false; },
           [](Order& o) { o.wish.accounts.clear(); }, [](Order& o) { o.requested_by = "X/2"; },
           [](Order& o) { o.on_behalf_of = "X/2"; }}) {
    Order other = order;
    change(other);
    EXPECT_NE(fingerprint_of(other), fingerprint_of(order));
  }
}

}  // namespace
}  // namespace worker::http::front_door
