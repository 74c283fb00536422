#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace worker::cli {

/// A job's failure list (JSON objects {reference,status,diagnostics}) as lines, the first `most` of them.
std::string text_of_failures(const std::vector<std::string>& failures, std::size_t most);

}  // namespace worker::cli
