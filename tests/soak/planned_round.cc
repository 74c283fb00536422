#include "tests/soak/planned_round.h"

#include "sandbox/seeding.h"

namespace soak {
namespace {

Kind kind_by(chaos::Dice& dice) {
  switch (dice.below(16)) {
    case 0:
      return Kind::dry_run;
    case 1:
      return Kind::flawed;
    case 2:
      return Kind::cancelled;
    case 3:
      return Kind::refused;
    default:
      return Kind::plain;
  }
}

}  // namespace

std::vector<PlannedJob> planned_round(int number, const std::vector<std::string>& targets, chaos::Dice& dice) {
  std::vector<PlannedJob> jobs;
  for (const std::string& target : targets) {
    PlannedJob job;
    job.request = {.target = target, .accounts = {"Organization/soak-" + std::to_string(number)}, .propagate = true};
    for (unsigned n = 1; n <= 4; ++n)
      if (dice.once_in(3)) job.request.accounts.push_back(sandbox::account(n));
    job.kind = kind_by(dice);
    job.over_http = job.kind == Kind::plain && dice.once_in(4);
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace soak
