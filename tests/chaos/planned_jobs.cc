#include "tests/chaos/planned_jobs.h"

#include <algorithm>
#include <utility>

#include "sandbox/seeding.h"
#include "tests/chaos/by_moment.h"

namespace chaos {
namespace {

/// Several jobs of one target in a row, so that their order matters.
constexpr int most_in_a_row = 4;
constexpr int batches = 6;

AskedJob flawed(AskedJob job) {
  switch (job.number % 4) {
    case 0:
      job.flaw = Flaw::no_accounts;
      break;
    case 1:
      job.flaw = Flaw::bad_priority;
      break;
    case 2:
      job.flaw = Flaw::no_reference;
      break;
    default:
      job.flaw = Flaw::unknown_patient;
      job.target = "Patient/nobody-" + std::to_string(job.number);
  }
  return job;
}

AskedJob planned_job(int number, const std::string& target, Dice& dice) {
  AskedJob job;
  job.number = number;
  job.target = target;
  if (!dice.once_in(20)) job.accounts = {account_of(number)};
  for (unsigned n = 1; n <= 9; ++n)
    if (!job.accounts.empty() && dice.once_in(6)) job.accounts.push_back(sandbox::account(n));
  job.propagate = !dice.once_in(8);
  job.dry_run = dice.once_in(15);
  if (dice.once_in(5)) job.priority = dice.between(-1000, 1000);
  if (dice.once_in(8)) job.delay = Millis(dice.between(100, 2000));
  if (dice.once_in(2)) job.batch = "batch-" + std::to_string(dice.below(batches));
  job.own_id = !dice.once_in(4);
  job.repeated = job.own_id && dice.once_in(5);
  return dice.once_in(15) ? flawed(std::move(job)) : job;
}

/// Jobs of which the end state is known whatever was forgotten, done again or failed: each gives an account of its own,
/// which leaves with the next one. One that members had before would not come back after a job that failed midway.
std::vector<Errand> plain_jobs_of(std::vector<Errand> errands) {
  std::erase_if(errands, [](const Errand& errand) { return !std::holds_alternative<AskedJob>(errand.entry); });
  for (Errand& errand : errands) {
    auto& job = std::get<AskedJob>(errand.entry);
    if (job.accounts.size() > 1) job.accounts.resize(1);
    job.propagate = true;
    job.dry_run = false;
    job.delay = Millis(0);
  }
  return errands;
}

}  // namespace

std::vector<Errand> planned_errands(const Scale& scale, const std::vector<std::string>& targets, Millis length,
                                    Dice& dice) {
  std::vector<Errand> errands;
  const auto add = [&](Millis at, auto entry) { errands.push_back({at, std::move(entry)}); };
  std::string target;
  int left_of_row = 0;
  for (int number = 0; number < scale.jobs; ++number) {
    if (left_of_row-- == 0) {
      target = targets[dice.below(static_cast<unsigned>(targets.size()))];
      left_of_row = dice.between(0, most_in_a_row - 1);
    }
    const Millis at = length * number / scale.jobs;
    add(at, planned_job(number, target, dice));
    const bool cancelled = number == 1 || dice.once_in(12);
    const Millis cancel_at = at + Millis(dice.between(0, 3000));
    if (cancelled) add(cancel_at, AskedCancel{number});
    if (number == 1 || dice.once_in(cancelled ? 3 : 25))
      add(cancel_at + Millis(dice.between(500, 3000)), AskedRetry{number});
    if (number == scale.jobs / 3 || dice.once_in(60)) {
      add(at, AskedPause{true});
      add(at + Millis(dice.between(300, 1500)), AskedPause{false});
    }
  }
  return by_moment(scale.sentinels ? plain_jobs_of(std::move(errands)) : std::move(errands));
}

std::vector<AskedJob> last_jobs(const Scale& scale, const std::vector<std::string>& targets) {
  std::vector<AskedJob> jobs;
  for (const std::string& target : targets) {
    AskedJob job;
    job.number = scale.jobs + static_cast<int>(jobs.size());
    job.target = target;
    job.accounts = {account_of(job.number)};
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace chaos
