#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace fhir {

/// A relative literal reference `Type/id` (FHIR R4, 2.3.0.1): the only kind that may name a target or an account.
struct Reference {
  std::string type;
  std::string id;

  std::string str() const { return type + "/" + id; }
  auto operator<=>(const Reference&) const = default;
};

/// `[A-Za-z0-9\-\.]{1,64}` (FHIR R4, datatypes: id), but never `.` or `..`, which a URL would resolve away.
bool is_id(std::string_view text);
/// A name in the shape of a FHIR resource type: a capital, then letters, at most 64.
bool is_type(std::string_view text);
/// `Type/id` and nothing else: no URL, no version, no fragment, no query.
std::optional<Reference> parse_reference(std::string_view text);

}  // namespace fhir
