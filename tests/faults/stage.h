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
#include "tests/faults/figures.h"
#include "tests/faults/mixture.h"
#include "tests/faults/queued_job.h"
#include "tests/faults/weather.h"
#include "tests/faults/witness.h"
#include "tests/faults/worker_in_process.h"

namespace faults {

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
  using Clock = std::chrono::steady_clock;

  queue::Awaitable<void> play();
  queue::Awaitable<void> in_trouble();
  queue::Awaitable<void> in_quiet_weather();
  queue::Awaitable<void> enqueue(Job job);
  queue::Awaitable<void> interrupt();
  queue::Awaitable<bool> jobs_end_before(Clock::time_point limit);
  queue::Awaitable<void> read_records();
  queue::Awaitable<void> judge(bool in_quiet_weather);

  Temper temper() const;
  void start_worker(Temper temper);
  queue::Awaitable<void> stop_workers();
  void seed();
  void wrong(const std::string& what);
  std::string target_of(Who who) const;

  Mixture mixture_;
  std::string redis_url_;
  std::string queue_;
  sandbox::Seeded seeded_;
  std::unique_ptr<Witness> witness_;  ///< the server's thread's, as the next one
  std::unique_ptr<Weather> weather_;
  sandbox::Server server_;  ///< ends before those whom its thread calls
  boost::asio::io_context io_{1};
  queue::RedisClient redis_;
  queue::Producer producer_;
  queue::Records records_;
  std::vector<QueuedJob> jobs_;
  std::vector<std::unique_ptr<WorkerInProcess>> workers_;
  std::size_t steps_ = 0;  ///< of the first worker
  std::vector<std::string> wrong_;
  Figures figures_;
  bool over_ = false;
};

}  // namespace faults
