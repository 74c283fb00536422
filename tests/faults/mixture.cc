#include "tests/faults/mixture.h"

#include <sstream>

#include "sandbox/seeding.h"
#include "tests/chaos/dice.h"

namespace faults {
namespace {

using chaos::Dice;
using sandbox::account;
using sandbox::RequestKind;
using Accounts = std::vector<std::string>;

/// The patient has 1 and 2 before, the second one 1 and 7, members also 8 and 9.
Accounts random_accounts(Dice& dice) {
  switch (dice.below(8)) {
    case 0:
      return {account(1), account(2)};  // the same
    case 1:
      return {account(2), account(1)};
    case 2:
      return {account(1), account(2), account(3)};  // growing
    case 3:
      return {account(1)};  // shrinking
    case 4:
      return {};
    case 5:
      return {account(7), account(3)};
    case 6:
      return {account(9), account(2), account(5), account(4)};
    default:
      return {account(5)};
  }
}

Accounts random_owed(Dice& dice) {
  Accounts owed;
  for (const unsigned n : {1U, 3U, 7U, 8U, 9U})
    if (dice.once_in(3)) owed.push_back(account(n));
  return owed;
}

std::vector<Job> random_jobs(Dice& dice) {
  std::vector<Job> jobs{{Who::patient, random_accounts(dice)}};
  if (dice.once_in(3)) jobs.push_back({Who::second, random_accounts(dice)});
  if (dice.once_in(4)) jobs.push_back({Who::stranger, random_accounts(dice)});
  if (dice.once_in(4)) jobs.push_back({Who::patient, random_accounts(dice)});
  return jobs;
}

/// One in three is a doing.
Trouble random_trouble(Dice& dice) {
  const bool doing = dice.once_in(3);
  const auto& all = all_troubles();
  for (;;) {
    const Trouble& trouble = all[dice.below(static_cast<unsigned>(all.size()))];
    if ((trouble.doing != Doing::none) == doing) return trouble;
  }
}

void add_strikes(Mixture& mixture, Dice& dice) {
  const int number = dice.between(1, 5);
  double left = 0.30;
  for (int i = 0; i < number; ++i) {
    Strike strike{.trouble = random_trouble(dice)};
    strike.probability = left * dice.between(5, 60) / 100;
    left -= strike.probability;
    if (dice.once_in(8)) {
      strike.probability = 1;
      strike.times = dice.between(1, 30);
    }
    if (dice.once_in(3) && strike.trouble.aim == Aim::anything)
      strike.trouble.fault.on = dice.once_in(2) ? RequestKind::any : RequestKind::patch;
    constexpr RequestKind moments[] = {RequestKind::patch, RequestKind::patch, RequestKind::page, RequestKind::read};
    strike.doing_before = moments[dice.below(4)];
    strike.nth = strike.doing_before == RequestKind::patch ? dice.between(1, 60) : dice.between(1, 8);
    mixture.strikes.push_back(std::move(strike));
  }
}

/// Steps of a worker until it is interrupted: as often early, while it plans, as late.
std::size_t random_steps(Dice& dice) {
  const unsigned magnitude = 1U << static_cast<unsigned>(dice.between(3, 11));
  return 1 + dice.below(magnitude);
}

void add_interruptions(Mixture& mixture, Dice& dice) {
  if (dice.once_in(6)) mixture.workers = 2;
  switch (dice.below(12)) {
    case 0:
    case 1:
      mixture.killed_after = random_steps(dice);
      return;
    case 2:
      mixture.stopped_after = random_steps(dice);
      return;
    case 3:
      mixture.cancelled_after = random_steps(dice);
      return;
    default:
      return;
  }
}

std::string shown(const Strike& strike) {
  std::ostringstream text;
  text << strike.trouble.name;
  if (strike.trouble.doing != Doing::none) {
    text << " before " << name_of(strike.doing_before) << " " << strike.nth;
    return text.str();
  }
  text << " on " << name_of(strike.trouble.fault.on) << " at " << strike.probability * 100 << " %";
  if (strike.times > 0) text << ", at most " << strike.times << " times";
  return text.str();
}

std::string shown(const Accounts& accounts) {
  std::string text;
  for (const std::string& each : accounts)
    text += (text.empty() ? "" : " ") + std::to_string(std::stoul(each.substr(each.rfind('-') + 1)));
  return "[" + text + "]";
}

}  // namespace

Mixture random_setting(std::uint64_t seed) {
  Dice dice(seed);
  Mixture mixture;
  mixture.seed = seed;
  mixture.paging = static_cast<sandbox::Paging>(dice.below(3));
  mixture.login = dice.once_in(2);
  mixture.search_mode = !dice.once_in(4);
  mixture.compartment_in_meta = !dice.once_in(6);
  mixture.if_match = !dice.once_in(3);
  mixture.real_time = dice.once_in(4);
  mixture.quota_header = static_cast<sandbox::RateLimitHeader>(dice.below(4));
  mixture.retry_after = static_cast<sandbox::RetryAfter>(dice.below(3));
  mixture.reset_in_outcome = !dice.once_in(3);
  mixture.members = dice.once_in(12) ? dice.below(3) : static_cast<std::size_t>(dice.between(5, 70));
  if (!dice.once_in(4)) mixture.shared_every = static_cast<std::size_t>(dice.between(2, 6));
  mixture.jobs = {{Who::patient, random_accounts(dice)}};
  if (dice.once_in(3)) mixture.owed = random_owed(dice);
  mixture.page_size = dice.once_in(3) ? 1000 : static_cast<std::size_t>(dice.between(20, 40));
  return mixture;
}

Mixture random_mixture(std::uint64_t seed) {
  Mixture mixture = random_setting(seed);
  Dice dice(seed + 0x5eed);
  mixture.jobs = random_jobs(dice);
  if (dice.once_in(8)) mixture.verify = config::Verify::none;
  if (dice.once_in(10)) mixture.quota = dice.between(1500, 4000);
  if (dice.once_in(3)) mixture.latency = std::chrono::milliseconds(dice.between(1, 5));
  mixture.impatient = dice.once_in(3) && mixture.quota == 0;
  add_strikes(mixture, dice);
  mixture.trouble_lasts = std::chrono::milliseconds(dice.between(200, 2000));
  add_interruptions(mixture, dice);
  return mixture;
}

std::string shown(const Mixture& mixture) {
  static constexpr const char* ages[] = {"legacy", "offset", "cursor"};
  static constexpr const char* headers[] = {"two lines", "one line", "other order", "none"};
  static constexpr const char* forms[] = {"none", "seconds", "date"};
  static constexpr const char* whose[] = {"patient", "second", "stranger"};
  std::ostringstream text;
  text << std::boolalpha << "seed " << mixture.seed << ": paging " << ages[static_cast<int>(mixture.paging)]
       << ", pages of " << mixture.page_size << ", login " << mixture.login << ", search.mode " << mixture.search_mode
       << ", meta.compartment " << mixture.compartment_in_meta << ", If-Match " << mixture.if_match << ", real time "
       << mixture.real_time << ", RateLimit " << headers[static_cast<int>(mixture.quota_header)] << ", Retry-After "
       << forms[static_cast<int>(mixture.retry_after)] << ", reset in the outcome " << mixture.reset_in_outcome
       << ", quota " << mixture.quota << ", latency " << mixture.latency.count() << " ms, verify "
       << (mixture.verify == config::Verify::full ? "full" : "none") << ", impatient " << mixture.impatient
       << "\n  members " << mixture.members << ", shared every " << mixture.shared_every << ", owed "
       << shown(mixture.owed) << ", jobs";
  for (const Job& job : mixture.jobs) text << " " << whose[static_cast<int>(job.who)] << shown(job.accounts);
  text << ", workers " << mixture.workers << ", killed after " << mixture.killed_after << ", stopped after "
       << mixture.stopped_after << ", cancelled after " << mixture.cancelled_after << " steps\n  for "
       << mixture.trouble_lasts.count() << " ms:";
  for (const Strike& strike : mixture.strikes) text << " " << shown(strike) << ";";
  return text.str();
}

}  // namespace faults
