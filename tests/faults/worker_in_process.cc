#include "tests/faults/worker_in_process.h"

#include <boost/asio/co_spawn.hpp>

#include "fhir/client.h"
#include "fhir/retry.h"
#include "queue/redis_client.h"
#include "queue/redis_job_queue.h"
#include "tests/faults/killable_context.h"
#include "worker/concurrency.h"
#include "worker/job_runner.h"
#include "worker/readiness.h"
#include "worker/server_health.h"
#include "worker/worker.h"

namespace faults {
namespace {

using namespace std::chrono_literals;

template <class Value>
Value pick(Temper temper, Value quick, Value impatient, Value calm) {
  switch (temper) {
    case Temper::quick:
      return quick;
    case Temper::impatient:
      return impatient;
    case Temper::calm:
      return calm;
  }
  return calm;
}

constexpr worker::ServerHealth::Pauses quick_probes{.first = 5ms, .longest = 50ms, .well_again = 1s};
constexpr worker::AttemptBackoff quick_attempts{.first = 5ms, .longest = 40ms};

fhir::RetryPolicy retry_policy(const WorkerInProcess::Options& options) {
  fhir::RetryPolicy policy;
  policy.base = 2ms;
  policy.cap = 30ms;
  policy.patience = pick<fhir::Clock::duration>(options.temper, 800ms, 25ms, 60s);
  policy.outage = pick<fhir::Clock::duration>(options.temper, 200ms, 200ms, 10s);
  policy.unnamed_reset = 30ms;
  policy.shortest_reset = 5ms;
  policy.longest_reset = 60ms;
  return policy;
}

config::Redis redis_settings(const WorkerInProcess::Options& options) {
  config::Redis settings;
  settings.url = options.redis_url;
  settings.queue = options.queue;
  return settings;
}

config::Fhir fhir_settings(const WorkerInProcess::Options& options) {
  config::Fhir settings;
  settings.url = options.fhir_url;
  settings.request_timeout = pick<std::chrono::milliseconds>(options.temper, 400ms, 400ms, 30s);
  if (options.logs_in) {
    settings.client_id = client_id;
    settings.client_secret = client_secret;
  }
  return settings;
}

queue::RedisJobQueue::Options queue_options(const WorkerInProcess::Options& options) {
  queue::RedisJobQueue::Options chosen;
  chosen.name = options.queue;
  chosen.lease = pick<std::chrono::milliseconds>(options.temper, 6s, 6s, 60s);
  chosen.max_attempts = pick(options.temper, 4, 2, 10);
  chosen.worker_id = "in-process";
  return chosen;
}

worker::JobRunner::Options runner_options(const WorkerInProcess::Options& options) {
  worker::JobRunner::Options chosen;
  chosen.lease = pick<std::chrono::milliseconds>(options.temper, 6s, 6s, 60s);
  chosen.limits.page_size = options.page_size;
  chosen.backoff = quick_attempts;
  return chosen;
}

}  // namespace

struct WorkerInProcess::Parts {
  explicit Parts(const Options& options)
      : settings(fhir_settings(options)),
        redis(io.get_executor(), redis_settings(options), [](const std::string&) {}),
        queue(redis, queue_options(options)),
        client(io.get_executor(), settings, retry_policy(options)),
        health(client, stop, readiness, signs, quick_probes),
        runner(queue, client, health, signs, runner_options(options)),
        worker(queue, runner, health, stop, signs, {}) {}

  KillableContext io;  // first: whatever else there is lives in it
  config::Fhir settings;
  fhir::Stop stop;
  worker::Readiness readiness;
  worker::service::VitalSigns signs;
  queue::RedisClient redis;
  queue::RedisJobQueue queue;
  fhir::Client client;
  worker::ServerHealth health;
  worker::JobRunner runner;
  worker::Worker worker;
  bool over = false;
  std::string failure;
};

WorkerInProcess::WorkerInProcess(const Options& options) : parts_(std::make_unique<Parts>(options)) {
  Parts& parts = *parts_;
  parts.readiness.note(worker::Readiness::Part::redis, {});
  boost::asio::co_spawn(parts.io.get_executor(), worker::guarded(parts.worker.run(), parts.queue.run()),
                        [&parts](const std::exception_ptr& error) {
                          parts.over = true;
                          try {
                            if (error) std::rethrow_exception(error);
                          } catch (const std::exception& failure) {
                            parts.failure = failure.what();
                          }
                        });
}

WorkerInProcess::~WorkerInProcess() {
  parts_->io.kill();
}

std::size_t WorkerInProcess::work(std::size_t most) {
  std::size_t steps = 0;
  while (steps < most && parts_->io.poll_one() > 0) ++steps;
  return steps;
}

void WorkerInProcess::stop() {
  parts_->worker.stop();
}

bool WorkerInProcess::is_over() const {
  return parts_->over;
}

const std::string& WorkerInProcess::failure() const {
  return parts_->failure;
}

}  // namespace faults
