#pragma once

#include <string>
#include <string_view>

namespace worker {

/// The text as valid UTF-8: each byte that belongs to no valid sequence becomes U+FFFD. What Redis and the FHIR server
/// hand us may be cut in the middle of a character.
std::string valid_utf8(std::string_view text);

/// valid_utf8, and control characters (C0, DEL and C1) become spaces: foreign text can then neither break a line nor
/// steer the terminal it is shown on.
std::string printable(std::string_view text);

}  // namespace worker
