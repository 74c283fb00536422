#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "fhir/operation_outcome.h"
#include "fhir/page_parser.h"
#include "fhir/retry.h"
#include "fhir/self_description.h"
#include "fhir/token_answer.h"
#include "tests/fhir/json_oracle.h"
#include "tests/fuzz/judge_header.h"
#include "tests/fuzz/must.h"

namespace {

using boost::json::value;
using fuzz::must;
using oracle::member;
using std::chrono::seconds;

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// Header lines, an empty line, a body; as a server sends them. Each line's value is judged by itself, too.
fhir::HttpAnswer answer_of(std::string_view input) {
  fhir::HttpAnswer answer;
  answer.status = 429;
  for (;;) {
    const std::string_view line = input.substr(0, input.find('\n'));
    if (line.size() == input.size()) break;
    input.remove_prefix(line.size() + 1);
    if (line.empty()) break;
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string value(line.substr(std::min(colon + 1, line.size())));
    answer.fields.add(line.substr(0, colon), value);
    fuzz::judge_header(value);
  }
  answer.body = input;
  return answer;
}

void judge_reset(const fhir::HttpAnswer& answer) {
  const fhir::RetryPolicy policy;
  const auto reset = reset_after(answer, policy);
  must(reset.wait >= policy.shortest_reset && reset.wait <= policy.longest_reset, "a reset is bounded", answer.body);
  const auto pause = asked_pause(answer, policy);
  must(pause >= seconds(0) && pause <= policy.cap, "a pause is bounded", answer.body);
}

void judge_token(const std::string& body) {
  const auto answer = fhir::parse_token_answer(body);
  must(answer.expires_in >= seconds(1) && answer.expires_in <= seconds(86'400), "a token's life is sensible", body);
  must(is_printable_ascii(answer.access_token) && answer.access_token.find(' ') == std::string::npos,
       "a token stays in its header", answer.access_token);
  must(is_printable_ascii(answer.error) && answer.error.size() <= 200, "an error is one line", answer.error);
  const auto renewal = fhir::renewal_after(answer.expires_in);
  must(renewal > seconds(0) && renewal < answer.expires_in, "a token is renewed before its end", body);
}

void judge_line(const fhir::OperationOutcome& outcome) {
  must(outcome.text.size() <= 2003, "a server's word does not fill a log", outcome.text);
  must(std::ranges::none_of(outcome.text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }),
       "a server's word is one line", outcome.text);
  must(!boost::json::parse(boost::json::serialize(outcome.text)).as_string().empty() || outcome.text.empty(),
       "a server's word is valid UTF-8", outcome.text);
  must(outcome.reset_seconds >= -1 && outcome.reset_seconds <= 86'400, "a reset is sensible", outcome.diagnostics);
}

/// Whether paths tell all values apart, and all of them are kept.
bool has_plain_names(const value& at, std::size_t path = 0) {
  if (path > 200) return false;
  if (at.is_array())
    return std::ranges::all_of(at.get_array(), [&](const value& each) { return has_plain_names(each, path + 8); });
  if (!at.is_object()) return true;
  return std::ranges::all_of(at.get_object(), [&](const auto& each) {
    const std::string_view name(each.key().data(), each.key().size());
    return name.find_first_of(".0123456789") == std::string_view::npos && !name.empty() &&
           has_plain_names(each.value(), path + name.size() + 1);
  });
}

const value* element(const value* array, std::size_t index) {
  return array != nullptr && array->is_array() && index < array->get_array().size() ? &array->get_array()[index]
                                                                                    : nullptr;
}

/// As text, like a leaf.
std::string leaf(const value* at) {
  if (at == nullptr || at->is_null() || at->is_structured()) return "";
  return at->is_string() ? oracle::string(at) : boost::json::serialize(*at);
}

bool is_true(const value* at) {
  return leaf(at) == "true";
}

bool has_leaf(const value* at) {
  if (at == nullptr || at->is_null()) return false;
  if (at->is_array()) return std::ranges::any_of(at->get_array(), [](const value& each) { return has_leaf(&each); });
  if (!at->is_object()) return true;
  return std::ranges::any_of(at->get_object(), [](const auto& each) { return has_leaf(&each.value()); });
}

bool has_leaf_below(const value* at) {
  return at != nullptr && at->is_structured() && has_leaf(at);
}

void judge_outcome(const std::string& json, const value& document) {
  const auto outcome = fhir::parse_operation_outcome(json);
  if (leaf(member(&document, "resourceType")) != "OperationOutcome") {
    must(outcome.id.empty() && outcome.text.empty() && outcome.reset_seconds == -1, "what is no outcome says nothing");
    return;
  }
  const value* issue = element(member(&document, "issue"), 0);
  must(outcome.id == leaf(member(&document, "id")), "an outcome's id", json);
  must(outcome.diagnostics == leaf(member(issue, "diagnostics")), "an outcome's diagnostics", json);
  must(outcome.code == leaf(member(element(member(member(issue, "details"), "coding"), 0), "code")),
       "an outcome's code", json);
  const std::string text = leaf(member(member(issue, "details"), "text"));
  if (!text.empty() && is_printable_ascii(text) && text.size() < 2000)
    must(outcome.text.starts_with(text), "an outcome's text", json);
}

bool hides_some(const value& self) {
  const value* policy = member(&self, "accessPolicy");
  if (!has_leaf_below(policy)) return false;
  const value* rules = member(policy, "resource");
  for (std::size_t i = 0; has_leaf_below(element(rules, i)); ++i) {
    const value* rule = element(rules, i);
    if (leaf(member(rule, "resourceType")) == "*" && leaf(member(rule, "criteria")).empty() &&
        !has_leaf_below(member(rule, "compartment")))
      return false;
  }
  return true;
}

void judge_self(const std::string& json, const value& document) {
  const auto self = fhir::parse_self_description(json);
  const value* membership = member(&document, "membership");
  const value* project = member(&document, "project");
  must(self.has_value() == (has_leaf_below(membership) || has_leaf_below(project)), "who we are is told", json);
  if (!self) return;
  must(self->admin == (is_true(member(membership, "admin")) || is_true(member(project, "superAdmin"))),
       "an admin is one who is said to be", json);
  must(self->may_not_see_all == hides_some(document), "a policy that may hide types is noticed", json);
}

void judge_body(const std::string& body) {
  judge_line(fhir::parse_operation_outcome(body));
  judge_token(body);
  must(is_printable_ascii(fhir::parse_software(body)) && fhir::parse_software(body).size() <= 100, "one line", body);
  static_cast<void>(fhir::parse_self_description(body));

  // What each means is judged where every reader sees the same: no name twice, numbers in one spelling.
  boost::system::error_code error;
  const auto document =
      boost::json::parse(oracle::with_whole_pairs(body), error, {}, {.max_depth = fhir::max_json_depth});
  if (error || !has_plain_names(document)) return;
  const std::string json = boost::json::serialize(document);
  judge_outcome(json, document);
  judge_self(json, document);
}

}  // namespace

/// All that an answer says besides a page: its header lines, and bodies that are read as a whole.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto answer = answer_of(text);
  judge_reset(answer);
  fuzz::judge_header(text);
  judge_body(answer.body);
  return 0;
}
