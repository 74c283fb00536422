#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "queue/redis_protocol.h"

namespace chaos {

/// Reads what a redis-server has written, in its order: everything that ever was true in it. `folder`: its --dir. Calls
/// `carried_out` with the commands of each transaction (a script is one), or one by one.
void read_append_only_file(const std::filesystem::path& folder,
                           const std::function<void(const std::vector<queue::Command>&)>& carried_out);

}  // namespace chaos
