#pragma once

#include <string>

namespace queue {

/// The prefix of a queue's keys: its name as hash tag, so that all of them live in one slot of a Redis Cluster.
inline std::string prefix_of(const std::string& queue_name) {
  return "{" + queue_name + "}";
}

inline std::string job_key(const std::string& prefix, const std::string& id) {
  return prefix + ":job:" + id;
}
inline std::string events_channel(const std::string& prefix) {
  return prefix + ":events";
}
inline std::string owed_key(const std::string& prefix, const std::string& target) {
  return prefix + ":owed:" + target;
}

}  // namespace queue
