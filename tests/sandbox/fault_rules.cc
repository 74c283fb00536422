#include "sandbox/fault_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <string>

#include "sandbox/identifiers.h"

namespace sandbox {
namespace {

constexpr std::array<std::string_view, 19> kinds = {
    "status",      "reset",        "stall",     "drip",         "truncate",    "half_json",  "invalid_utf8",
    "html",        "wrong_length", "chunked",   "huge_header",  "deep_json",   "empty_body", "revoke_tokens",
    "next_origin", "next_path",    "next_loop", "ignore_write", "short_length"};
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

RequestKind request_kind(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(RequestKind::other); ++i) {
    if (name_of(static_cast<RequestKind>(i)) == name) return static_cast<RequestKind>(i);
  }
  throw std::invalid_argument("no kind of request");
}

using Setter = void (*)(Fault&, const std::string&);
const std::map<std::string_view, Setter> setters = {
    {"kind", [](Fault& f, const std::string& v) { f.kind = static_cast<FaultKind>(position(kinds, v, "kind")); }},
    {"on", [](Fault& f, const std::string& v) { f.on = request_kind(v); }},
    {"ref", [](Fault& f, const std::string& v) { f.reference = v; }},
    {"probability", [](Fault& f, const std::string& v) { f.probability = std::stod(v); }},
    {"nth", [](Fault& f, const std::string& v) { f.nth = std::stol(v); }},
    {"times", [](Fault& f, const std::string& v) { f.times = std::stol(v); }},
    {"status", [](Fault& f, const std::string& v) { f.status = static_cast<unsigned>(std::stoul(v)); }},
    {"body", [](Fault& f, const std::string& v) { f.body = static_cast<FaultBody>(position(bodies, v, "body")); }},
    {"after-commit", [](Fault& f, const std::string& v) { f.after_commit = v == "true"; }},
    {"wait-ms", [](Fault& f, const std::string& v) { f.wait = std::chrono::milliseconds(std::stol(v)); }},
    {"size", [](Fault& f, const std::string& v) { f.size = std::stoul(v); }},
    {"url", [](Fault& f, const std::string& v) { f.url = v; }},
};

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
    const auto setter = setters.find(name);
    if (setter == setters.end()) throw std::invalid_argument("no such parameter: " + name);
    try {
      setter->second(fault, value);
    } catch (const std::exception& error) {
      throw std::invalid_argument(std::string(name).append("=").append(value).append(": ").append(error.what()));
    }
  }
  return fault;
}

}  // namespace sandbox
