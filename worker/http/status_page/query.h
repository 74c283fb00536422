#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace worker::http {

/// The first value of that name in a query as sent, decoded; nothing if there is none or its escapes are wrong.
std::optional<std::string> parameter_of(std::string_view query, std::string_view name);

}  // namespace worker::http
