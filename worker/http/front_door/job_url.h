#pragma once

#include <string>

namespace worker::http::front_door {

/// Where a job's status is asked for.
inline std::string status_url(const std::string& base, const std::string& job) {
  return base + "/fhir/R4/job/" + job + "/status";
}

}  // namespace worker::http::front_door
