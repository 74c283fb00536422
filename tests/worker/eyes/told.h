#pragma once

#include <map>
#include <string>
#include <vector>

namespace test {

/// A line of a log in JSON: each member as text, numbers as they stand there.
using Line = std::map<std::string, std::string>;

/// Each whole line. Throws std::invalid_argument for one that is no JSON object.
std::vector<Line> lines_of(const std::string& log);
/// Those of the audit level, in their order; of one job, or of all.
std::vector<Line> audit_lines(const std::string& log, const std::string& job = {});
/// Those of an event.
std::vector<Line> events(const std::string& log, const std::string& event);

}  // namespace test
