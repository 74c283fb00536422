#include <limits>
#include <ostream>

#include "config/bad_usage.h"
#include "worker/cli/commands.h"
#include "worker/cli/failures.h"
#include "worker/cli/look_up.h"
#include "worker/cli/record_text.h"
#include "worker/cli/watch.h"
#include "worker/record_json.h"

namespace worker::cli {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

std::string shown(const std::string& id, const std::optional<queue::Record>& record,
                  const std::vector<std::string>& failures, bool json) {
  const queue::Record in_inbox{.id = id, .fields = {{"state", "inbox"}}};
  if (json) return json_of(record.value_or(in_inbox), failures) + "\n";
  if (!record) return id + "  " + waiting_in_inbox().title + "\n";
  return text_of(*record) + text_of_failures(failures, all);
}

queue::Awaitable<int> show_job(std::string id, bool json, Session& session) {
  const auto record = co_await look_up(id, session);
  const std::vector<std::string> failures = co_await session.records.failures(id);
  session.out << shown(id, record, failures, json);
  co_return 0;
}

queue::Awaitable<int> show_batch(std::string name, bool json, Session& session) {
  const BatchCounts counts = co_await batch_now(name, session);
  if (counts.empty()) throw NoSuchBatch(name);
  session.out << (json ? json_of(name, counts) : render_plain(progress_of(counts, 0)) + "\n" + summary_of(counts))
              << '\n';
  co_return 0;
}

queue::Awaitable<int> begin(config::Status asked, Session& session) {
  const bool of_batch = !asked.batch.empty();
  if (asked.watch && of_batch) return watch_batch(asked.batch, {}, session);
  if (asked.watch) return watch_job(asked.job, session);
  return of_batch ? show_batch(asked.batch, asked.json, session) : show_job(asked.job, asked.json, session);
}

}  // namespace

Errand prepare(const config::Status& asked) {
  if (asked.job.empty() && asked.batch.empty()) throw config::BadUsage("JOB is missing: its id, or --batch NAME");
  if (!asked.job.empty() && !asked.batch.empty()) throw config::BadUsage("JOB and --batch are both given; give one");
  if (asked.watch && asked.json) throw config::BadUsage("--watch and --json do not go together");
  if (!asked.job.empty()) check_job_id(asked.job);
  return [asked](Session& session) { return begin(asked, session); };
}

}  // namespace worker::cli
