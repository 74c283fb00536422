#pragma once

#include <string>
#include <string_view>

#include "fhir/http_message.h"

namespace fhir {

/// Puts the whole request, as it goes over the wire to `authority` (RFC 9112), into `out`, in place of what is there: a
/// buffer that is used again costs no memory.
void write_request(const HttpRequest& request, std::string_view authority, std::string& out);

}  // namespace fhir
