#include "fhir/operation_outcome.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "fhir/json_leaves.h"

namespace fhir {

namespace {

/// Long enough to say why; a server's word must not fill a log.
constexpr std::size_t longest_text = 2000;
/// FHIR sets no bound to the number of issues or extensions; nobody reads more.
constexpr std::size_t most_looked_at = 20;

constexpr std::string_view reset_extension = "https://medplum.com/fhir/StructureDefinition/rate-limit-reset";

std::string text_of_issue(const JsonLeaves& outcome, std::size_t index) {
  const std::string issue = "issue." + std::to_string(index);
  const auto text = leaf(outcome, issue + ".details.text");
  return std::string(text.empty() ? leaf(outcome, issue + ".diagnostics") : text);
}

/// One line, valid UTF-8, not too long.
std::string line(std::string text) {
  if (text.size() > longest_text) {
    std::size_t end = longest_text;
    while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
    text += "…";
  }
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20U || c == 0x7F; }, ' ');
  return text;
}

std::string texts_of_issues(const JsonLeaves& outcome) {
  std::string texts;
  for (std::size_t i = 0; i < most_looked_at; ++i) {
    const auto text = text_of_issue(outcome, i);
    if (text.empty()) continue;
    if (!texts.empty()) texts += "; ";
    texts += text;
  }
  return line(std::move(texts));
}

/// Rounded up; −1 for what is no number or further away than the window of any quota.
long seconds(std::string_view number, double units_in_a_second) {
  constexpr double longest = 86400;
  double value = -1;
  const auto [end, error] = std::from_chars(number.begin(), number.end(), value);
  if (error != std::errc() || end != number.end()) return -1;
  value /= units_in_a_second;
  return value >= 0 && value <= longest ? static_cast<long>(std::ceil(value)) : -1;
}

/// Medplum 5.2: extension.valueUnsignedInt, in seconds.
long reset_of_extension(const JsonLeaves& outcome) {
  for (std::size_t i = 0; i < most_looked_at; ++i) {
    const std::string extension = "extension." + std::to_string(i);
    if (leaf(outcome, extension + ".url") == reset_extension)
      return seconds(leaf(outcome, extension + ".valueUnsignedInt"), 1);
  }
  return -1;
}

/// Before 5.2: diagnostics are a JSON text, in which a member (with or without an underscore) counts milliseconds.
long reset_of_diagnostics(std::string_view diagnostics) {
  const auto limit = json_leaves(diagnostics);
  if (!limit) return -1;
  const auto milliseconds = leaf(*limit, "msBeforeNext");
  return seconds(milliseconds.empty() ? leaf(*limit, "_msBeforeNext") : milliseconds, 1000);
}

}  // namespace

OperationOutcome parse_operation_outcome(std::string_view body) {
  const auto leaves = json_leaves(body);
  OperationOutcome outcome;
  outcome.cut_short = !leaves && body.starts_with('{');
  outcome.is_one = leaves && leaf(*leaves, "resourceType") == "OperationOutcome";
  if (!outcome.is_one) return outcome;
  outcome.id = leaf(*leaves, "id");
  outcome.code = leaf(*leaves, "issue.0.details.coding.0.code");
  outcome.text = texts_of_issues(*leaves);
  outcome.diagnostics = leaf(*leaves, "issue.0.diagnostics");
  outcome.reset_seconds = reset_of_extension(*leaves);
  if (outcome.reset_seconds < 0) outcome.reset_seconds = reset_of_diagnostics(outcome.diagnostics);
  return outcome;
}

}  // namespace fhir
