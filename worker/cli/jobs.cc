#include <algorithm>
#include <ostream>

#include "worker/cli/columns.h"
#include "worker/cli/commands.h"
#include "worker/cli/job_progress.h"
#include "worker/cli/record_text.h"
#include "worker/printable.h"
#include "worker/record_json.h"

namespace worker::cli {
namespace {

std::string count_of(const queue::Record& record) {
  if (record.number("resourcesTotal") == 0) return "-";
  return grouped(resources_done(record)) + "/" + grouped(record.number("resourcesTotal"));
}

std::string line(const std::string& id, const std::string& state, const std::string& enqueued,
                 const std::string& target, const std::string& count, const std::string& error) {
  std::string text = padded_to(id, 20) + " " + padded_to(state, 9) + " " + padded_to(enqueued, 19) + " " +
                     padded_to(target, 30) + " " + padded_to(count, 15) + " " + error;
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string line_of(const queue::Record& record) {
  return line(record.id, std::string(name_of(record.state())), time_text(record.number("enqueuedAt")),
              printable(record.field("target")), count_of(record), printable(record.field("error")));
}

queue::Awaitable<int> list(config::Jobs asked, Session& session) {
  const std::vector<queue::Record> records =
      co_await session.records.newest(queue::job_state(asked.state), asked.limit);
  if (!asked.json && session.terminal)
    session.out << line("JOB", "STATE", "ENQUEUED", "TARGET", "RESOURCES", "ERROR") << '\n';
  for (const queue::Record& record : records) {
    const std::string text = asked.json ? json_of(record, {}) : line_of(record);
    session.out << (session.terminal && !asked.json ? cut_to(text, terminal_columns()) : text) << '\n';
  }
  co_return 0;
}

}  // namespace

Errand prepare(const config::Jobs& asked) {
  return [asked](Session& session) { return list(asked, session); };
}

}  // namespace worker::cli
