#include "tests/worker/eyes/told.h"

#include <sstream>

#include "sandbox/json.h"

namespace test {

std::vector<Line> lines_of(const std::string& log) {
  std::vector<Line> lines;
  std::istringstream texts(log.substr(0, log.rfind('\n') + 1));
  for (std::string text; std::getline(texts, text);) {
    const sandbox::Json json = sandbox::parsed(text);
    Line& line = lines.emplace_back();
    for (const auto& each : json.GetObject())
      line[each.name.GetString()] = each.value.IsString() ? each.value.GetString() : sandbox::to_text(each.value);
  }
  return lines;
}

std::vector<Line> audit_lines(const std::string& log, const std::string& job) {
  std::vector<Line> found;
  for (auto& line : lines_of(log))
    if (line["level"] == "audit" && (job.empty() || line["job"] == job)) found.push_back(line);
  return found;
}

std::vector<Line> events(const std::string& log, const std::string& event) {
  std::vector<Line> found;
  for (auto& line : lines_of(log))
    if (line["event"] == event && line["level"] != "audit") found.push_back(line);
  return found;
}

}  // namespace test
