#pragma once

#include <string_view>

namespace worker::http {

/// Names of fields, hosts and schemes have no case (in ASCII).
bool same_name(std::string_view one, std::string_view other);

}  // namespace worker::http
