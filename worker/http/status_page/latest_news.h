#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "queue/job.h"

namespace worker::http {

/// What a message on the queue's channel of events says of a job.
struct JobNews {
  std::string id;
  queue::JobState state = queue::JobState::queued;
  std::string target;  ///< empty if it has none that is valid
  std::string phase;
  std::uint64_t pass = 0;
  queue::Counts counts;
};

/// Nothing for what is no such message: anybody with the right to publish may have sent it.
std::optional<JobNews> job_news(const std::string& message);

/// The newest word on each job since they were last taken. Jobs come and go faster than anybody can watch: of more than
/// `most` only the latest are kept.
class LatestNews {
 public:
  explicit LatestNews(std::size_t most) : most_(most) {}

  void add(JobNews news);
  bool empty() const { return order_.empty(); }
  /// `{"jobs":[…],"leftOut":N}`, the latest last; begins anew.
  std::string take();

 private:
  using Order = std::list<JobNews>;

  std::size_t most_;
  std::size_t left_out_ = 0;
  Order order_;
  std::unordered_map<std::string, Order::iterator> by_id_;
};

}  // namespace worker::http
