#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fhir {

/// What Medplum's GET /auth/me says of us.
struct SelfDescription {
  std::string profile;           ///< who we are: membership.profile or, without one, the membership itself
  bool admin = false;            ///< membership.admin or project.superAdmin: our account writes are obeyed
  bool may_not_see_all = false;  ///< an access policy without an unconditional `*`: types may be hidden from us
};
/// Nothing if the body is not such an answer.
std::optional<SelfDescription> parse_self_description(std::string_view body);

/// Name and version out of a CapabilityStatement (FHIR R4, CapabilityStatement.software), e.g. "medplum 5.1.29-abc".
std::string parse_software(std::string_view body);

}  // namespace fhir
