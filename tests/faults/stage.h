#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "queue/awaitable.h"
#include "queue/producer.h"
#include "queue/records.h"
#include "queue/redis_client.h"
#include "sandbox/seeding.h"
#include "sandbox/server.h"
#include "tests/faults/mixture.h"
#include "tests/faults/somebody_else.h"
#include "tests/faults/witness.h"
#include "tests/faults/worker_in_process.h"

namespace faults {

/// What became of all jobs of many mixtures.
struct Figures {
  long mixtures = 0;
  long completed = 0;
  long failed = 0;
  long cancelled = 0;
  long kills = 0;          ///< of workers, gentle ones too
  long kills_at_work = 0;  ///< those that were not gentle and met a running job
  long writes = 0;
  long requests = 0;
  long doings = 0;
  std::map<std::string, long> by_error;

  void add(const Figures& other);
};

/// One mixture, from the seeding to the last judgement: jobs in trouble, then the same jobs in quiet weather.
class Stage {
 public:
  Stage(Mixture mixture, const std::string& redis_url);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// Does what can be done now; whether there was anything.
  bool work();
  bool is_over() const { return over_; }

  /// Everything that was not as it must be; empty if all was.
  const std::vector<std::string>& wrong() const { return wrong_; }
  const Mixture& mixture() const { return mixture_; }
  const Figures& figures() const { return figures_; }

 private:
  struct Queued {
    std::string id;
    std::string target;
    std::vector<std::string> accounts;
    std::map<std::string, std::string, std::less<>> record;  ///< once it has ended
    std::vector<std::string> failures;
  };
  using Clock = std::chrono::steady_clock;

  queue::Awaitable<void> play();
  queue::Awaitable<void> in_trouble();
  queue::Awaitable<void> in_quiet_weather();
  queue::Awaitable<void> enqueue(Job job);
  queue::Awaitable<void> interrupt();
  queue::Awaitable<bool> jobs_end_before(Clock::time_point limit);
  queue::Awaitable<void> read_records();
  queue::Awaitable<void> judge(bool in_quiet_weather);
  void judge_job(const sandbox::World& world, const Queued& job, bool last_of_its_target, bool in_quiet_weather);
  void judge_counts(const Queued& job, std::size_t members);
  void judge_failures(const Queued& job, const std::map<std::string, std::string>& not_right);
  queue::Awaitable<void> judge_owed(bool in_quiet_weather);

  Temper temper() const;
  void start_worker(Temper temper);
  queue::Awaitable<void> stop_workers();
  void seed();
  void bring_trouble();
  void happen(sandbox::World& world, Doing doing, const std::string& about);
  void end_trouble();
  void wrong(const std::string& what);
  std::string target_of(Who who) const;
  bool may_refuse() const;

  Mixture mixture_;
  std::string redis_url_;
  std::string queue_;
  sandbox::Server server_;
  sandbox::Seeded seeded_;
  std::unique_ptr<Witness> witness_;  ///< the server's thread's, as the next one
  std::unique_ptr<SomebodyElse> somebody_else_;
  boost::asio::io_context io_{1};
  queue::RedisClient redis_;
  queue::Producer producer_;
  queue::Records records_;
  std::vector<Queued> jobs_;
  std::vector<std::unique_ptr<WorkerInProcess>> workers_;
  std::size_t steps_ = 0;  ///< of the first worker
  long doings_ = 0;
  bool trouble_is_over_ = false;  ///< the server's thread's, as the one before
  std::vector<std::string> wrong_;
  Figures figures_;
  bool over_ = false;
};

}  // namespace faults
