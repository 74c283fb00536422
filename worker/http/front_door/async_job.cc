#include "worker/http/front_door/async_job.h"

#include <algorithm>
#include <array>

#include "fhir/instant.h"
#include "fhir/json_leaves.h"
#include "worker/http/front_door/json_object.h"

namespace worker::http::front_door {
namespace {

using queue::JobState;
using queue::Record;

constexpr std::array<std::string_view, 7> counts{"resourcesUpdated",   "resourcesWritten", "resourcesToWrite",
                                                 "resourcesUnchanged", "resourcesGone",    "resourcesFailed",
                                                 "resourcesTotal"};
/// The definition has no element for progress.
constexpr std::string_view progress_url = "urn:set-accounts:progress";

std::string instant_of(const Record& record, std::string_view field) {
  return fhir::instant_text(fhir::Instant(std::chrono::milliseconds(record.number(field))));
}

Issue issue_of(const std::string& failure) {
  const auto said = fhir::json_leaves(failure).value_or(fhir::JsonLeaves());
  std::string text(fhir::leaf(said, "reference"));
  const auto status = fhir::leaf(said, "status");
  if (!status.empty()) text.append(": ").append(status);
  return {.code = "processing", .text = printable(text), .diagnostics = printable(fhir::leaf(said, "diagnostics"))};
}

std::string parameters_of(const std::vector<std::string>& parameters) {
  JsonObject json;
  json.add("resourceType", std::string_view("Parameters"));
  if (!parameters.empty()) json.add_json("parameter", json_list(parameters));
  return json.take();
}

std::vector<std::string> counts_of(const Record& record) {
  std::vector<std::string> parameters;
  for (const auto name : counts) {
    if (record.field(name).empty()) continue;
    JsonObject json;
    json.add("name", name).add_number("valueInteger", static_cast<std::int64_t>(record.number(name)));
    parameters.push_back(json.take());
  }
  return parameters;
}

std::string output_of(const Record& record, const std::vector<std::string>& failures) {
  if (record.state() == JobState::completed) return output_json(record);
  auto parameters = counts_of(record);
  if (record.state() == JobState::failed) {
    JsonObject json;
    json.add("name", std::string_view("outcome")).add_json("resource", outcome_json("", issues_of(record, failures)));
    parameters.insert(parameters.begin(), json.take());
  }
  return parameters.empty() ? "" : parameters_of(parameters);
}

std::string progress_part(std::string_view url, std::string_view type, const std::string& json_value) {
  JsonObject json;
  return json.add("url", url).add_json(type, json_value).take();
}

/// Where a job is that runs or waits to be tried again; empty if that is not known.
std::string progress_of(const Record& record) {
  std::vector<std::string> parts;
  const std::string phase = record.field("phase");
  const bool is_code = !phase.empty() && std::ranges::all_of(phase, [](char c) { return c >= 'a' && c <= 'z'; });
  if (is_code) parts.push_back(progress_part("phase", "valueCode", "\"" + phase + "\""));
  for (const std::string_view number : {"pass", "attempt"})
    if (!record.field(number).empty())
      parts.push_back(progress_part(number, "valueInteger", std::to_string(record.number(number))));
  if (parts.empty()) return "";
  JsonObject json;
  json.add("url", progress_url).add_json("extension", json_list(parts));
  return json_list(std::vector<std::string>{json.take()});
}

std::string meta_of(const Record& record) {
  JsonObject json;
  const bool touched = record.number("updatedAt") > 0;
  return json.add("lastUpdated", std::string_view(instant_of(record, touched ? "updatedAt" : "enqueuedAt"))).take();
}

}  // namespace

std::string_view async_status(JobState state) {
  switch (state) {
    case JobState::queued:
    case JobState::scheduled:
      return "accepted";
    case JobState::running:
      return "active";
    case JobState::completed:
      return "completed";
    case JobState::failed:
      return "error";
    case JobState::cancelled:
      break;
  }
  return "cancelled";
}

bool is_over(JobState state) {
  return state == JobState::completed || state == JobState::failed || state == JobState::cancelled;
}

std::vector<Issue> issues_of(const Record& record, const std::vector<std::string>& failures) {
  std::vector<Issue> issues{{.code = "processing", .text = printable(record.field("error")), .diagnostics = ""}};
  if (issues.front().text.empty()) issues.front().text = "The job failed";
  const std::size_t told = std::min(failures.size(), most_failures_told);
  for (std::size_t i = 0; i < told; ++i) issues.push_back(issue_of(failures[i]));
  return issues;
}

std::string async_job_json(const Record& record, const std::vector<std::string>& failures, const std::string& base) {
  JsonObject json;
  json.add("resourceType", std::string_view("AsyncJob")).add("id", std::string_view(record.id));
  json.add_json("meta", meta_of(record));
  const bool alive = !is_over(record.state());
  const std::string progress = alive ? progress_of(record) : "";
  if (!progress.empty()) json.add_json("extension", progress);
  json.add("status", async_status(record.state()));
  json.add("requestTime", std::string_view(instant_of(record, "enqueuedAt")));
  if (!alive) json.add("transactionTime", std::string_view(instant_of(record, "finishedAt")));
  json.add("request", std::string_view(base + "/fhir/R4/" + record.field("target") + "/$set-accounts"));
  const std::string output = output_of(record, failures);
  if (!output.empty()) json.add_json("output", output);
  return json.take();
}

std::string output_json(const Record& record) {
  std::string output = record.field("output");
  const auto leaves = fhir::json_leaves(output);
  const bool good = leaves && fhir::leaf(*leaves, "resourceType") == "Parameters";
  return good ? output : parameters_of({});
}

}  // namespace worker::http::front_door
