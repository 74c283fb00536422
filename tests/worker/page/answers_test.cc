#include <filesystem>
#include <fstream>
#include <optional>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "queue/moves.h"
#include "queue/producer.h"
#include "sandbox/json.h"
#include "tests/support/redis_server.h"
#include "tests/support/run.h"
#include "worker/http/status_page/status_page.h"
#include "worker/readiness.h"

namespace worker::http {
namespace {

using namespace std::chrono_literals;
using sandbox::Json;
using test::RedisServer;

RedisServer& shared_redis() {
  static RedisServer server({"--appendonly", "no"});
  return server;
}

/// Somebody who listens to a stream of events, until he goes.
class Listening : EventSink {
 public:
  Listening(boost::asio::io_context& io, const Response& response) : io_(io), events_(response.events) {
    boost::asio::co_spawn(
        io.get_executor(), events_(*this),
        boost::asio::bind_cancellation_slot(gone_.slot(), [this](const std::exception_ptr&) { over_ = true; }));
  }
  ~Listening() override {
    gone_.emit(boost::asio::cancellation_type::terminal);
    EXPECT_TRUE(until([this] { return over_; }));
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  bool until(const std::function<bool()>& holds) {
    const auto end = fhir::Clock::now() + 30s;
    while (!holds() && fhir::Clock::now() < end) {
      io_.restart();
      io_.run_for(5ms);
    }
    return holds();
  }
  bool has(const std::string& text) const { return all.find(text) != std::string::npos; }
  bool until_has(const std::string& text) {
    return until([&] { return has(text); });
  }

  std::string all;

 private:
  Awaitable<void> send(std::string text) override {
    all += text;
    co_return;
  }

  boost::asio::io_context& io_;
  std::function<Awaitable<void>(EventSink&)> events_;
  boost::asio::cancellation_signal gone_;
  bool over_ = false;
};

/// The page's answers, on a real Redis, without a connection to whoever asks.
class StatusPageTest : public ::testing::Test {
 protected:
  StatusPageTest() {
    test::run(io, redis.execute({"FLUSHALL"}));
    readiness.note(Readiness::Part::redis, "");
    readiness.note(Readiness::Part::fhir, "");
    run_page();
  }
  ~StatusPageTest() override { stop_page(); }
  StatusPageTest(const StatusPageTest&) = delete;
  StatusPageTest& operator=(const StatusPageTest&) = delete;

  void run_page() {
    over = false;
    boost::asio::co_spawn(
        io.get_executor(), page->run(),
        boost::asio::bind_cancellation_slot(signal.slot(), [this](const std::exception_ptr&) { over = true; }));
  }
  void stop_page() {
    signal.emit(boost::asio::cancellation_type::terminal);
    EXPECT_TRUE(until([this] { return over; }));
  }

  static config::Redis redis_settings() {
    config::Redis settings;
    settings.url = shared_redis().url();
    settings.queue = "q";
    return settings;
  }
  StatusPage::Options options() {
    StatusPage::Options made;
    made.redis = redis_settings();
    made.worker_id = "w-1";
    made.live.streams = 2;
    made.live.without_audience = 50ms;
    return made;
  }
  bool until(const std::function<bool()>& holds) {
    const auto end = fhir::Clock::now() + 30s;
    while (!holds() && fhir::Clock::now() < end) {
      io.restart();
      io.run_for(5ms);
    }
    return holds();
  }

  static Request request(std::vector<std::string> path, std::string query = {}) {
    Request asked;
    asked.method = "GET";
    asked.path = std::move(path);
    asked.query = std::move(query);
    asked.from_here = true;
    return asked;
  }
  Response answer(Request asked) { return test::run(io, page->answer(std::move(asked))); }
  Response get(std::vector<std::string> path, std::string query = {}) {
    return answer(request(std::move(path), std::move(query)));
  }
  Json json(std::vector<std::string> path, std::string query = {}) {
    const auto response = get(std::move(path), std::move(query));
    EXPECT_EQ(response.status, 200U) << response.body;
    EXPECT_EQ(response.content_type, "application/json");
    return sandbox::parsed(response.body);
  }

  std::string add(const queue::InboxEntry& entry) {
    const auto id = test::run(io, producer.enqueue({entry})).at(0);
    test::run(io, moves.take_in());
    return id;
  }
  queue::Job claimed() { return *test::run(io, moves.claim(std::to_string(++tokens))).job; }
  void end(const queue::Job& job, queue::Verdict::Kind kind, const std::string& error = {}) {
    queue::Verdict verdict;
    verdict.kind = kind;
    verdict.error = error;
    verdict.progress.counts.updated = 7;
    verdict.progress.failures = failures;
    test::run(io, moves.settle(job, verdict));
  }

  boost::asio::io_context io;
  queue::RedisClient redis{io.get_executor(), redis_settings(), {}};
  queue::Moves moves{redis, [] {
                       queue::RedisJobQueue::Options made;
                       made.name = "q";
                       made.worker_id = "w-1";
                       return made;
                     }()};
  queue::Producer producer{redis, "q"};
  Readiness readiness;
  Gauges gauges{.running = 1, .slots = 8, .resources = 0, .in_flight = 3, .limit = 16, .quota_left = 4242};
  std::optional<StatusPage> page{std::in_place, io.get_executor(),         redis,
                                 readiness,     [this] { return gauges; }, options()};
  boost::asio::cancellation_signal signal;
  bool over = false;
  int tokens = 0;
  std::vector<std::string> failures;
};

TEST_F(StatusPageTest, ServesThePageUnderAStrictPolicy) {
  const auto response = get({});
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_TRUE(
      joined(response.fields, "Content-Security-Policy").starts_with("default-src 'none'; script-src 'sha256-"));
}

TEST_F(StatusPageTest, SendsItsGuardsWithEveryAnswer) {
  Request stranger = request({});
  stranger.from_here = false;
  for (const auto& response :
       {get({}), get({"status", "jobs"}), get({"status", "nothing"}), answer(stranger), get({"status", "events"})}) {
    EXPECT_EQ(joined(response.fields, "X-Frame-Options"), "DENY") << response.status;
    EXPECT_EQ(joined(response.fields, "Referrer-Policy"), "no-referrer");
    EXPECT_EQ(joined(response.fields, "Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(joined(response.fields, "Cross-Origin-Resource-Policy"), "same-origin");
  }
}

TEST_F(StatusPageTest, IsNotThereForStrangersAndSaysNothingToThem) {
  add({{"target", "Patient/secret"}, {"accounts", ""}});
  for (const auto& path : std::vector<std::vector<std::string>>{{}, {"status", "jobs"}, {"status", "events"}, {"x"}}) {
    Request stranger = request(path);
    stranger.from_here = false;
    stranger.fields = {{"Authorization", "Bearer x"}};
    const auto response = answer(stranger);
    EXPECT_EQ(response.status, 404U);
    EXPECT_EQ(response.body, R"({"error":"not found"})");
    EXPECT_FALSE(response.events);
  }
}

TEST_F(StatusPageTest, AsksABrowserForTheToken) {
  test::TempFolder folder;
  const auto file = folder.path() / "token";
  std::ofstream(file) << "t0ken\n";
  auto with_token = options();
  with_token.token_file = file;
  StatusPage guarded(io.get_executor(), redis, readiness, [this] { return gauges; }, with_token);
  Request stranger = request({"status", "jobs"});
  stranger.from_here = false;
  auto response = test::run(io, guarded.answer(stranger));
  EXPECT_EQ(response.status, 401U);
  EXPECT_EQ(joined(response.fields, "WWW-Authenticate"), R"(Basic realm="set-accounts", charset="UTF-8")");
  stranger.fields = {{"Authorization", "Bearer t0ken"}};
  EXPECT_EQ(test::run(io, guarded.answer(stranger)).status, 200U);
  std::filesystem::remove(file);
  response = test::run(io, guarded.answer(stranger));
  EXPECT_EQ(response.status, 503U);
  EXPECT_EQ(response.body.find(file.string()), std::string::npos);
}

TEST_F(StatusPageTest, IsReadOnly) {
  Request post = request({});
  post.method = "POST";
  const auto response = answer(post);
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(joined(response.fields, "Allow"), "GET, HEAD");
}

TEST_F(StatusPageTest, KnowsNoOtherPaths) {
  for (const auto& path : std::vector<std::vector<std::string>>{
           {"status"}, {"status", "job"}, {"status", "jobs", "1-0", "x"}, {"status", "x", "y"}, {"status", "batches"}})
    EXPECT_EQ(get(path).status, 404U);
}

TEST_F(StatusPageTest, TellsOfTheQueueAndThisWorker) {
  add({{"target", "Patient/1"}, {"accounts", ""}});
  claimed();
  add({{"target", "Patient/2"}, {"accounts", ""}});
  const auto overview = json({"status", "overview"});
  EXPECT_EQ(overview["queueName"], "q");
  EXPECT_EQ(overview["workerId"], "w-1");
  EXPECT_EQ(overview["queue"]["counts"]["running"], 1);
  EXPECT_EQ(overview["queue"]["counts"]["queued"], 1);
  EXPECT_EQ(overview["queue"]["counts"]["failed"], 0);
  EXPECT_FALSE(overview["queue"]["paused"].GetBool());
  EXPECT_EQ(overview["worker"]["limit"], 16);
  EXPECT_EQ(overview["worker"]["quotaLeft"], 4242);
  EXPECT_TRUE(overview["worker"]["ready"].GetBool());
  EXPECT_TRUE(overview["history"]["rate"].IsArray());
}

TEST_F(StatusPageTest, TakesACountThatSomebodySpoiltForNone) {
  test::run(io, redis.execute({"HSET", "{q}:stats", "queued", "many", "failed", "-3", "running", "2"}));
  const auto overview = json({"status", "overview"});
  EXPECT_EQ(overview["queue"]["counts"]["queued"], 0);
  EXPECT_EQ(overview["queue"]["counts"]["failed"], 0);
  EXPECT_EQ(overview["queue"]["counts"]["running"], 2);
}

TEST_F(StatusPageTest, ListsJobsByStateInShort) {
  const auto id = add({{"target", "Patient/1"}, {"accounts", ""}, {"batch", "b"}, {"note", std::string(9000, 'x')}});
  end(claimed(), queue::Verdict::Kind::failed, std::string(9000, 'e'));
  add({{"target", "Patient/2"}, {"accounts", ""}});
  const auto failed = json({"status", "jobs"}, "state=failed&limit=5");
  ASSERT_EQ(failed["jobs"].Size(), 1U);
  EXPECT_EQ(failed["jobs"][0]["id"], id.c_str());
  EXPECT_EQ(failed["jobs"][0]["batch"], "b");
  EXPECT_EQ(failed["jobs"][0]["resourcesUpdated"], 7);
  EXPECT_LT(failed["jobs"][0]["error"].GetStringLength(), 400U);
  EXPECT_FALSE(failed["jobs"][0].HasMember("note"));
  EXPECT_EQ(json({"status", "jobs"})["jobs"].Size(), 2U);
  for (const char* wrong : {"state=dancing", "limit=0", "limit=501", "limit=x", "limit=-1", "limit=5x", "limit="})
    EXPECT_EQ(get({"status", "jobs"}, wrong).status, 400U) << wrong;
}

TEST_F(StatusPageTest, ShowsAJobWithItsFailures) {
  failures = {R"({"reference":"Observation/1","status":"422","diagnostics":"no"})"};
  const auto id = add({{"target", "Patient/1"}, {"accounts", "Organization/a"}, {"note", "\xff<b>"}});
  end(claimed(), queue::Verdict::Kind::failed, "one resource failed");
  const auto job = json({"status", "jobs", id});
  EXPECT_EQ(job["state"], "failed");
  EXPECT_EQ(job["error"], "one resource failed");
  EXPECT_EQ(job["note"], "\xef\xbf\xbd<b>");
  EXPECT_EQ(job["failures"][0]["reference"], "Observation/1");
}

TEST_F(StatusPageTest, ShowsAJobInTheInboxAndNoneThatNeverWas) {
  const auto id = test::run(io, producer.enqueue({{{"target", "Patient/1"}, {"accounts", ""}}})).at(0);
  EXPECT_EQ(json({"status", "jobs", id})["state"], "inbox");
  for (const char* unknown : {"1-1", "no such", "%", "<b>"}) EXPECT_EQ(get({"status", "jobs", unknown}).status, 404U);
}

TEST_F(StatusPageTest, SumsABatchWhateverItsName) {
  const std::string name = "a/b \xc3\xa4";
  add({{"target", "Patient/1"}, {"accounts", ""}, {"batch", name}});
  end(claimed(), queue::Verdict::Kind::completed);
  EXPECT_EQ(json({"status", "batches", name})["completed"], 1);
  const auto batch = json({"status", "batches"}, "name=a%2Fb+%C3%A4");
  EXPECT_EQ(batch["jobs"], 1);
  EXPECT_EQ(batch["resourcesUpdated"], 7);
  EXPECT_EQ(get({"status", "batches", "none"}).status, 404U);
}

TEST_F(StatusPageTest, StreamsWhatChangesToWhoeverLooks) {
  const auto response = get({"status", "events"});
  EXPECT_EQ(response.content_type, "text/event-stream");
  Listening listening(io, response);
  ASSERT_TRUE(listening.until_has("\"noEvents\":\"\"") && listening.until_has("event: queue"));
  EXPECT_TRUE(listening.all.starts_with("retry: 2000\n\nevent: resync\n")) << listening.all;
  const auto id = add({{"target", "Patient/1"}, {"accounts", ""}});
  ASSERT_TRUE(listening.until_has("event: jobs\ndata: {\"jobs\":[{\"id\":\"" + id + "\",\"state\":\"queued\""));
  test::run(io, redis.execute({"PUBLISH", "{q}:events", "data: <b>\n\nevent: resync\n\n"}));
  claimed();
  EXPECT_TRUE(listening.until_has("\"state\":\"running\""));
  EXPECT_FALSE(listening.has("<b>"));
}

TEST_F(StatusPageTest, SendsNoMoreThanFourJobEventsASecondHoweverMuchHappens) {
  Listening listening(io, get({"status", "events"}));
  ASSERT_TRUE(listening.until_has("\"noEvents\":\"\""));
  const auto began = fhir::Clock::now();
  test::run(io, redis.execute({"EVAL",
                               "for i = 1, 5000 do redis.call('PUBLISH', '{q}:events', '{\"id\":\"' .. i .. "
                               "'-0\",\"state\":\"queued\"}') end return 1",
                               "1", "{q}"}));
  ASSERT_TRUE(listening.until_has("\"5000-0\""));
  std::size_t events = 0;
  for (auto at = listening.all.find("event: jobs"); at != std::string::npos;
       at = listening.all.find("event: jobs", at + 1))
    ++events;
  EXPECT_LE(events, 2 + static_cast<std::size_t>((fhir::Clock::now() - began) / 250ms));
  EXPECT_LT(listening.all.size(), 300'000U);
  EXPECT_TRUE(listening.has("\"leftOut\":"));
}

TEST_F(StatusPageTest, IsSubscribedOnlyWhileSomebodyLooks) {
  const auto subscribers = [&] {
    return test::run(io, redis.execute({"PUBSUB", "NUMSUB", "{q}:events"})).items.at(1).number;
  };
  EXPECT_EQ(subscribers(), 0);
  for (int times = 0; times < 2; ++times) {
    {
      Listening first(io, get({"status", "events"}));
      Listening second(io, get({"status", "events"}));
      EXPECT_TRUE(until([&] { return subscribers() == 1; }));
    }
    EXPECT_TRUE(until([&] { return subscribers() == 0; }));
  }
}

TEST_F(StatusPageTest, SaysWhyNoEventsComeToAUserWhoMayNotSubscribeAndGoesOn) {
  test::run(io, redis.execute({"ACL", "SETUSER", "deaf", "on", ">x", "~*", "+@all", "resetchannels"}));
  auto deaf = options();
  deaf.redis.url = "unix://deaf:x@" + shared_redis().socket().string();
  stop_page();
  page.emplace(io.get_executor(), redis, readiness, [this] { return gauges; }, deaf);
  run_page();
  Listening listening(io, get({"status", "events"}));
  EXPECT_TRUE(listening.until_has("\"noEvents\":\"Redis refuses SUBSCRIBE {q}:events: NOPERM"));
  EXPECT_TRUE(listening.until_has("event: queue\ndata: {\"counts\""));
}

TEST_F(StatusPageTest, HasRoomForSoManyStreamsAndAgainWhenOneIsGone) {
  auto first = get({"status", "events"});
  const auto second = get({"status", "events"});
  ASSERT_TRUE(second.events);
  auto refused = get({"status", "events"});
  EXPECT_EQ(refused.status, 503U);
  EXPECT_FALSE(refused.events);
  first = Response();
  EXPECT_TRUE(get({"status", "events"}).events);
}

TEST_F(StatusPageTest, SaysWhatItCanWithoutRedis) {
  shared_redis().stop();
  const auto overview = json({"status", "overview"});
  const auto list = get({"status", "jobs"});
  shared_redis().go_on();
  EXPECT_TRUE(overview["queue"].HasMember("redis"));
  EXPECT_EQ(overview["worker"]["limit"], 16);
  EXPECT_EQ(list.status, 503U);
  EXPECT_NE(list.body.find("Redis"), std::string::npos);
}

}  // namespace
}  // namespace worker::http
