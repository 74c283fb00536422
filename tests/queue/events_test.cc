#include <sstream>

#include <rapidjson/reader.h>

#include "tests/queue/queue_fixture.h"
#include "tests/support/child_process.h"

namespace test {
namespace {

using queue::Verdict;

using Message = std::map<std::string, std::string>;

/// Reads a flat JSON object.
struct FlatObject : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, FlatObject> {
  bool Key(const char* text, rapidjson::SizeType length, bool /*copy*/) {
    name.assign(text, length);
    return true;
  }
  bool String(const char* text, rapidjson::SizeType length, bool /*copy*/) {
    message[name].assign(text, length);
    return true;
  }
  bool RawNumber(const char* text, rapidjson::SizeType length, bool copy) { return String(text, length, copy); }
  std::string name;
  Message message;
};

Message parsed(const std::string& line) {
  FlatObject object;
  rapidjson::Reader reader;
  rapidjson::StringStream text(line.c_str());
  constexpr unsigned flags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag;
  const bool read = static_cast<bool>(reader.Parse<flags>(text, object));
  EXPECT_TRUE(read) << line;
  return object.message;
}

/// What any subscriber of {Q}:events hears.
class EventsTest : public QueueTest {
 protected:
  EventsTest() { subscriber_.wait_for_output("{q}:events\n1"); }

  /// All messages since the test began.
  std::vector<Message> heard() {
    redis({"PUBLISH", "{q}:events", "that is all"});
    EXPECT_TRUE(subscriber_.wait_for_output("that is all"));
    std::istringstream lines(subscriber_.out());
    std::vector<Message> messages;
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("{\"")) messages.push_back(parsed(line));
    return messages;
  }

 private:
  ChildProcess subscriber_{{"redis-cli", "-s", shared_redis().socket().string(), "SUBSCRIBE", "{q}:events"}};
};

TEST_F(EventsTest, TellEachChangeOfStateAndProgress) {
  const auto id = add("Patient/1");
  const auto job = claimed();
  queue::Progress progress;
  progress.phase = queue::Phase::sweep;
  progress.pass = 1;
  progress.counts.updated = 12345678901;
  await(moves.renew(job, progress));
  await(moves.renew(job, progress));
  settle(job, Verdict::Kind::again);
  let_delay_end(id);
  await(moves.promote());
  claimed();
  let_lease_end(id);
  sweep();
  command("cancel", id);
  command("retry", id);

  const auto messages = heard();
  std::vector<std::string> states;
  for (const auto& message : messages) {
    EXPECT_EQ(message.at("id"), id);
    EXPECT_EQ(message.at("target"), "Patient/1");
    states.push_back(message.at("state"));
  }
  EXPECT_EQ(states, (std::vector<std::string>{"queued", "running", "running", "scheduled", "queued", "running",
                                              "queued", "cancelled", "queued"}))
      << "a renewal without news is none";
  EXPECT_EQ(messages[2].at("phase"), "sweep");
  EXPECT_EQ(messages[2].at("resourcesUpdated"), "12345678901");
}

TEST_F(EventsTest, TellOfEntriesThatAreNoJobs) {
  add_entry({{"target", "\xff\"nonsense"}});
  const auto messages = heard();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].at("state"), "failed");
  EXPECT_FALSE(messages[0].contains("target"));
}

TEST_F(EventsTest, AreNotWorthAMove) {
  redis({"ACL", "SETUSER", "mute", "on", ">x", "~*", "+@all", "-publish"});
  config::Redis settings;
  settings.url = "unix://mute:x@" + shared_redis().socket().string();
  queue::RedisClient mute(io.get_executor(), settings, {});
  queue::Moves silent(mute, options);
  await(producer.enqueue({{{"target", "Patient/1"}, {"accounts", ""}}}));
  EXPECT_EQ(await(silent.take_in()).entries, 1);
  EXPECT_TRUE(await(silent.claim("t")).job);
  EXPECT_TRUE(heard().empty());
  redis({"ACL", "DELUSER", "mute"});
}

}  // namespace
}  // namespace test
