#include "fhir/patient_references.h"

#include <algorithm>
#include <span>

#include "fhir/reference.h"

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

/// `Patient/x` of a reference that says so, also with a version or behind a server's base URL (FHIR R4, 2.3.0.1).
/// Empty for any other.
std::string_view patient_in(std::string_view reference) {
  constexpr std::string_view type = "Patient/";
  if (reference.starts_with(type) && is_id(reference.substr(type.size()))) return reference;
  reference = reference.substr(0, reference.find("/_history/"));
  const auto begin = reference.rfind(type);
  if (begin == std::string_view::npos || !is_id(reference.substr(begin + type.size()))) return {};
  const auto base = reference.substr(0, begin);
  return base.empty() || is_base_url(base) ? reference.substr(begin) : std::string_view{};
}

}  // namespace

void PatientReferences::member(std::size_t level, std::string_view name) {
  if (level < levels) names_[level] = name;
  if (found_.size() == found_before_[level]) return;
  const auto own = found_.begin() + static_cast<std::ptrdiff_t>(found_before_[level]);
  const auto same_name = [&](const Place& place) {
    return level == place.depth ? name == "reference" : place.names[level] == name;
  };
  found_.erase(std::remove_if(own, found_.end(), same_name), found_.end());
}

void PatientReferences::reference(std::size_t level, std::string_view reference) {
  const auto patient = patient_in(reference);
  if (!patient.empty()) found_.push_back({names_, level, patient});
}

std::vector<std::string> PatientReferences::at_paths_of(std::string_view type) const {
  std::vector<std::string> patients;
  for (const Place& place : found_)
    if (is_of(place, type) && std::ranges::find(patients, place.patient) == patients.end())
      patients.emplace_back(place.patient);
  return patients;
}

bool PatientReferences::name(std::string_view patient, std::string_view type) const {
  return std::ranges::any_of(found_,
                             [&](const Place& place) { return place.patient == patient && is_of(place, type); });
}

bool PatientReferences::is_of(const Place& place, std::string_view type) const {
  const std::span names(place.names.data(), place.depth);
  return std::ranges::any_of(patient_reference_paths(type),
                             [&](std::string_view path) { return is_path(path, names); });
}

}  // namespace fhir
