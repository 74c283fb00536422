#pragma once

#include <map>
#include <string>
#include <vector>

namespace faults {

struct QueuedJob {
  std::string id;
  std::string target;
  std::vector<std::string> accounts;
  std::map<std::string, std::string, std::less<>> record;  ///< once it has ended
  std::vector<std::string> failures;

  std::string field(const std::string& name) const {
    const auto found = record.find(name);
    return found == record.end() ? std::string() : found->second;
  }
};

}  // namespace faults
