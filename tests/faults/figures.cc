#include "tests/faults/figures.h"

namespace faults {
namespace {

/// Short enough to count by: without names and numbers of one run.
std::string kind_of_error(const std::string& error) {
  std::string kind;
  for (const char c : error.substr(0, 200))
    if (c < '0' || c > '9') kind += c;
  const auto list = kind.find(" resources could not be updated");
  return list == std::string::npos ? kind.substr(0, 110) : "resources could not be updated";
}

}  // namespace

void Figures::add(const Figures& other) {
  mixtures += other.mixtures;
  completed += other.completed;
  failed += other.failed;
  cancelled += other.cancelled;
  kills += other.kills;
  kills_at_work += other.kills_at_work;
  writes += other.writes;
  requests += other.requests;
  doings += other.doings;
  for (const auto& [error, n] : other.by_error) by_error[error] += n;
}

void Figures::count_end(const std::string& state, const std::string& error) {
  completed += state == "completed" ? 1 : 0;
  failed += state == "failed" ? 1 : 0;
  cancelled += state == "cancelled" ? 1 : 0;
  if (state == "failed") ++by_error[kind_of_error(error)];
}

}  // namespace faults
