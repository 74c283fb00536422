#pragma once

#include <map>
#include <string>
#include <vector>

#include "queue/records.h"

namespace worker {

/// A record as one JSON object on one line: numbers and booleans as such, what is JSON in the record as JSON.
/// `failures` (JSON objects) become the member `failures`, if there are any.
std::string json_of(const queue::Record& record, const std::vector<std::string>& failures);

/// A batch's counts, as HGETALL gives them, behind its name.
std::string json_of(const std::string& batch, const std::map<std::string, std::string>& counts);

}  // namespace worker
