#include "worker/http/metrics/metrics.h"

#include <prometheus/text_serializer.h>
#include <sstream>
#include <utility>

#include "fhir/time_limit.h"
#include "queue/job_queue.h"
#include "worker/concurrency.h"
#include "worker/http/metrics/told.h"

namespace worker::http {
/// Whoever looks, looks for all who wait; however it ends, one of them may look next.
class Metrics::Looking {
 public:
  explicit Looking(Metrics& metrics) : metrics_(metrics) { metrics_.looking_ = true; }
  ~Looking() {
    metrics_.looking_ = false;
    metrics_.looked_.notify_all();
  }
  Looking(const Looking&) = delete;
  Looking& operator=(const Looking&) = delete;

 private:
  Metrics& metrics_;
};

Metrics::Metrics(Sources sources, std::string queue_name)
    : sources_(sources), records_(sources.redis, std::move(queue_name)) {}

Awaitable<Response> Metrics::answer(Request request) {
  Response response;
  if (request.method != "GET" && request.method != "HEAD") {
    response.status = 405;
    response.fields.emplace_back("Allow", "GET, HEAD");
    co_return response;
  }
  const auto until = fhir::Clock::now() + patience;
  while (!is_fresh() && fhir::Clock::now() < until) {
    if (looking_)
      co_await looked_.wait(until);
    else
      co_await look(until);
  }
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = text();
  co_return response;
}

/// That Redis does not answer is known as long as what it answers.
Awaitable<void> Metrics::look(fhir::Clock::time_point until) {
  const Looking looking(*this);
  std::optional<queue::Overview> found;
  try {
    found = co_await guarded(records_.overview(), fhir::time_limit(until - fhir::Clock::now()));
  } catch (const fhir::TimeIsUp&) {
    found.reset();
  } catch (const queue::QueueUnavailable&) {
    found.reset();
  }
  overview_ = std::move(found);
  looked_at_ = fhir::Clock::now();
}

std::string Metrics::text() const {
  Families families;
  tell_worker(families, sources_.runner, sources_.readiness);
  tell_queue(families, overview_);
  tell_redis(families, std::as_const(sources_.redis).tally());
  tell_fhir(families, sources_.client);
  if (server_) tell_http(families, *server_);
  tell_process(families);
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return std::move(out).str();
}

}  // namespace worker::http
