#include "sandbox/quota_telling.h"

#include <algorithm>

#include "sandbox/instant.h"
#include "sandbox/outcome.h"

namespace sandbox {
namespace {

std::chrono::seconds reset_of(const Quota& quota) {
  return std::chrono::ceil<std::chrono::seconds>(quota.until_reset(Quota::Clock::now()));
}

/// An item of the RateLimit header: "name";r=left;t=seconds.
std::string item(const NamedQuota& named, RateLimitHeader header) {
  const std::string left = std::to_string(named.quota.left());
  const std::string reset = std::to_string(reset_of(named.quota).count());
  if (header == RateLimitHeader::other_order) return named.name + ";q=1;t=" + reset + " ; r=" + left + ";w=60";
  return "\"" + named.name + "\";r=" + left + ";t=" + reset;
}

std::int64_t machine_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void add_retry_after(Answer& answer, const ServerOptions& options, std::chrono::seconds wait) {
  const RetryAfter form = options.retry_after;
  if (form == RetryAfter::seconds) answer.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  if (form != RetryAfter::date) return;
  const std::int64_t now = machine_time() + options.clock_ahead / std::chrono::milliseconds(1);
  answer.headers.emplace_back("Date", http_date(now));
  answer.headers.emplace_back("Retry-After", http_date(now + wait / std::chrono::milliseconds(1)));
}

void refuse(Answer& answer, const ServerOptions& options, const std::vector<NamedQuota>& quotas) {
  std::chrono::seconds wait(0);
  for (const auto& named : quotas) {
    if (named.quota.limited() && named.quota.left() == 0) wait = std::max(wait, reset_of(named.quota));
  }
  add_retry_after(answer, options, wait);
  if (!options.reset_in_outcome) {
    answer.body = outcome(429, "too-many-requests", "throttled", "Too Many Requests").body;
  }
}

}  // namespace

void tell_quotas(Answer& answer, const ServerOptions& options, const std::vector<NamedQuota>& quotas) {
  if (answer.status == 429) refuse(answer, options, quotas);
  std::vector<std::string> items;
  for (const auto& named : quotas) {
    if (named.quota.limited()) items.push_back(item(named, options.rate_limit_header));
  }
  if (options.rate_limit_header == RateLimitHeader::none) items.clear();
  if (options.rate_limit_header == RateLimitHeader::one_line && items.size() == 2) {
    items = {items[0] + ", " + items[1]};
  }
  for (std::string& line : items) answer.headers.emplace_back("RateLimit", std::move(line));
}

}  // namespace sandbox
