#include "fhir/target_references.h"

#include <algorithm>
#include <span>

#include "fhir/compartment_definition.h"

namespace fhir {

namespace {

bool is_path(std::string_view path, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (path.substr(0, path.find('.')) != name) return false;
    path.remove_prefix(std::min(path.size(), name.size() + 1));
  }
  return path.empty();
}

/// A scheme, a host at least, and a slash at the end.
bool is_base_url(std::string_view text) {
  constexpr std::string_view after_scheme = "://";
  const auto scheme = text.find(after_scheme);
  return scheme != std::string_view::npos && scheme + after_scheme.size() + 1 < text.size() && text.ends_with('/');
}

}  // namespace

void TargetReferences::member(std::size_t level, std::string_view name) {
  if (level < levels) names_[level] = name;
  if (found_.size() == found_before_[level]) return;
  const auto own = found_.begin() + static_cast<std::ptrdiff_t>(found_before_[level]);
  const auto same_name = [&](const Place& place) {
    return level == place.depth ? name == "reference" : place.names[level] == name;
  };
  found_.erase(std::remove_if(own, found_.end(), same_name), found_.end());
}

void TargetReferences::reference(std::size_t level, std::string_view reference) {
  if (is_target(reference)) found_.push_back({names_, level});
}

bool TargetReferences::decides(std::string_view type) const {
  const auto paths = patient_reference_paths(type);
  return std::ranges::any_of(found_, [&](const Place& place) {
    const std::span names(place.names.data(), place.depth);
    return std::ranges::any_of(paths, [&](std::string_view path) { return is_path(path, names); });
  });
}

/// `Patient/x`, the same with a version, or the same behind a server's base URL (FHIR R4, 2.3.0.1).
bool TargetReferences::is_target(std::string_view reference) const {
  reference = reference.substr(0, reference.find("/_history/"));
  if (!reference.ends_with(target_)) return false;
  const auto base = reference.substr(0, reference.size() - target_.size());
  return base.empty() || is_base_url(base);
}

}  // namespace fhir
