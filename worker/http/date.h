#pragma once

#include <string>

namespace worker::http {

/// The time of day for a response's Date (RFC 9110 section 5.6.7). It is shown only, nothing is decided by it.
std::string date_now();

}  // namespace worker::http
