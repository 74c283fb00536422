#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "config/settings.h"
#include "fhir/awaitable.h"
#include "queue/records.h"
#include "queue/redis_client.h"
#include "worker/awaitable.h"
#include "worker/http/message.h"
#include "worker/http/status_page/admission.h"
#include "worker/http/status_page/job_answers.h"
#include "worker/http/status_page/live.h"

namespace worker::http {

/// The page at `/` and what it asks for below `/status`. Read only.
class StatusPage {
 public:
  struct Options {
    config::Redis redis;
    std::filesystem::path token_file;
    std::string worker_id;
    Live::Limits live;
  };
  /// What it refers to outlives it. Throws queue::BadRedisUrl.
  StatusPage(fhir::Executor executor, queue::RedisClient& redis, const Readiness& readiness,
             std::function<Gauges()> gauges, const Options& options);

  /// Keeps what the page shows up to date. Until it is cancelled.
  Awaitable<void> run() { return live_.run(); }

  Awaitable<Response> answer(Request request);

 private:
  Awaitable<Response> answer_path(Request request);
  Awaitable<Response> answer_status(Request request);
  Awaitable<Response> overview();
  Response events();
  Response page() const;
  Response turned_away(Admission::Verdict verdict);

  queue::Records records_;
  std::string queue_name_;
  std::string worker_id_;
  Admission admission_;
  JobAnswers jobs_;
  Live live_;
  std::string policy_;
  std::string last_trouble_;  ///< with the token's file, as it was logged
};

}  // namespace worker::http
