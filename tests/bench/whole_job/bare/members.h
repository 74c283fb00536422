#pragma once

#include <string>
#include <vector>

namespace whole_job {

struct Member {
  std::string path;  ///< Type/id
  std::string version;
};

/// Reads a page, in situ: its resources but for `patient`, and returns the URL of the next page or nothing.
/// As quickly as RapidJSON can, and so without any check that a page of the null server does not need.
std::string read_members(std::string& page, const std::string& patient, std::vector<Member>& members);

/// The same of a single resource.
Member read_member(std::string& resource);

}  // namespace whole_job
