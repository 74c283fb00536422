#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace sandbox {

/// A resource of 1 to 4 KB as clinics write them, with `%name%` where something is to be filled in:
/// id, patient, second, practitioner, organization, location, medication, device, n.
struct SampleResource {
  std::string_view type;
  std::string_view json;  ///< without resourceType, id, meta and text
};

/// In the order and with the repetitions in which a compartment is made of them: much Observation, a little of the
/// rest.
std::span<const SampleResource> sample_members();
/// Resources that are in the compartments of the patient and of a second one.
std::span<const SampleResource> sample_shared_members();
/// Resources that members refer to, which are in nobody's compartment.
std::span<const SampleResource> sample_bystanders();

using Fillings = std::map<std::string, std::string, std::less<>>;

/// The whole resource, with narrative of a length that depends on `random`, and meta.accounts as given (JSON, or
/// empty).
std::string filled(const SampleResource& sample, const Fillings& fillings, std::string_view more_meta,
                   std::uint64_t random);

}  // namespace sandbox
