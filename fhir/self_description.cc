#include "fhir/self_description.h"

#include <algorithm>

#include "fhir/json_leaves.h"
#include "fhir/reference.h"

namespace fhir {
namespace {

/// Enough for any policy that a person wrote; what is beyond counts as hidden.
constexpr std::size_t most_rules = 1000;

bool has_any_below(const JsonLeaves& leaves, const std::string& path) {
  const auto next = leaves.lower_bound(path + ".");
  return next != leaves.end() && next->first.starts_with(path + ".");
}

/// AccessPolicy.resource (Medplum): a rule for all types without a condition.
bool is_unconditional(const JsonLeaves& self, const std::string& rule) {
  return leaf(self, rule + ".resourceType") == "*" && leaf(self, rule + ".criteria").empty() &&
         !has_any_below(self, rule + ".compartment");
}

std::string who(const JsonLeaves& self) {
  const auto profile = leaf(self, "membership.profile.reference");
  if (parse_reference(profile)) return std::string(profile);
  const std::string membership = "ProjectMembership/" + std::string(leaf(self, "membership.id"));
  return parse_reference(membership) ? membership : "";
}

bool may_hide_some(const JsonLeaves& self) {
  if (!has_any_below(self, "accessPolicy")) return false;
  for (std::size_t i = 0; i < most_rules; ++i) {
    const std::string rule = "accessPolicy.resource." + std::to_string(i);
    if (!has_any_below(self, rule)) return true;
    if (is_unconditional(self, rule)) return false;
  }
  return true;
}

}  // namespace

std::optional<SelfDescription> parse_self_description(std::string_view body) {
  const auto said = json_leaves(body);
  if (!said || (!has_any_below(*said, "membership") && !has_any_below(*said, "project"))) return std::nullopt;
  SelfDescription self;
  self.profile = who(*said);
  self.admin = leaf(*said, "membership.admin") == "true" || leaf(*said, "project.superAdmin") == "true";
  self.may_not_see_all = may_hide_some(*said);
  return self;
}

std::string parse_software(std::string_view body) {
  const auto said = json_leaves(body).value_or(JsonLeaves());
  constexpr std::size_t longest = 100;
  std::string software(leaf(said, "software.name"));
  const auto version = leaf(said, "software.version");
  if (!software.empty() && !version.empty()) software += ' ';
  software += version;
  software.resize(std::min(software.size(), longest));
  std::ranges::replace_if(software, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return software;
}

}  // namespace fhir
