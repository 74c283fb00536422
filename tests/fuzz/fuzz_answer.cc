#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "fhir/instant.h"
#include "fhir/operation_outcome.h"
#include "fhir/outgoing.h"
#include "fhir/page_parser.h"
#include "fhir/rate_limit.h"
#include "fhir/retry.h"
#include "fhir/self_description.h"
#include "fhir/token_answer.h"
#include "sandbox/instant.h"
#include "tests/fhir/json_oracle.h"
#include "tests/fuzz/must.h"

namespace {

using boost::json::value;
using fuzz::must;
using oracle::member;
using std::chrono::seconds;

constexpr long greatest = 1'000'000'000;

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// Header lines, an empty line, a body; as a server sends them.
fhir::HttpAnswer answer_of(std::string_view input) {
  fhir::HttpAnswer answer;
  answer.status = 429;
  for (;;) {
    const std::string_view line = input.substr(0, input.find('\n'));
    if (line.size() == input.size()) break;
    input.remove_prefix(line.size() + 1);
    if (line.empty()) break;
    const std::size_t colon = std::min(line.find(':'), line.size());
    answer.fields.add(std::string(line.substr(0, colon)), std::string(line.substr(std::min(colon + 1, line.size()))));
  }
  answer.body = input;
  return answer;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parts;
}

/// −1 for what is no number, −2 for one so long that it may be none to us.
long number_in(const std::string& parameter) {
  const std::size_t equals = parameter.find('=');
  const std::string digits = equals == std::string::npos ? "" : trimmed(parameter.substr(equals + 1));
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) return -1;
  return digits.size() > 18 ? -2 : std::min(std::stol(digits), greatest);
}

/// Item by item, the last parameter of a name counting.
void judge_each_limit(const std::string& header, const std::vector<fhir::RateLimit>& limits) {
  std::vector<fhir::RateLimit> expected;
  for (const std::string& item : parts_of(header, ',')) {
    auto parts = parts_of(item, ';');
    std::string name = parts.front();
    if (name.size() > 1 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    long remaining = -1, reset = -1;
    parts.erase(parts.begin());
    for (const std::string& part : parts) {
      const std::string key = parts_of(part, '=').front();
      if (key == "r") remaining = number_in(part);
      if (key == "t") reset = number_in(part);
    }
    if (remaining == -2 || reset == -2) return;
    if (!name.empty() && remaining >= 0 && reset >= 0) expected.push_back({name, remaining, seconds(reset)});
  }
  must(limits == expected, "limits are read item by item", header);
}

void judge_rate_limits(const std::string& header) {
  const auto limits = fhir::parse_rate_limits(header);
  judge_each_limit(header, limits);
  for (const fhir::RateLimit& limit : limits) {
    must(!limit.name.empty(), "a limit has a name", header);
    must(limit.remaining >= 0 && limit.remaining <= greatest, "what is left is a sensible number", header);
    must(limit.reset >= seconds(0) && limit.reset <= seconds(greatest), "a reset is a sensible time", header);
  }
  auto twice = limits;
  twice.insert(twice.end(), limits.begin(), limits.end());
  must(fhir::parse_rate_limits(header + "," + header) == twice, "two lines count as one that joins them", header);

  std::string written;
  for (const fhir::RateLimit& limit : limits)
    written += "x;q=1; t= " + std::to_string(limit.reset.count()) + ",\t\"" + limit.name +
               "\" ;r=" + std::to_string(limit.remaining) + ";w=60;t=" + std::to_string(limit.reset.count()) + ",";
  must(fhir::parse_rate_limits(written) == limits, "a limit is read again as it was written", written);
}

void judge_dates(const std::string& text) {
  const auto date = fhir::parse_http_date(text);
  if (!date) return;
  const std::string same = sandbox::http_date(date->time_since_epoch().count() * 1000);
  constexpr std::size_t leap = 23;  // a leap second is the next minute
  must(text[leap] == '6' || same.substr(5, 2) + same.substr(8, 3) + same.substr(12, 4) + same.substr(17) ==
                                text.substr(5, 2) + text.substr(8, 3) + text.substr(12, 4) + text.substr(17),
       "a date is read again as it was written", text);
  must(fhir::parse_http_date(same) == date, "a date that is written is read again", same);
}

void judge_retry_after(const std::string& text) {
  const auto now = std::chrono::sys_seconds(seconds(784'111'777));
  const auto pause = fhir::parse_retry_after(text, now);
  if (!pause) return;
  must(*pause >= seconds(0), "nobody waits for what is over", text);
  const auto later = fhir::parse_retry_after(text, now + seconds(1));
  must(later && *later <= *pause && *later >= *pause - seconds(1), "a later answer never asks for more", text);
}

void judge_instant(const std::string& text) {
  const auto instant = fhir::parse_instant(text);
  const auto before = fhir::instant_before(text, seconds(10));
  must(instant.has_value() == before.has_value(), "what is an instant can be moved", text);
  if (!instant) return;
  must(sandbox::parse_instant(text) == instant->time_since_epoch().count(), "both readers see the same instant", text);
  const bool written_in_four_digits = text >= "0001" && text < "9999";
  if (!written_in_four_digits) return;
  must(fhir::parse_instant(*before) == *instant - seconds(10), "what was moved is an instant again", *before);
}

void judge_reset(const fhir::HttpAnswer& answer) {
  const fhir::RetryPolicy policy;
  const auto reset = reset_after(answer, policy);
  must(reset.wait >= policy.shortest_reset && reset.wait <= policy.longest_reset, "a reset is bounded", answer.body);
  const auto pause = asked_pause(answer, policy);
  must(pause >= seconds(0) && pause <= policy.cap, "a pause is bounded", answer.body);
}

void judge_etag(const std::string& etag) {
  const std::string version = fhir::version_in(etag);
  must(etag.find(version) != std::string::npos, "a version is a part of its ETag", etag);
  if (version.find('"') == std::string::npos && !version.empty())
    must(fhir::version_in("W/\"" + version + "\"") == version, "a version is read out of its ETag", etag);
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

void judge_header(const std::string& text) {
  judge_rate_limits(text);
  judge_dates(text);
  judge_retry_after(text);
  judge_instant(text);
  judge_etag(text);
}

}  // namespace

/// All that an answer says besides a page: its header lines, and bodies that are read as a whole.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto answer = answer_of(text);
  judge_reset(answer);
  judge_header(text);
  for (const auto& line : answer.fields.lines()) judge_header(line.second);
  judge_body(answer.body);
  return 0;
}
