#include "queue/claims.h"

#include <chrono>
#include <utility>

#include "queue/unique_name.h"

namespace queue {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 1s;
/// What became ready without a word (it was lost in a failover, say) is found this often.
constexpr auto longest_trust = 2s;

/// It came after all callers had been told that there would be none.
Verdict unwanted(const Job& job) {
  Verdict verdict;
  verdict.kind = Verdict::Kind::handed_back;
  const auto dry_run = job.fields.find("dryRun");
  verdict.progress.dry_run = dry_run != job.fields.end() && dry_run->second == "true";
  verdict.progress.counts.written = job.written_before;
  return verdict;
}

}  // namespace

Claims::Claims(Moves& moves) : moves_(moves), token_(random_part()) {}

Awaitable<std::optional<Job>> Claims::take() {
  const auto until = Clock::now() + patience;
  while (!stopped_) {
    if (may_claim() && worth_a_look()) {
      auto job = co_await claim();
      if (job) co_return job;
      continue;
    }
    if (Clock::now() >= until) break;
    co_await room_.wait(until);
  }
  co_return std::nullopt;
}

void Claims::stop() {
  stopped_ = true;
  room_.notify_all();
}

void Claims::wake() {
  ++wakes_;
  room_.notify_all();
}

void Claims::renewals_fail(bool failing) {
  const bool over = std::exchange(renewals_fail_, failing) && !failing;
  if (over) wake();
}

Awaitable<std::optional<Job>> Claims::claim() {
  const auto looking_at = wakes_;
  claiming_ = true;
  std::optional<Moves::Claim> claim;
  std::exception_ptr failure;
  try {
    claim = co_await ask();
  } catch (...) {
    failure = std::current_exception();
  }
  claiming_ = false;
  room_.notify_all();
  if (failure) std::rethrow_exception(failure);

  token_ = random_part();
  last_wake_ = claim->last_wake;
  if (!claim->job) {
    none_at_wake_ = looking_at;
    look_anyway_ = Clock::now() + longest_trust;
  }
  if (!claim->job || !stopped_) co_return std::move(claim->job);
  try {
    co_await moves_.settle(*claim->job, unwanted(*claim->job));
  } catch (const LeaseLost&) {
    co_return std::nullopt;  // not ours to give back any more
  }
  co_return std::nullopt;
}

/// Redis may have given a job whose answer was lost. Whoever goes on claims again, with the same token; whoever stops
/// asks once more, to hand it back.
Awaitable<Moves::Claim> Claims::ask() {
  for (bool again = false;; again = true) {
    try {
      auto claim = co_await moves_.claim(token_);
      co_return claim;
    } catch (const QueueUnavailable&) {
      if (again || !stopped_) throw;
    }
  }
}

}  // namespace queue
