#include "worker/http/status_page/job_answers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "fhir/reference.h"
#include "queue/job_list.h"
#include "worker/http/status_page/query.h"
#include "worker/http/within.h"
#include "worker/json_writing.h"
#include "worker/record_json.h"

namespace worker::http {
namespace {

using namespace std::chrono_literals;
using queue::Which;

constexpr auto patience = 3s;
constexpr std::size_t usual_limit = 50;
constexpr std::size_t highest_limit = 500;
/// A list shows the beginning of an error; the job itself shows all of it.
constexpr std::size_t longest_in_list = 300;

constexpr std::array<std::pair<std::string_view, Which>, 8> lists{{{"", Which::all},
                                                                   {"queued", Which::queued},
                                                                   {"scheduled", Which::scheduled},
                                                                   {"running", Which::running},
                                                                   {"finished", Which::finished},
                                                                   {"completed", Which::completed},
                                                                   {"failed", Which::failed},
                                                                   {"cancelled", Which::cancelled}}};

std::optional<Which> which_of(std::string_view state) {
  const auto* const found = std::ranges::find(lists, state, &std::pair<std::string_view, Which>::first);
  if (found == lists.end()) return std::nullopt;
  return found->second;
}

std::optional<std::size_t> limit_of(const std::string& text) {
  std::size_t limit = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  if (limit < 1 || limit > highest_limit) return std::nullopt;
  return limit;
}

/// What a list shows of a job: whatever else a producer put into its record may be large.
void write_in_short(JsonWriter& writer, const queue::Record& record) {
  writer.StartObject();
  write_member(writer, "id", record.id);
  for (const char* name : {"state", "target", "phase", "batch", "worker", "requestedBy", "error"}) {
    const std::string text = record.field(name);
    if (!text.empty()) write_member(writer, name, std::string_view(text).substr(0, longest_in_list));
  }
  for (const char* name : {"pass", "attempt", "maxAttempts", "enqueuedAt", "startedAt", "updatedAt", "finishedAt",
                           "runAt", "resourcesUpdated", "resourcesWritten", "resourcesToWrite", "resourcesUnchanged",
                           "resourcesGone", "resourcesFailed", "resourcesTotal"})
    if (record.fields.contains(name)) write_member(writer, name, record.number(name));
  writer.EndObject();
}

std::string json_of(const queue::JobList& list) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("jobs");
  writer.StartArray();
  for (const queue::Record& record : list.records) write_in_short(writer, record);
  writer.EndArray();
  writer.Key("more");
  writer.Bool(list.more);
  writer.EndObject();
  return text_of(buffer);
}

}  // namespace

Awaitable<Response> JobAnswers::list(std::string query) {
  const std::string state = parameter_of(query, "state").value_or("");
  const auto which = which_of(state);
  if (!which)
    co_return error_response(400,
                             "state is none of queued, scheduled, running, finished, completed, failed and cancelled");
  const auto asked = parameter_of(query, "limit");
  const auto limit = asked ? limit_of(*asked) : usual_limit;
  if (!limit) co_return error_response(400, "limit is no number from 1 to " + std::to_string(highest_limit));
  const auto found = co_await within(patience, queue::list_jobs(redis_, queue_name_, *which, *limit));
  co_return json_response(json_of(found));
}

Awaitable<Response> JobAnswers::job(std::string id) {
  if (!fhir::is_id(id)) co_return error_response(404, "there is no such job: that is no job's id");
  auto record = co_await within(patience, records_.find(id));
  if (!record) {
    const bool waits = co_await within(patience, records_.in_inbox(id));
    if (waits) record = queue::Record{.id = id, .fields = {{"state", "inbox"}}};
  }
  // It may have been taken in between the two questions.
  if (!record) record = co_await within(patience, records_.find(id));
  if (!record) co_return error_response(404, "there is no such job: it never was, or its record has expired");
  const auto failures = co_await within(patience, records_.failures(id));
  co_return json_response(worker::json_of(*record, failures));
}

Awaitable<Response> JobAnswers::batch(std::string name) {
  const auto counts = co_await within(patience, records_.batch(name));
  if (counts.empty())
    co_return error_response(404, "there is no such batch: it never was, or its last job has expired");
  co_return json_response(worker::json_of(name, counts));
}

Response json_response(std::string json) {
  return {.status = 200, .content_type = "application/json", .body = std::move(json), .fields = {}, .events = {}};
}

Response error_response(unsigned status, const std::string& why) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  write_member(writer, "error", why);
  writer.EndObject();
  Response response = json_response(text_of(buffer));
  response.status = status;
  return response;
}

}  // namespace worker::http
