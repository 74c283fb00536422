#include "tests/queue/explorer_state.h"

#include <array>

namespace test {
namespace {

using Kind = Action::Kind;

constexpr std::array<const char*, 23> names{
    "add",   "cancel",      "retry",    "pause",      "resume",        "claim",          "claim again", "owe",
    "renew", "get further", "complete", "fail",       "end cancelled", "try again",      "hand back",   "repeat",
    "crash", "lease ends",  "sweep",    "delay ends", "promote",       "record expires", "forget"};

}  // namespace

std::string Action::text() const {
  std::string text = names.at(static_cast<std::size_t>(kind));
  if (!job.empty()) text += " " + job;
  if ((kind >= Kind::claim && kind <= Kind::crash) || kind == Kind::sweep) text += " by w" + std::to_string(worker);
  return text;
}

std::vector<Action> possible(const State& state, const std::vector<Wish>& wishes) {
  const Model& model = state.model;
  std::vector<Action> actions{{.kind = Kind::promote}, {.kind = model.paused ? Kind::resume : Kind::pause}};
  if (!state.keys.zset("finished").empty()) actions.push_back({.kind = Kind::forget});
  for (const auto& wish : wishes) actions.push_back({.kind = Kind::add, .job = wish.id});  // also a second time
  for (const auto& [id, job] : model.jobs) {
    if (!is_final(job.state)) actions.push_back({.kind = Kind::cancel, .job = id});
    if (is_final(job.state)) actions.push_back({.kind = Kind::retry, .job = id});
    if (is_final(job.state)) actions.push_back({.kind = Kind::record_expires, .job = id});
    if (job.state == queue::JobState::running && !job.overdue) actions.push_back({.kind = Kind::lease_ends, .job = id});
    if (job.state == queue::JobState::scheduled && !job.overdue)
      actions.push_back({.kind = Kind::delay_ends, .job = id});
  }
  for (std::size_t w = 0; w < state.workers.size(); ++w) {
    const Worker& worker = state.workers[w];
    if (w == 0) actions.push_back({.kind = Kind::sweep, .worker = w});
    if (!worker.token.empty()) actions.push_back({.kind = Kind::claim_again, .worker = w});
    if (worker.last) actions.push_back({.kind = Kind::repeat, .worker = w});
    if (!worker.held) actions.push_back({.kind = Kind::claim, .worker = w});
    if (!worker.held) continue;
    actions.push_back({.kind = Kind::crash, .worker = w});
    for (const Kind kind : {Kind::owe, Kind::renew, Kind::get_further, Kind::complete, Kind::fail, Kind::end_cancelled,
                            Kind::try_again, Kind::hand_back})
      actions.push_back({.kind = kind, .worker = w, .job = worker.held->id});
  }
  return actions;
}

}  // namespace test
