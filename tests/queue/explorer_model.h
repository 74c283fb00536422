#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "queue/job.h"
#include "queue/job_queue.h"

namespace test {

/// A job as the semantics speak of it.
struct ModelJob {
  std::string id;
  std::string target;
  std::string batch;
  int priority = 0;
  std::int64_t enqueued = 0;
  int max_attempts = 1;

  queue::JobState state = queue::JobState::queued;
  int attempt = 0;
  std::int64_t claim = 0;
  std::int64_t order = 0;  ///< when it joined its line; 0: never a job
  bool retrying = false;   ///< scheduled, and at the head of its line
  bool overdue = false;    ///< its lease is over, or its delay
  bool to_be_cancelled = false;
  int lost_in_a_row = 0;
  std::uint64_t updated = 0;  ///< by the running attempt
  std::uint64_t most_updated = 0;
  std::uint64_t written = 0;
  std::optional<std::pair<std::int64_t, queue::JobState>> settled;  ///< by which claim, and how
};

/// What the queue must do, said a second time: plainly, without Redis, times or scores.
class Model {
 public:
  enum class Kind { queued, delayed, invalid };
  void add(ModelJob job, Kind kind);
  void cancel(const std::string& id);
  void retry(const std::string& id);

  /// The job that the worker must get.
  std::optional<std::string> claim(const std::string& worker, const std::string& token);
  /// Under this number.
  void claimed(const std::string& worker, const std::string& token, const std::string& id, std::int64_t claim);

  queue::Standing renew(const std::string& id, std::int64_t claim, const queue::Counts& counts);
  bool owe(const std::string& id, std::int64_t claim, const std::string& account);
  /// Nothing for a former holder.
  std::optional<queue::JobState> settle(const std::string& id, std::int64_t claim, const queue::Verdict& verdict);

  void promote();
  void sweep();
  void expire(const std::string& id);

  bool alive(const std::string& id) const;

  std::map<std::string, ModelJob> jobs;  ///< that have a record
  std::map<std::string, std::vector<std::string>> lines;
  std::map<std::string, std::set<std::string>> owed;
  std::map<std::string, std::map<std::string, std::int64_t>> batches;
  std::map<std::string, std::int64_t> ended;  ///< how many ever, by state
  bool paused = false;
  std::vector<std::pair<std::string, queue::JobState>> told;  ///< every change of state

 private:
  struct Answer {
    std::string token;
    std::string id;
    std::int64_t claim = 0;
  };
  ModelJob* held(const std::string& id, std::int64_t claim);
  void change(ModelJob& job, queue::JobState state);
  void end(ModelJob& job, queue::JobState state);
  void give_back(ModelJob& job);
  void join_line(ModelJob& job);
  void record(ModelJob& job, const queue::Counts& counts);
  void sum_in_batch(const ModelJob& job, int sign);
  int urgency(const std::vector<std::string>& line) const;

  std::map<std::string, std::int64_t> completed_;  ///< target -> order of the last job that completed
  std::map<std::string, Answer> answers_;          ///< worker -> its last claim
  std::int64_t orders_ = 0;
};

bool is_final(queue::JobState state);

}  // namespace test
