#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/redis_sentinels.h"
#include "tests/support/redis_server.h"

namespace chaos {

/// The Redis of a run, and what can be done to it. One trouble at a time.
class Redis {
 public:
  virtual ~Redis() = default;
  virtual std::string url() const = 0;
  /// Whether it has recovered from the last trouble, so that the next can be survived.
  virtual bool is_well() = 0;
  virtual void kill() = 0;
  virtual void freeze() = 0;
  /// Another server takes over, as planned by an operator, where there is one.
  virtual void fail_over() = 0;
  /// Whoever was killed or frozen is there again.
  virtual void recover() = 0;
  /// How many replicas must have an entry before it is sure.
  virtual int replicas() const = 0;
};

/// One server, whose append-only file is the whole history of the run.
class LoneRedis : public Redis {
 public:
  std::string url() const override { return server_.url(); }
  bool is_well() override { return true; }
  void kill() override { server_.kill(); }
  void freeze() override { server_.stop(); }
  void fail_over() override {}
  void recover() override;
  int replicas() const override { return 0; }
  std::filesystem::path folder() const { return server_.socket().parent_path(); }

 private:
  test::RedisServer server_{{"--auto-aof-rewrite-percentage", "0"}};
};

/// A primary, a replica and three Sentinels. What was not replicated when the primary goes is forgotten. A primary
/// without a replica takes no writes: one that was frozen would rule beside the new one for a while otherwise, and two
/// jobs of a target would run at once.
class SentinelRedis : public Redis {
 public:
  std::string url() const override { return sentinels_.url(); }
  bool is_well() override;
  void kill() override;
  void freeze() override;
  void fail_over() override;
  void recover() override;
  int replicas() const override { return 1; }

 private:
  test::RedisSentinels sentinels_{
      {.of_redis = {"min-replicas-to-write 1", "min-replicas-max-lag 2"}, .of_sentinel = {}}};
  test::RedisProcess* troubled_ = nullptr;
};

}  // namespace chaos
