#include "worker/wiring.h"

#include <array>
#include <unistd.h>

namespace worker {
namespace {

/// A probe is some requests, of which each may be sent twice.
constexpr int requests_of_a_probe = 8;

std::string worker_name() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) return "worker";
  return host.data();
}

}  // namespace

queue::RedisJobQueue::Options queue_options(const config::Settings& settings) {
  queue::RedisJobQueue::Options options;
  options.name = settings.redis.queue;
  options.lease = settings.worker.lease;
  options.keep_finished = settings.worker.keep_finished;
  options.max_attempts = settings.worker.max_attempts;
  options.worker_id = worker_name();
  return options;
}

JobRunner::Options runner_options(const config::Settings& settings) {
  JobRunner::Options options;
  options.lease = settings.worker.lease;
  options.verify = settings.worker.verify;
  options.limits.concurrency = settings.fhir.concurrency;
  options.limits.page_size = settings.worker.page_size;
  return options;
}

ServerHealth::Pauses probe_pauses(const config::Settings& settings) {
  ServerHealth::Pauses pauses;
  pauses.longest_probe = settings.fhir.request_timeout * requests_of_a_probe;
  return pauses;
}

http::StatusPage::Options page_options(const config::Settings& settings, const config::Redis& redis,
                                       const queue::RedisJobQueue& queue) {
  http::StatusPage::Options options;
  options.redis = redis;
  options.token_file = settings.http.status_token_file;
  options.worker_id = queue.worker_id();
  return options;
}

}  // namespace worker
