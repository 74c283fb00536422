#include "worker/request.h"

#include <set>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "fhir/parameters.h"
#include "worker/printable.h"
#include "worker/traceparent.h"

namespace worker {
namespace {

using fhir::ParseError;
template <class T>
using Parsed = boost::system::result<T, ParseError>;

std::string field(const queue::Job& job, std::string_view name) {
  const auto found = job.fields.find(name);
  return found == job.fields.end() ? std::string() : found->second;
}

Parsed<bool> parse_bool(const queue::Job& job, std::string_view name) {
  const std::string text = field(job, name);
  if (text.empty() || text == "false") return false;
  if (text == "true") return true;
  return ParseError{std::string(name) + ": must be true or false"};
}

/// References separated by commas or blanks.
Parsed<fhir::Accounts> parse_accounts(const std::string& text) {
  constexpr std::string_view separators = ", \t\r\n";
  fhir::Accounts accounts;
  std::set<std::string> seen;
  for (std::size_t begin = text.find_first_not_of(separators); begin != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    const auto reference = fhir::parse_reference(std::string_view(text).substr(begin, end - begin));
    if (!reference)
      return ParseError{"accounts: '" + printable(text.substr(begin, std::min<std::size_t>(end - begin, 100))) +
                        "' is not a reference like Organization/123"};
    if (seen.insert(reference->str()).second) accounts.push_back(fhir::account(reference->str()));
    begin = text.find_first_not_of(separators, end);
  }
  return accounts;
}

Parsed<config::Verify> parse_verify(const queue::Job& job, config::Verify default_verify) {
  const std::string text = field(job, "verify");
  if (text.empty()) return default_verify;
  if (text == "full") return config::Verify::full;
  if (text == "none") return config::Verify::none;
  return ParseError{"verify: must be full or none"};
}

/// What is to be set: from `parameters`, or from `accounts` and `propagate`.
Parsed<fhir::SetAccountsParameters> parse_intent(const queue::Job& job) {
  const bool has_accounts = job.fields.contains("accounts");
  if (job.fields.contains("parameters")) {
    if (has_accounts) return ParseError{"accounts: give either accounts or parameters, not both"};
    if (job.fields.contains("propagate"))
      return ParseError{"propagate: parameters have their own, give one or the other"};
    return fhir::parse_set_accounts_parameters(field(job, "parameters"));
  }
  if (!has_accounts) return ParseError{"accounts: missing (give it empty to remove all accounts)"};
  auto accounts = parse_accounts(field(job, "accounts"));
  if (!accounts) return accounts.error();
  const auto propagate = parse_bool(job, "propagate");
  if (!propagate) return propagate.error();
  return fhir::SetAccountsParameters{std::move(*accounts), *propagate};
}

template <class Range, class Name>
std::string json_array(const Range& range, Name name) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> writer(out);
  writer.StartArray();
  for (const auto& item : range) {
    const std::string_view text = name(item);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }
  writer.EndArray();
  return {out.GetString(), out.GetSize()};
}

}  // namespace

Parsed<Request> parse_request(const queue::Job& job, config::Verify default_verify) {
  const auto target = fhir::parse_reference(job.target);
  if (!target) return ParseError{"target: must be a reference like Patient/123"};
  auto intent = parse_intent(job);
  if (!intent) return intent.error();
  const auto dry_run = parse_bool(job, "dryRun");
  if (!dry_run) return dry_run.error();
  const auto verify = parse_verify(job, default_verify);
  if (!verify) return verify.error();

  Request request;
  request.target = *target;
  request.accounts = std::move(intent->accounts);
  request.propagate = intent->propagate;
  request.dry_run = *dry_run;
  request.verify = *verify;
  request.traceparent = valid_traceparent(field(job, "traceparent"));
  return request;
}

std::string references_json(const fhir::Accounts& accounts) {
  return json_array(accounts, [](const fhir::Account& account) { return std::string_view(account.reference); });
}

std::string references_json(const fhir::Removals& removals) {
  return json_array(removals, [](const std::string& reference) { return std::string_view(reference); });
}

}  // namespace worker
