#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace fhir {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// In UTC with milliseconds: `2026-08-12T10:11:12.345Z`; within the years that FHIR's four digits can tell.
std::string instant_text(Instant time);

/// A FHIR instant (R4, datatypes); empty for what is none.
std::optional<Instant> parse_instant(const std::string& text);

/// A FHIR instant (R4, datatypes) moved back in time, in UTC with milliseconds: `2026-08-12T10:11:12.345Z`.
/// Empty for what is no instant.
std::optional<std::string> instant_before(const std::string& instant, std::chrono::milliseconds by);

}  // namespace fhir
