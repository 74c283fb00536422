#include <algorithm>
#include <set>
#include <sstream>

#include "tests/queue/explorer_state.h"

namespace test {
namespace {

/// Numbers that only rise are told by their place among those that are still in use.
class Ranks {
 public:
  void add(const std::string& of, double number) { numbers_[of].insert(number); }
  std::size_t of(const std::string& of, double number) const {
    const auto& set = numbers_.at(of);
    return static_cast<std::size_t>(std::distance(set.begin(), set.find(number)));
  }

 private:
  std::map<std::string, std::set<double>> numbers_;
};

const std::set<std::string, std::less<>> times{"enqueuedAt", "startedAt", "updatedAt", "finishedAt",
                                               "runAt",      "firstAt",   "lastAt",    "keptUntil"};

double claim_in(const std::string& settled) {
  return std::stod(settled.substr(0, settled.find(' ')));
}

Ranks ranks_of(const State& state) {
  Ranks ranks;
  for (const auto& id : state.keys.jobs()) {
    const Fields& job = state.keys.job(id);
    ranks.add(id, number(job, "claim"));
    if (job.contains("settled")) ranks.add(id, claim_in(text(job, "settled")));
    ranks.add("order", number(job, "order"));
  }
  for (const auto& target : state.keys.names("completed:"))
    ranks.add("order", std::stod(state.keys.items("completed:" + target).at(0)));
  for (const auto& worker : state.workers) {
    if (worker.held) ranks.add(worker.held->id, static_cast<double>(worker.held->claim));
    if (worker.last) ranks.add(worker.last->job.id, static_cast<double>(worker.last->job.claim));
  }
  return ranks;
}

void tell_job(const std::string& id, const Fields& job, const Ranks& ranks, std::ostream& out) {
  out << id << "{";
  for (const auto& [field, value] : job) {
    if (times.contains(field)) continue;
    out << field << "=";
    if (field == "claim")
      out << ranks.of(id, std::stod(value));
    else if (field == "order")
      out << ranks.of("order", std::stod(value));
    else if (field == "settled")
      out << ranks.of(id, claim_in(value)) << value.substr(value.find(' '));
    else
      out << value;
    out << " ";
  }
  out << "}\n";
}

void tell_workers(const State& state, const Ranks& ranks, std::ostream& out) {
  for (std::size_t i = 0; i < state.workers.size(); ++i) {
    const auto& worker = state.workers[i];
    out << "w" << i << " ";
    if (worker.held) out << worker.held->id << ranks.of(worker.held->id, static_cast<double>(worker.held->claim));
    if (worker.last)
      out << " " << static_cast<int>(worker.last->kind) << worker.last->job.id
          << ranks.of(worker.last->job.id, static_cast<double>(worker.last->job.claim)) << "/"
          << worker.last->verdict.progress.counts.updated << "/" << worker.last->verdict.progress.counts.written;
    const auto claimed = state.keys.items("claimed:w" + std::to_string(i));
    const bool known = !claimed.empty() && claimed[0].starts_with(worker.token + " ");
    if (worker.token.empty()) {
      out << " fresh\n";
    } else {
      out << (known ? " answered\n" : " refused\n");
    }
  }
}

}  // namespace

std::string canonical(const State& state) {
  const Ranks ranks = ranks_of(state);
  std::ostringstream out;
  std::vector<std::pair<double, std::string>> ages;
  for (const auto& id : state.keys.jobs()) {
    tell_job(id, state.keys.job(id), ranks, out);
    ages.emplace_back(number(state.keys.job(id), "enqueuedAt"), id);
  }
  std::ranges::sort(ages);
  for (const auto& [age, id] : ages) out << id << " ";
  for (const char* zset : {"running", "scheduled", "finished"})
    for (const auto& [id, score] : state.keys.zset(zset)) out << zset << " " << id << (score == 1) << "\n";
  for (const auto& [name, key] : state.keys.keys) {
    if (!name.starts_with("line:") && !name.starts_with("owed:") && name != "retrying" && name != "paused") continue;
    auto items = key.items;
    if (key.type == "set") std::ranges::sort(items);
    out << name;
    for (const auto& item : items) out << " " << item;
    out << "\n";
  }
  for (const auto& target : state.keys.names("completed:"))
    out << "completed " << target << ranks.of("order", std::stod(state.keys.items("completed:" + target).at(0)))
        << "\n";
  tell_workers(state, ranks, out);
  return out.str();
}

}  // namespace test
