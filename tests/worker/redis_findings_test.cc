#include "worker/redis_findings.h"

#include <gtest/gtest.h>

namespace worker {
namespace {

using Kind = Finding::Kind;

RedisFacts good() {
  return {.info = {{"redis_version", "7.0.15"},
                   {"maxmemory_policy", "noeviction"},
                   {"aof_enabled", "1"},
                   {"role", "master"},
                   {"loading", "0"}},
          .config = {{"save", ""}, {"appendfsync", "everysec"}}};
}

std::vector<Kind> kinds_of(const RedisFacts& facts) {
  std::vector<Kind> kinds;
  for (const Finding& finding : judge(facts)) kinds.push_back(finding.kind);
  return kinds;
}

TEST(RedisCheck, IsContentWithAGoodOne) {
  EXPECT_EQ(kinds_of(good()), std::vector<Kind>(4, Kind::ok));
  EXPECT_EQ(text_of(judge(good()).front()), "ok    Redis 7.0.15");
}

TEST(RedisCheck, WantsAtLeastSixPointTwo) {
  for (const auto& [version, kind] : std::map<std::string, Kind>{{"6.0.16", Kind::failure},
                                                                 {"5.9.9", Kind::failure},
                                                                 {"6.2.0", Kind::ok},
                                                                 {"10.1.0", Kind::ok},
                                                                 {"", Kind::failure}}) {
    RedisFacts facts = good();
    facts.info["redis_version"] = version;
    EXPECT_EQ(kinds_of(facts)[0], kind) << version;
  }
}

TEST(RedisCheck, KnowsValkeyByItsOwnVersion) {
  RedisFacts facts = good();
  facts.info["redis_version"] = "7.2.4";
  facts.info["valkey_version"] = "8.0.1";
  EXPECT_EQ(text_of(judge(facts)[0]), "ok    Valkey 8.0.1");
}

TEST(RedisCheck, RefusesARedisThatMayThrowJobsAway) {
  RedisFacts facts = good();
  facts.info["maxmemory_policy"] = "allkeys-lru";
  EXPECT_EQ(text_of(judge(facts)[1]),
            "FAIL  maxmemory-policy allkeys-lru: Redis may throw jobs away when memory is short; run CONFIG SET "
            "maxmemory-policy noeviction");
}

TEST(RedisCheck, SaysWhatACrashWouldLose) {
  RedisFacts facts = good();
  facts.info["aof_enabled"] = "0";
  EXPECT_EQ(kinds_of(facts)[2], Kind::failure);
  facts.config["save"] = "3600 1";
  EXPECT_EQ(kinds_of(facts)[2], Kind::warning);
  facts.config.clear();
  EXPECT_EQ(kinds_of(facts)[2], Kind::warning);
  facts.info["aof_enabled"] = "1";
  EXPECT_EQ(text_of(judge(facts)[2]),
            "ok    append-only file (how often it is synced is unknown: CONFIG is not allowed here)");
}

TEST(RedisCheck, RefusesAFileThatIsNeverAcknowledgedToBeOnDisk) {
  RedisFacts facts = good();
  facts.config["appendfsync"] = "no";
  EXPECT_EQ(kinds_of(facts)[2], Kind::warning) << "before 7.2 nothing is acknowledged and nobody waits for it";
  for (const char* version : {"7.2.0", "8.0.1", "10.1.0"}) {
    facts.info["redis_version"] = version;
    EXPECT_EQ(kinds_of(facts)[2], Kind::failure) << version;
  }
  EXPECT_NE(judge(facts)[2].text.find("appendfsync everysec (or always)"), std::string::npos);
  facts.config["appendfsync"] = "everysec";
  EXPECT_EQ(kinds_of(facts)[2], Kind::ok);
}

TEST(RedisCheck, RefusesWhatTakesNoWrites) {
  RedisFacts facts = good();
  facts.info["role"] = "slave";
  EXPECT_EQ(kinds_of(facts)[3], Kind::failure);
}

TEST(RedisCheck, RefusesAFullMemory) {
  RedisFacts facts = good();
  facts.info.insert({{"used_memory", "2097152"}, {"used_memory_human", "2.00M"}});
  for (const auto& [limit, kind] :
       std::map<std::string, Kind>{{"0", Kind::ok}, {"2097152", Kind::ok}, {"1048576", Kind::failure}}) {
    facts.info["maxmemory"] = limit;
    EXPECT_EQ(kinds_of(facts)[3], kind) << limit;
  }
  facts.info["maxmemory"] = "1048576";
  facts.info["maxmemory_human"] = "1.00M";
  EXPECT_EQ(text_of(judge(facts)[3]),
            "FAIL  memory is full, 2.00M of maxmemory 1.00M: Redis takes no writes; raise maxmemory, then shorten "
            "--keep-finished");
}

}  // namespace
}  // namespace worker
