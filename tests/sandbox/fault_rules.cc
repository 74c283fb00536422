#include "sandbox/fault_rules.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "sandbox/identifiers.h"

namespace sandbox {
namespace {

constexpr std::array<std::string_view, 18> kinds = {
    "status",       "reset",         "stall",        "drip",      "truncate",    "half_json",
    "invalid_utf8", "html",          "wrong_length", "chunked",   "huge_header", "deep_json",
    "empty_body",   "revoke_tokens", "next_origin",  "next_path", "next_loop",   "ignore_write"};
constexpr std::array<std::string_view, 4> bodies = {"usual", "outcome", "html", "plain"};

bool fits(const Fault& fault, const Asked& asked) {
  return asked.kind != RequestKind::control && (fault.on == RequestKind::any || fault.on == asked.kind) &&
         (fault.reference.empty() || fault.reference == asked.reference);
}

template <std::size_t n>
std::size_t position(const std::array<std::string_view, n>& names, std::string_view name, const char* parameter) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) throw std::invalid_argument(std::string(parameter) + ": unknown: " + std::string(name));
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

std::optional<Fault> FaultRules::strike(const Asked& asked) {
  std::optional<Fault> struck;
  for (Rule& rule : rules_) {
    if (!fits(rule.fault, asked)) continue;
    ++rule.met;
    if (struck || !strikes(rule)) continue;
    ++rule.struck;
    struck = rule.fault;
  }
  return struck;
}

bool FaultRules::strikes(const Rule& rule) {
  const Fault& fault = rule.fault;
  if (fault.nth > 0 && rule.met != fault.nth) return false;
  if (fault.times > 0 && rule.struck >= fault.times) return false;
  if (fault.probability >= 1) return true;
  random_ = mixed(random_);
  return static_cast<double>(random_ >> 11U) * 0x1.0p-53 < fault.probability;
}

Fault fault_of(const Query& query) {
  Fault fault;
  for (const auto& [name, value] : query.parameters) {
    try {
      if (name == "kind")
        fault.kind = static_cast<FaultKind>(position(kinds, value, "kind"));
      else if (name == "on")
        fault.on = request_kind(value).value();
      else if (name == "ref")
        fault.reference = value;
      else if (name == "probability")
        fault.probability = std::stod(value);
      else if (name == "nth")
        fault.nth = std::stol(value);
      else if (name == "times")
        fault.times = std::stol(value);
      else if (name == "status")
        fault.status = static_cast<unsigned>(std::stoul(value));
      else if (name == "body")
        fault.body = static_cast<FaultBody>(position(bodies, value, "body"));
      else if (name == "after-commit")
        fault.after_commit = value == "true";
      else if (name == "wait-ms")
        fault.wait = std::chrono::milliseconds(std::stol(value));
      else if (name == "size")
        fault.size = std::stoul(value);
      else if (name == "url")
        fault.url = value;
      else
        throw std::invalid_argument("no such parameter");
    } catch (const std::exception& error) {
      throw std::invalid_argument(name + "=" + value + ": " + error.what());
    }
  }
  return fault;
}

std::optional<RequestKind> request_kind(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(RequestKind::other); ++i) {
    if (name_of(static_cast<RequestKind>(i)) == name) return static_cast<RequestKind>(i);
  }
  return std::nullopt;
}

}  // namespace sandbox
