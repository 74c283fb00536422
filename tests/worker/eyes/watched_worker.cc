#include "tests/worker/eyes/watched_worker.h"

#include "fhir/client.h"
#include "queue/redis_job_queue.h"
#include "tests/support/run.h"
#include "worker/concurrency.h"
#include "worker/http/metrics/metrics.h"
#include "worker/job_runner.h"
#include "worker/readiness.h"
#include "worker/server_health.h"
#include "worker/worker.h"

namespace test {
namespace {

config::Redis redis_settings(const std::string& url) {
  config::Redis settings;
  settings.url = url;
  return settings;
}

config::Fhir fhir_settings(const std::string& url) {
  config::Fhir settings;
  settings.url = url;
  return settings;
}

queue::RedisJobQueue::Options queue_options() {
  queue::RedisJobQueue::Options options;
  options.worker_id = "watched";
  return options;
}

worker::Awaitable<void> ask(worker::http::Metrics& metrics, worker::http::Response& response) {
  worker::http::Request request;
  request.method = "GET";
  response = co_await metrics.answer(std::move(request));
}

worker::Awaitable<void> ask_all(worker::http::Metrics& metrics, std::vector<worker::http::Response>& responses) {
  std::vector<worker::Awaitable<void>> asking;
  for (auto& response : responses) asking.push_back(ask(metrics, response));
  co_await worker::all_of(std::move(asking));
}

worker::Awaitable<void> work_until_drained(worker::Worker& worker, queue::RedisJobQueue& queue) {
  co_await worker::guarded(worker.run(), queue.run());
}

}  // namespace

struct WatchedWorker::Parts {
  Parts(const std::string& redis_url, const std::string& fhir_url)
      : fhir_server(fhir_settings(fhir_url)),
        redis(io.get_executor(), redis_settings(redis_url),
              [this](const std::string& trouble) { readiness.note(worker::Readiness::Part::redis, trouble); }),
        queue(redis, queue_options()),
        client(io.get_executor(), fhir_server),
        health(client, stop, readiness, signs),
        runner(queue, client, health, signs, {}),
        worker(queue, runner, health, stop, signs, {.jobs = 4, .drain = true}),
        metrics({client, redis, runner, readiness}, "set-accounts") {}

  config::Fhir fhir_server;
  boost::asio::io_context io{1};
  fhir::Stop stop;
  worker::Readiness readiness;
  worker::service::VitalSigns signs;
  queue::RedisClient redis;
  queue::RedisJobQueue queue;
  fhir::Client client;
  worker::ServerHealth health;
  worker::JobRunner runner;
  worker::Worker worker;
  worker::http::Metrics metrics;
};

WatchedWorker::WatchedWorker(sandbox::ServerOptions options)
    : EndToEnd(std::move(options)), parts_(std::make_unique<Parts>(redis_server.url(), server.fhir_url())) {}

WatchedWorker::~WatchedWorker() = default;

void WatchedWorker::work() {
  parts_->readiness.note(worker::Readiness::Part::redis, {});
  run(parts_->io, work_until_drained(parts_->worker, parts_->queue));
}

std::string WatchedWorker::metrics_text() {
  std::vector<worker::http::Response> responses(1);
  run(parts_->io, ask_all(parts_->metrics, responses));
  EXPECT_EQ(responses[0].status, 200U);
  EXPECT_EQ(responses[0].content_type, "text/plain; version=0.0.4; charset=utf-8");
  return responses[0].body;
}

std::chrono::milliseconds WatchedWorker::ask_at_once(int times) {
  std::vector<worker::http::Response> responses(static_cast<std::size_t>(times));
  const auto began = std::chrono::steady_clock::now();
  run(parts_->io, ask_all(parts_->metrics, responses));
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
}

}  // namespace test
