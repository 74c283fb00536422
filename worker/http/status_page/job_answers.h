#pragma once

#include <string>

#include "queue/records.h"
#include "queue/redis_client.h"
#include "worker/awaitable.h"
#include "worker/http/message.h"

namespace worker::http {

/// What is in the queue, as JSON, for somebody who looks. All throw queue::QueueUnavailable.
class JobAnswers {
 public:
  JobAnswers(queue::RedisClient& redis, const std::string& queue_name)
      : redis_(redis), queue_name_(queue_name), records_(redis, queue_name) {}

  /// `?state=running&limit=50`; without a state all jobs, the newest first.
  Awaitable<Response> list(std::string query);
  /// The whole record and its failures; one that nobody has taken in yet has the state `inbox`.
  Awaitable<Response> job(std::string id);
  Awaitable<Response> batch(std::string name);

 private:
  queue::RedisClient& redis_;
  std::string queue_name_;
  queue::Records records_;
};

Response json_response(std::string json);
/// `{"error":"…"}`
Response error_response(unsigned status, const std::string& why);

}  // namespace worker::http
