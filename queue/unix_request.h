#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace queue {

/// Sends one short request to a unix socket and answers the first bytes that come back within a second; empty if nobody
/// listens or nothing comes. Blocks.
std::string unix_request(const std::filesystem::path& socket_path, std::string_view request);

}  // namespace queue
