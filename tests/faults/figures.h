#pragma once

#include <map>
#include <string>

namespace faults {

/// What became of all jobs of many mixtures.
struct Figures {
  long mixtures = 0;
  long completed = 0;
  long failed = 0;
  long cancelled = 0;
  long kills = 0;          ///< of workers, gentle ones too
  long kills_at_work = 0;  ///< those that were not gentle and met a running job
  long writes = 0;
  long requests = 0;
  long doings = 0;
  std::map<std::string, long> by_error;

  void add(const Figures& other);
  void count_end(const std::string& state, const std::string& error);
};

}  // namespace faults
