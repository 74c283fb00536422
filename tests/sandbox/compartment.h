#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/json.h"

namespace sandbox {

bool is_uuid(std::string_view id);
/// `Type/id` in FHIR's grammar, relative and literal.
bool is_reference(std::string_view text);
std::string_view type_of(std::string_view reference);
std::string_view id_of(std::string_view reference);

/// The patients a resource points at in the elements of the compartment definition, each once; a Patient himself first.
std::vector<std::string> patients_of(const JsonValue& resource);

/// What the server writes to meta.compartment: the project, accounts whose id is a UUID, and the patients.
JsonValue compartment_of(const JsonValue& resource, std::string_view project, bool uuid_ids, JsonAllocator& allocator);

}  // namespace sandbox
