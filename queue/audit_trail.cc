#include "queue/audit_trail.h"

#include <charconv>
#include <sstream>
#include <utility>

#include "queue/keys.h"
#include "queue/move_arguments.h"
#include "queue/redis_client.h"
#include "queue/replies.h"
#include "queue/scripts.h"

namespace queue {
namespace {

Ending ending_of(const std::string& mark) {
  Ending ending;
  ending.mark = mark;
  std::istringstream words(mark);
  std::string state, finished_at;
  words >> ending.job >> state >> finished_at >> ending.target;
  ending.state = job_state(state).value_or(JobState::failed);
  std::from_chars(finished_at.data(), finished_at.data() + finished_at.size(), ending.finished_at);
  return ending;
}

}  // namespace

AuditTrail::AuditTrail(RedisClient& redis, const std::string& queue_name)
    : redis_(redis), prefix_(prefix_of(queue_name)) {}

Awaitable<std::vector<Ending>> AuditTrail::borrow() {
  std::vector<std::string> arguments{std::to_string(most), milliseconds(lent_for)};
  const auto marks = co_await run_script(redis_, scripts::borrow_endings, prefix_, std::move(arguments));
  std::vector<Ending> endings;
  std::vector<Command> questions;
  for (const auto& mark : marks.items) {
    endings.push_back(ending_of(mark.text));
    questions.push_back({"HGETALL", job_key(prefix_, endings.back().job)});
  }
  const auto records = co_await redis_.pipeline(std::move(questions));
  for (std::size_t i = 0; i < records.size(); ++i) {
    refuse_error(records[i], "HGETALL");
    if (!records[i].items.empty()) endings[i].record = Record{.id = endings[i].job, .fields = fields_of(records[i])};
  }
  co_return endings;
}

Awaitable<void> AuditTrail::written(std::vector<Ending> endings) {
  if (endings.empty()) co_return;
  Command command{"ZREM", prefix_ + ":unaudited"};
  for (auto& ending : endings) command.push_back(std::move(ending.mark));
  const auto reply = co_await redis_.execute(std::move(command));
  refuse_error(reply, "ZREM");
}

}  // namespace queue
