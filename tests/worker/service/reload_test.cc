#include "worker/service/reload.h"

#include <filesystem>
#include <map>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "tests/support/redis_server.h"

namespace worker::service {
namespace {

/// The settings of a worker whose environment has these variables.
config::Invocation reading(const std::map<std::string, std::string>& variables) {
  const std::vector<const char*> arguments{"set-accounts", "worker", "--fhir-url", "http://localhost/fhir/R4"};
  const auto variable = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  return config::parse(static_cast<int>(arguments.size()), arguments.data(), {variable, false});
}

TEST(Reload, TakesOverWhatMayChangeAndNamesWhatNeedsARestart) {
  config::Invocation in_force = reading({});
  const config::Invocation now = reading({{"SET_ACCOUNTS_JOBS", "3"},
                                          {"SET_ACCOUNTS_LOG_LEVEL", "debug"},
                                          {"SET_ACCOUNTS_LEASE", "20s"},
                                          {"SET_ACCOUNTS_CLIENT_ID", "me"},
                                          {"SET_ACCOUNTS_CLIENT_SECRET", "hush"}});
  const Changes changes = take_over(in_force, now);
  EXPECT_EQ(changes.taken_over, "jobs 8 → 3, log-level info → debug");
  EXPECT_EQ(changes.need_restart, "client-id nothing → me, client-secret nothing → set, lease 15s → 20s");
  EXPECT_EQ(in_force.settings.worker.jobs, 3U);
  EXPECT_EQ(in_force.settings.log.level, config::LogLevel::debug);
  EXPECT_EQ(in_force.settings.worker.lease, std::chrono::seconds(15));
  EXPECT_EQ(in_force.settings.fhir.client_secret, "");
}

TEST(Reload, SaysNothingOfWhatIsInForceAlreadyAndAgainWhatStillNeedsARestart) {
  config::Invocation in_force = reading({});
  const config::Invocation now = reading({{"SET_ACCOUNTS_JOBS", "3"}, {"SET_ACCOUNTS_QUEUE", "other"}});
  take_over(in_force, now);
  EXPECT_EQ(take_over(in_force, now), (Changes{"", "queue set-accounts → other"}));
  EXPECT_EQ(take_over(in_force, reading({})), (Changes{"jobs 3 → 8", ""})) << "the default is in force again";
}

TEST(Reload, ShowsNoPasswordOfRedis) {
  config::Invocation in_force = reading({{"SET_ACCOUNTS_REDIS_URL", "redis://:old-secret@r:1"}});
  const Changes of_password = take_over(in_force, reading({{"SET_ACCOUNTS_REDIS_URL", "redis://:new-secret@r:1"}}));
  EXPECT_EQ(of_password, (Changes{"", "redis-url (its password)"}));
  const Changes of_both = take_over(in_force, reading({{"SET_ACCOUNTS_REDIS_URL", "redis://:new-secret@s:1"}}));
  EXPECT_EQ(of_both.need_restart.find("secret"), std::string::npos) << of_both.need_restart;
  EXPECT_NE(of_both.need_restart.find("@s:1"), std::string::npos) << of_both.need_restart;
}

/// What stands where a credential should, and is no file, neither ends the program nor is waited for.
TEST(Reload, TakesNothingButAFileForACredential) {
  const test::TempFolder folder;
  std::filesystem::create_directory(folder.path() / "token");
  ASSERT_EQ(::mkfifo((folder.path() / "redis-password").c_str(), S_IRUSR | S_IWUSR), 0);
  const config::Invocation in_force = reading({{"CREDENTIALS_DIRECTORY", folder.path().string()}});
  EXPECT_EQ(in_force.settings.fhir.token_file, "");
  EXPECT_EQ(in_force.settings.redis.password_file, "");
}

/// Each setting of the table, changed alone, is either taken over into the settings or named as in need of a restart.
TEST(Reload, TakesOverTheSettingsThatItSaysItTakesOver) {
  const std::map<std::string, std::string> changes{
      {"LOG_LEVEL", "error"}, {"CONCURRENCY", "7"},     {"JOBS", "7"},   {"PAGE_SIZE", "77"},    {"MAX_ATTEMPTS", "7"},
      {"VERIFY", "none"},     {"KEEP_FINISHED", "77s"}, {"GRACE", "7s"}, {"SYNC_TIMEOUT", "7s"}, {"CALLER_RATE", "77"}};
  for (const auto& [name, value] : changes) {
    config::Invocation in_force = reading({});
    const config::Invocation now = reading({{"SET_ACCOUNTS_" + name, value}});
    const Changes found = take_over(in_force, now);
    EXPECT_NE(found.taken_over, "") << name;
    EXPECT_EQ(found.need_restart, "") << name;
    const auto same = [](const config::Settings& a, const config::Settings& b) {
      return a.log.level == b.log.level && a.fhir.concurrency == b.fhir.concurrency && a.worker.jobs == b.worker.jobs &&
             a.worker.page_size == b.worker.page_size && a.worker.max_attempts == b.worker.max_attempts &&
             a.worker.verify == b.worker.verify && a.worker.keep_finished == b.worker.keep_finished &&
             a.worker.grace == b.worker.grace && a.http.sync_timeout == b.http.sync_timeout &&
             a.http.caller_rate == b.http.caller_rate;
    };
    EXPECT_TRUE(same(in_force.settings, now.settings)) << name;
    EXPECT_FALSE(same(in_force.settings, reading({}).settings)) << name;
  }
}

}  // namespace
}  // namespace worker::service
