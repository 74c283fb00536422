#include "worker/cli/record_text.h"

#include <array>
#include <ctime>

#include "worker/cli/columns.h"
#include "worker/cli/job_progress.h"
#include "worker/printable.h"

namespace worker::cli {
namespace {

void tell(std::string& text, const std::string& name, const std::string& value) {
  if (!value.empty()) text += padded_to(name, 12) + printable(value) + "\n";
}

std::string attempt_of(const queue::Record& record) {
  if (record.number("attempt") == 0) return {};
  std::string text = record.field("attempt") + " of " + record.field("maxAttempts");
  if (!record.field("worker").empty()) text += ", worker " + record.field("worker");
  return text;
}

}  // namespace

std::string text_of(const queue::Record& record) {
  std::string text = record.id + "  " + render_plain(progress_of(record, std::nullopt)) + "\n";
  tell(text, "target", record.field("target"));
  const std::string accounts = record.field("accounts");
  tell(text, "accounts", accounts.empty() && record.field("parameters").empty() ? "none" : accounts);
  tell(text, "propagate", record.field("propagate"));
  tell(text, "dry run", record.field("dryRun"));
  tell(text, "priority", record.field("priority"));
  tell(text, "batch", record.field("batch"));
  tell(text, "removals", record.field("removals"));
  tell(text, "attempt", attempt_of(record));
  tell(text, "enqueued", time_text(record.number("enqueuedAt")));
  tell(text, "runs at", record.state() == queue::JobState::scheduled ? time_text(record.number("runAt")) : "");
  tell(text, "started", time_text(record.number("startedAt")));
  tell(text, "finished", time_text(record.number("finishedAt")));
  tell(text, "error", record.field("error"));
  return text;
}

std::string time_text(std::uint64_t milliseconds) {
  if (milliseconds == 0) return {};
  const auto seconds = static_cast<std::time_t>(milliseconds / 1000);
  std::tm local{};
  std::array<char, 32> text{};
  if (localtime_r(&seconds, &local) == nullptr) return {};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local)};
}

}  // namespace worker::cli
