#include <algorithm>

#include "tests/queue/explorer_model.h"

namespace test {

using queue::JobState;
using queue::Verdict;

std::optional<std::string> Model::claim(const std::string& worker, const std::string& token) {
  const auto before = answers_.find(worker);
  if (before != answers_.end() && before->second.token == token) {
    const bool still = held(before->second.id, before->second.claim) != nullptr;
    return still ? std::optional(before->second.id) : std::nullopt;
  }
  if (paused) return std::nullopt;
  const ModelJob* best = nullptr;
  int best_urgency = 0;
  for (const auto& [target, line] : lines) {
    if (line.empty()) continue;
    const ModelJob& head = jobs.at(line.front());
    if (head.state != JobState::queued) continue;
    const int its_urgency = urgency(line);
    const bool better = best == nullptr || its_urgency > best_urgency ||
                        (its_urgency == best_urgency && head.enqueued < best->enqueued);
    if (!better) continue;
    best = &head;
    best_urgency = its_urgency;
  }
  return best == nullptr ? std::nullopt : std::optional(best->id);
}

void Model::claimed(const std::string& worker, const std::string& token, const std::string& id, std::int64_t claim) {
  ModelJob& job = jobs.at(id);
  job.overdue = false;
  if (held(id, claim) != nullptr) return;
  answers_[worker] = {.token = token, .id = id, .claim = claim};
  job.claim = claim;
  ++job.attempt;
  job.updated = 0;
  change(job, JobState::running);
}

queue::Standing Model::renew(const std::string& id, std::int64_t claim, const queue::Counts& counts) {
  ModelJob* job = held(id, claim);
  if (job == nullptr) return queue::Standing::lost;
  job->overdue = false;
  record(*job, counts);
  return job->to_be_cancelled ? queue::Standing::cancel_requested : queue::Standing::ours;
}

bool Model::owe(const std::string& id, std::int64_t claim, const std::string& account) {
  const ModelJob* job = held(id, claim);
  if (job != nullptr) owed[job->target].insert(account);
  return job != nullptr;
}

std::optional<JobState> Model::settle(const std::string& id, std::int64_t claim, const Verdict& verdict) {
  ModelJob* job = held(id, claim);
  if (job == nullptr) {
    const auto known = jobs.find(id);
    if (known == jobs.end() || !known->second.settled || known->second.settled->first != claim) return std::nullopt;
    return known->second.settled->second;
  }
  record(*job, verdict.progress.counts);
  const bool to_be_cancelled = job->to_be_cancelled;
  switch (verdict.kind) {
    case Verdict::Kind::completed:
      for (const auto& account : verdict.removed) owed[job->target].erase(account);
      completed_[job->target] = std::max(completed_[job->target], job->order);
      end(*job, JobState::completed);
      break;
    case Verdict::Kind::failed:
      end(*job, JobState::failed);
      break;
    case Verdict::Kind::cancelled:
      end(*job, JobState::cancelled);
      break;
    case Verdict::Kind::again:
      if (to_be_cancelled) {
        end(*job, JobState::cancelled);
      } else if (job->attempt >= job->max_attempts) {
        end(*job, JobState::failed);
      } else {
        job->lost_in_a_row = 0;
        job->retrying = true;
        change(*job, JobState::scheduled);
      }
      break;
    case Verdict::Kind::handed_back:
      if (to_be_cancelled) {
        end(*job, JobState::cancelled);
      } else {
        job->lost_in_a_row = 0;
        give_back(*job);
      }
      break;
  }
  job->settled = {claim, job->state};
  return job->state;
}

ModelJob* Model::held(const std::string& id, std::int64_t claim) {
  const auto found = jobs.find(id);
  const bool holds = found != jobs.end() && found->second.state == JobState::running && found->second.claim == claim;
  return holds ? &found->second : nullptr;
}

void Model::record(ModelJob& job, const queue::Counts& counts) {
  job.updated = counts.updated;
  job.written = counts.written;
}

int Model::urgency(const std::vector<std::string>& line) const {
  int highest = -1000;
  for (const auto& id : line) highest = std::max(highest, jobs.at(id).priority);
  return highest;
}

}  // namespace test
