#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "fhir/parameters.h"
#include "tests/fhir/page_oracle.h"
#include "tests/fhir/random_page.h"
#include "tests/fuzz/must.h"
#include "worker/printable.h"
#include "worker/request.h"

namespace {

using fhir::Accounts;
using fuzz::must;
using oracle::member;

/// As a job's fields come: `name=value`, with a byte between them that no text has. Behind such a byte in front, dice
/// for `parameters`.
queue::Job job_of(std::string_view input) {
  queue::Job job;
  if (input.starts_with('\xff')) {
    oracle::Dice dice(input.substr(1));
    job.target = "Patient/p";
    job.fields = {{"target", job.target}, {"parameters", oracle::random_parameters(dice)}};
    return job;
  }
  while (!input.empty()) {
    const std::string_view field = input.substr(0, input.find('\xff'));
    input.remove_prefix(std::min(field.size() + 1, input.size()));
    const std::size_t equals = std::min(field.find('='), field.size());
    const std::string value(field.substr(std::min(equals + 1, field.size())));
    job.fields.insert_or_assign(std::string(field.substr(0, equals)), value);
  }
  job.target = job.fields["target"];
  return job;
}

std::string field(const queue::Job& job, const std::string& name) {
  const auto found = job.fields.find(name);
  return found == job.fields.end() ? "" : found->second;
}

bool is_one_of(const std::string& text, const std::set<std::string>& allowed) {
  return allowed.contains(text);
}

/// By characters, without the reader under test.
bool is_reference(std::string_view text) {
  const std::string_view type = text.substr(0, text.find('/'));
  if (type.size() == text.size() || type.empty() || type.size() > 64) return false;
  const std::string_view id = text.substr(type.size() + 1);
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto of_id = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  if (type.front() > 'Z' || !std::ranges::all_of(type, letter)) return false;
  return !id.empty() && id.size() <= 64 && id != "." && id != ".." && std::ranges::all_of(id, of_id);
}

/// What is asked for, each account as JSON.
struct Intent {
  std::vector<std::string> accounts;
  bool propagate = false;
};

/// False for an element that no job may have.
bool take(const boost::json::value& parameter, Intent& intent, std::set<std::string>& taken) {
  const std::string name = oracle::string(member(&parameter, "name"));
  if (name.empty()) return false;
  if (name == "accounts") {
    const auto* account = member(&parameter, "valueReference");
    const std::string reference = oracle::string(member(account, "reference"));
    if (!is_reference(reference)) return false;
    if (taken.insert(reference).second) intent.accounts.push_back(boost::json::serialize(*account));
  }
  if (name == "propagate") {
    const auto* propagate = member(&parameter, "valueBoolean");
    if (propagate == nullptr || !propagate->is_bool() || !taken.insert("propagate").second) return false;
    intent.propagate = propagate->get_bool();
  }
  return true;
}

/// From the whole document; nothing for what has to be refused.
std::optional<Intent> of_parameters(const std::string& json) {
  boost::system::error_code error;
  const auto document =
      boost::json::parse(oracle::with_whole_pairs(json), error, {}, {.max_depth = fhir::max_json_depth});
  if (error || oracle::string(member(&document, "resourceType")) != "Parameters") return std::nullopt;
  Intent intent;
  const auto* list = member(&document, "parameter");
  if (list == nullptr) return intent;
  std::set<std::string> taken;
  const auto good = [&](const boost::json::value& parameter) { return take(parameter, intent, taken); };
  if (!list->is_array() || !std::ranges::all_of(list->get_array(), good)) return std::nullopt;
  return intent;
}

std::optional<Intent> of_fields(const queue::Job& job) {
  Intent intent;
  std::set<std::string> taken;
  std::string accounts = field(job, "accounts");
  std::ranges::replace_if(accounts, [](char c) { return c == '\t' || c == '\r' || c == '\n' || c == ','; }, ' ');
  for (std::size_t begin = 0; begin < accounts.size();) {
    const std::size_t end = std::min(accounts.find(' ', begin), accounts.size());
    const std::string reference = accounts.substr(begin, end - begin);
    begin = end + 1;
    if (reference.empty()) continue;
    if (!is_reference(reference)) return std::nullopt;
    if (taken.insert(reference).second) intent.accounts.push_back(R"({"reference":")" + reference + "\"}");
  }
  if (!job.fields.contains("accounts") || !is_one_of(field(job, "propagate"), {"", "true", "false"}))
    return std::nullopt;
  intent.propagate = field(job, "propagate") == "true";
  return intent;
}

std::optional<Intent> expected_of(const queue::Job& job) {
  if (!is_reference(job.target) || !is_one_of(field(job, "dryRun"), {"", "true", "false"}) ||
      !is_one_of(field(job, "verify"), {"", "full", "none"}))
    return std::nullopt;
  if (!job.fields.contains("parameters")) return of_fields(job);
  if (job.fields.contains("accounts") || job.fields.contains("propagate")) return std::nullopt;
  return of_parameters(field(job, "parameters"));
}

/// The document keeps one of each name; the text may have had more.
bool names_one_twice(const std::string& json) {
  std::size_t depth = 0, members = 1;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (quoted && json[i] == '\\') {
      ++i;
      continue;
    }
    if (json[i] == '"') quoted = !quoted;
    if (quoted) continue;
    if (json[i] == '{' || json[i] == '[') ++depth;
    if (json[i] == '}' || json[i] == ']') --depth;
    if (json[i] == ',' && depth == 1) ++members;
  }
  return members != oracle::parse(oracle::with_whole_pairs(json)).as_object().size();
}

/// What is sound for the reader of whole documents may be refused: a number that no double can hold, and a list that
/// stood there before another of the same name.
bool is_strictness(const std::string& json, const std::string& error) {
  return error.find("Number too big") != std::string::npos || names_one_twice(json);
}

void judge_refusal(const queue::Job& job, const std::string& error) {
  const auto fields = {"target", "accounts", "parameters", "propagate", "dryRun", "verify"};
  const std::string name = error.substr(0, error.find_first_of(":,"));
  must(std::ranges::count(fields, name) == 1, "a refusal names the field", error);
  must(!error.substr(name.size()).starts_with(": " + name + ":"), "and once only", error);
  must(worker::printable(error) == error && error.size() < 500, "a refusal is one printable line", error);
  must(!expected_of(job) || is_strictness(field(job, "parameters"), error), "a sound job is accepted", error);
}

void judge_request(const queue::Job& job, const worker::Request& request) {
  const auto expected = expected_of(job);
  must(expected.has_value(), "an unsound job is refused");
  must(request.target.str() == job.target, "the target is as requested", job.target);
  must(request.propagate == expected->propagate, "propagate is as requested");
  must(request.dry_run == (field(job, "dryRun") == "true"), "dryRun is as requested");
  must((request.verify == config::Verify::none) == (field(job, "verify") == "none"), "verify is as requested");
  static const std::regex of_version_00("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
  const std::string& trace = request.traceparent;
  must(trace.empty() || std::regex_match(trace, of_version_00), "traceparent is one of version 00", trace);
  must(trace.empty() || field(job, "traceparent").substr(3, 49) == trace.substr(3, 49),
       "and the one that was requested");

  std::vector<std::string> accounts;
  boost::json::array references;
  for (const fhir::Account& account : request.accounts) {
    const auto whole = oracle::parse(account.json);
    must(oracle::string(member(&whole, "reference")) == account.reference, "an account is its reference", account.json);
    accounts.push_back(boost::json::serialize(whole));
    references.emplace_back(account.reference);
  }
  must(accounts == expected->accounts, "every member of each account is kept, in order");
  must(oracle::parse(worker::references_json(request.accounts)) == references, "the record gets the references");
}

}  // namespace

/// A reader of whole documents must agree on what a job asks for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const queue::Job job = job_of({reinterpret_cast<const char*>(bytes), size});
  const auto request = worker::parse_request(job, config::Verify::full);
  if (request)
    judge_request(job, *request);
  else
    judge_refusal(job, request.error().reason);
  return 0;
}
