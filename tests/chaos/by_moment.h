#pragma once

#include <map>
#include <utility>
#include <vector>

#include "tests/chaos/scale.h"

namespace chaos {

/// In the order of their `at`; those of one moment as they were. (libstdc++ 12's stable_sort uses what C++20
/// deprecates.)
template <class Planned>
std::vector<Planned> by_moment(std::vector<Planned> all) {
  std::multimap<Millis, Planned> sorted;
  for (Planned& each : all) sorted.emplace(each.at, std::move(each));
  all.clear();
  for (auto& [at, each] : sorted) all.push_back(std::move(each));
  return all;
}

}  // namespace chaos
