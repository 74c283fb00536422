#include "tests/queue/explorer_model.h"

#include <algorithm>

namespace test {

using queue::JobState;

bool is_final(JobState state) {
  return state == JobState::completed || state == JobState::failed || state == JobState::cancelled;
}

void Model::add(ModelJob job, Kind kind) {
  if (jobs.contains(job.id)) return;
  ModelJob& added = jobs[job.id] = std::move(job);
  if (!added.batch.empty()) ++batches[added.batch]["jobs"];
  if (kind == Kind::invalid) {
    added.state = JobState::failed;
    ++ended["failed"];
  } else {
    added.state = kind == Kind::delayed ? JobState::scheduled : JobState::queued;
    if (kind == Kind::delayed)
      added.order = ++orders_;
    else
      join_line(added);
  }
  if (!added.batch.empty()) ++batches[added.batch][std::string(name_of(added.state))];
  told.emplace_back(added.id, added.state);
}

void Model::cancel(const std::string& id) {
  if (!alive(id)) return;
  ModelJob& job = jobs.at(id);
  if (job.state == JobState::running)
    job.to_be_cancelled = true;
  else
    end(job, JobState::cancelled);
}

void Model::retry(const std::string& id) {
  const auto found = jobs.find(id);
  if (found == jobs.end()) return;
  ModelJob& job = found->second;
  if (job.state != JobState::failed && job.state != JobState::cancelled) return;
  if (job.order == 0 || completed_[job.target] > job.order) return;
  sum_in_batch(job, -1);
  job.attempt = 0;
  job.updated = job.most_updated = job.written = 0;
  job.lost_in_a_row = 0;
  change(job, JobState::queued);
  join_line(job);
}

void Model::promote() {
  for (auto& [id, job] : jobs) {
    if (job.state != JobState::scheduled || !job.overdue) continue;
    const bool keeps_its_place = job.retrying;
    job.retrying = false;
    change(job, JobState::queued);
    if (!keeps_its_place) join_line(job);
  }
}

void Model::sweep() {
  for (auto& [id, job] : jobs) {
    if (job.state != JobState::running || !job.overdue) continue;
    const bool further = job.updated > job.most_updated;
    job.lost_in_a_row = further ? 0 : job.lost_in_a_row + 1;
    job.most_updated = std::max(job.updated, job.most_updated);
    if (job.to_be_cancelled)
      end(job, JobState::cancelled);
    else if (job.lost_in_a_row == 3)
      end(job, JobState::failed);
    else
      give_back(job);
  }
}

void Model::expire(const std::string& id) {
  jobs.erase(id);
}

bool Model::alive(const std::string& id) const {
  const auto found = jobs.find(id);
  return found != jobs.end() && !is_final(found->second.state);
}

void Model::change(ModelJob& job, JobState state) {
  if (!job.batch.empty()) {
    --batches[job.batch][std::string(name_of(job.state))];
    ++batches[job.batch][std::string(name_of(state))];
  }
  job.state = state;
  job.overdue = false;
  told.emplace_back(job.id, state);
}

void Model::end(ModelJob& job, JobState state) {
  change(job, state);
  ++ended[std::string(name_of(state))];
  job.retrying = job.to_be_cancelled = false;
  sum_in_batch(job, 1);
  std::erase(lines[job.target], job.id);
}

void Model::give_back(ModelJob& job) {
  --job.attempt;
  change(job, JobState::queued);
}

void Model::join_line(ModelJob& job) {
  job.order = ++orders_;
  lines[job.target].push_back(job.id);
}

void Model::sum_in_batch(const ModelJob& job, int sign) {
  if (job.batch.empty()) return;
  batches[job.batch]["resourcesUpdated"] += sign * static_cast<std::int64_t>(job.updated);
  batches[job.batch]["resourcesWritten"] += sign * static_cast<std::int64_t>(job.written);
}

}  // namespace test
