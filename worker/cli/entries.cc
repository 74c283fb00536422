#include "worker/cli/entries.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "config/bad_usage.h"
#include "fhir/reference.h"
#include "worker/printable.h"

namespace worker::cli {
namespace {

using config::BadUsage;
using config::not_allowed;

constexpr std::string_view a_reference = "a reference such as Patient/f1dc";

void check_accounts(const std::vector<std::string>& accounts) {
  if (accounts.empty()) throw BadUsage("--account is missing; to remove all accounts say so with --account ''");
  if (accounts.size() == 1 && accounts.front().empty()) return;
  for (const std::string& account : accounts)
    if (!fhir::parse_reference(account))
      throw BadUsage("--account: " + not_allowed(printable(account), "a reference such as Organization/a"));
}

void check_what_goes_together(const config::Enqueue& asked) {
  if (asked.target.empty() && asked.from.empty()) throw BadUsage("TARGET is missing: " + std::string(a_reference));
  if (!asked.target.empty() && !asked.from.empty()) throw BadUsage("TARGET and --from are both given; give one");
  if (!asked.id.empty() && !asked.from.empty()) throw BadUsage("--id is for one job; it cannot go with --from");
}

void check_id(const std::string& id) {
  const bool has_letter = std::ranges::any_of(id, [](unsigned char c) { return std::isalpha(c) != 0; });
  if (!id.empty() && (!fhir::is_id(id) || !has_letter))
    throw BadUsage("--id: " + not_allowed(printable(id), "1 to 64 of A-Z a-z 0-9 - . with at least one letter"));
}

/// What every entry of the call has besides its target.
queue::InboxEntry fields_for(const config::Enqueue& asked) {
  queue::InboxEntry fields;
  for (const std::string& account : asked.accounts) fields.emplace_back("accounts", account);
  fields.emplace_back("propagate", asked.propagate ? "true" : "false");
  if (asked.dry_run) fields.emplace_back("dryRun", "true");
  if (asked.priority) fields.emplace_back("priority", std::to_string(*asked.priority));
  if (asked.delay) fields.emplace_back("delay", std::to_string(asked.delay->count()));
  if (asked.max_attempts) fields.emplace_back("maxAttempts", std::to_string(*asked.max_attempts));
  if (!asked.verify.empty()) fields.emplace_back("verify", asked.verify);
  if (!asked.batch.empty()) fields.emplace_back("batch", asked.batch);
  if (!asked.id.empty()) fields.emplace_back("id", asked.id);
  return fields;
}

queue::InboxEntry entry_for(const std::string& target, const queue::InboxEntry& fields) {
  queue::InboxEntry entry{{"target", target}};
  entry.insert(entry.end(), fields.begin(), fields.end());
  return entry;
}

std::string target_in(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const std::size_t begin = std::min(line.find_first_not_of(" \t\r"), line.size());
  const std::size_t end = line.find_last_not_of(" \t\r") + 1;
  return std::string(line.substr(begin, end - std::min(begin, end)));
}

std::vector<AskedEntry> entries_from(std::istream& lines, const queue::InboxEntry& fields) {
  std::vector<AskedEntry> entries;
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    const std::string target = target_in(line);
    if (target.empty()) continue;
    const std::string at_line = "--from: line " + std::to_string(number) + ": ";
    if (!fhir::parse_reference(target)) throw BadUsage(at_line + not_allowed(printable(target), a_reference));
    if (entries.size() == most_targets)
      throw BadUsage(at_line + "more than " + std::to_string(most_targets) +
                     " targets; nothing was enqueued, split the file");
    entries.push_back({.entry = entry_for(target, fields), .line = number});
  }
  if (entries.empty()) throw BadUsage("--from: there is no target in it");
  return entries;
}

}  // namespace

std::vector<AskedEntry> entries_for(const config::Enqueue& asked, std::istream& lines) {
  check_what_goes_together(asked);
  check_accounts(asked.accounts);
  check_id(asked.id);
  const queue::InboxEntry fields = fields_for(asked);
  if (!asked.from.empty()) return entries_from(lines, fields);
  if (!fhir::parse_reference(asked.target))
    throw BadUsage("TARGET: " + not_allowed(printable(asked.target), a_reference));
  return {{.entry = entry_for(asked.target, fields)}};
}

}  // namespace worker::cli
