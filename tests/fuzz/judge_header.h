#pragma once

#include <string>

namespace fuzz {

/// Whether one header's value is read rightly, taken for each that we read: RateLimit, Retry-After, Date, ETag; and for
/// an instant of FHIR's.
void judge_header(const std::string& value);

}  // namespace fuzz
