#include "worker/http/status_page/status_page.h"

#include <optional>
#include <utility>

#include "queue/job_queue.h"
#include "worker/http/status_page/overview_json.h"
#include "worker/http/status_page/page.h"
#include "worker/http/status_page/query.h"
#include "worker/http/within.h"
#include "worker/json_writing.h"
#include "worker/log.h"

namespace worker::http {
namespace {

using namespace std::chrono_literals;

constexpr auto patience_for_overview = 2s;

/// Whatever the answer is, it is for this origin's own page, and for nobody's frame or history.
void guard(Response& response) {
  for (const auto& [name, value] : Fields{{"Referrer-Policy", "no-referrer"},
                                          {"X-Frame-Options", "DENY"},
                                          {"Cross-Origin-Opener-Policy", "same-origin"},
                                          {"Cross-Origin-Resource-Policy", "same-origin"}})
    response.fields.emplace_back(name, value);
}

Response not_found() {
  return error_response(404, "not found");
}

Awaitable<Response> at_once(Response response) {
  co_return response;
}

}  // namespace

StatusPage::StatusPage(fhir::Executor executor, queue::RedisClient& redis, const Readiness& readiness,
                       std::function<Gauges()> gauges, const Options& options)
    : records_(redis, options.redis.queue),
      queue_name_(options.redis.queue),
      worker_id_(options.worker_id),
      admission_(options.token_file),
      jobs_(redis, options.redis.queue),
      live_(std::move(executor), options.redis, redis, readiness, std::move(gauges), options.live),
      policy_(content_security_policy(page_html)) {}

Awaitable<Response> StatusPage::answer(Request request) {
  Response response;
  const auto verdict = admission_.judge(request);
  if (verdict == Admission::Verdict::welcome)
    response = co_await answer_path(std::move(request));
  else
    response = turned_away(verdict);
  guard(response);
  co_return response;
}

Response StatusPage::turned_away(Admission::Verdict verdict) {
  if (verdict == Admission::Verdict::not_there) return not_found();
  if (verdict == Admission::Verdict::log_in) {
    Response response = error_response(401, "the status page asks for the token of --status-token-file");
    response.fields.emplace_back("WWW-Authenticate", R"(Basic realm="set-accounts", charset="UTF-8")");
    return response;
  }
  if (std::exchange(last_trouble_, admission_.why_unknown()) != admission_.why_unknown())
    log::event(log::Level::warning, "status page closed", {{"why", last_trouble_}});
  return error_response(503, "the status page's token cannot be read; the worker's log says why");
}

Awaitable<Response> StatusPage::answer_path(Request request) {
  if (request.method != "GET" && request.method != "HEAD") {
    Response response = error_response(405, "the status page is read only");
    response.fields.emplace_back("Allow", "GET, HEAD");
    co_return response;
  }
  if (request.path.empty()) co_return page();
  Response response;
  try {
    response = co_await answer_status(std::move(request));
  } catch (const queue::QueueUnavailable& trouble) {
    response = error_response(503, trouble.what());
    response.fields.emplace_back("Retry-After", "2");
  }
  co_return response;
}

Awaitable<Response> StatusPage::answer_status(Request request) {
  const std::size_t depth = request.path.size();
  if (request.path[0] != "status" || depth < 2 || depth > 3) return at_once(not_found());
  const std::string& what = request.path[1];
  if (depth == 3 && what == "jobs") return jobs_.job(std::move(request.path[2]));
  if (depth == 3 && what == "batches") return jobs_.batch(std::move(request.path[2]));
  if (depth == 3) return at_once(not_found());
  if (what == "overview") return overview();
  if (what == "jobs") return jobs_.list(std::move(request.query));
  if (what == "events") return at_once(events());
  auto batch = parameter_of(request.query, "name");
  if (what == "batches" && batch) return jobs_.batch(std::move(*batch));
  return at_once(not_found());
}

/// What can be said without Redis is said without it.
Awaitable<Response> StatusPage::overview() {
  std::string queue;
  try {
    const auto overview = co_await within(patience_for_overview, records_.overview());
    queue = json_of(overview);
  } catch (const queue::QueueUnavailable& trouble) {
    queue = json_of_no_overview(trouble.what());
  }
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  write_member(writer, "version", SET_ACCOUNTS_VERSION);
  write_member(writer, "queueName", queue_name_);
  write_member(writer, "workerId", worker_id_);
  for (const auto& [name, json] : {std::pair("queue", queue), std::pair("worker", live_.worker_json()),
                                   std::pair("history", live_.pulse().history())}) {
    writer.Key(name);
    writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  }
  writer.EndObject();
  co_return json_response(text_of(buffer));
}

Response StatusPage::events() {
  auto stream = live_.stream();
  if (!stream) {
    Response full = error_response(503, "as many listen to the events as may");
    full.fields.emplace_back("Retry-After", "10");
    return full;
  }
  return {.status = 200, .content_type = "text/event-stream", .body = {}, .fields = {}, .events = std::move(*stream)};
}

Response StatusPage::page() const {
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = page_html;
  response.fields.emplace_back("Content-Security-Policy", policy_);
  return response;
}

}  // namespace worker::http
