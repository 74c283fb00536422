#include <ostream>
#include <stdexcept>

#include "config/bad_usage.h"
#include "fhir/reference.h"
#include "worker/cli/commands.h"
#include "worker/printable.h"

namespace worker::cli {
namespace {

queue::Awaitable<int> show(std::string target, Session& session) {
  const std::vector<std::string> owed = co_await session.records.owed(target);
  for (const std::string& account : owed) session.out << printable(account) << '\n';
  if (owed.empty() && session.terminal) session.out << "nothing is owed by " << target << '\n';
  co_return 0;
}

queue::Awaitable<int> forgive(std::string target, std::string account, Session& session) {
  const bool was_owed = co_await session.producer.forgive(target, account);
  if (!was_owed) throw std::runtime_error(target + " does not owe the removal of " + account);
  session.out << "forgiven: no job will remove " << account << " from the compartment of " << target
              << " on account of earlier ones\n";
  co_return 0;
}

}  // namespace

Errand prepare(const config::Owed& asked) {
  if (!fhir::parse_reference(asked.target))
    throw config::BadUsage("TARGET: " +
                           config::not_allowed(printable(asked.target), "a reference such as Patient/f1dc"));
  if (!asked.forgive.empty() && !fhir::parse_reference(asked.forgive))
    throw config::BadUsage("--forgive: " +
                           config::not_allowed(printable(asked.forgive), "a reference such as Organization/a"));
  return [asked](Session& session) {
    return asked.forgive.empty() ? show(asked.target, session) : forgive(asked.target, asked.forgive, session);
  };
}

}  // namespace worker::cli
