#include "queue/moves.h"

#include <utility>

#include "queue/keys.h"
#include "queue/move_arguments.h"
#include "queue/owing.h"
#include "queue/replies.h"
#include "queue/scripts.h"

namespace queue {
namespace {

std::int64_t number_of(const std::string& text) {
  return text.empty() ? 0 : std::stoll(text);
}

Job job_of(const Reply& id, const Reply& record) {
  Job job;
  job.id = id.text;
  job.fields = fields_of(record);
  job.claim = number_of(job.fields["claim"]);
  job.attempt = static_cast<int>(number_of(job.fields["attempt"]));
  job.max_attempts = static_cast<int>(number_of(job.fields["maxAttempts"]));
  if (job.fields.contains("resourcesWritten"))
    job.written_before = static_cast<std::uint64_t>(number_of(job.fields["resourcesWritten"]));
  job.target = job.fields["target"];
  return job;
}

std::optional<std::chrono::milliseconds> unless_negative(std::int64_t time) {
  return time < 0 ? std::nullopt : std::optional(std::chrono::milliseconds(time));
}

void refuse_lost(const Reply& reply) {
  if (reply.text == "lost") throw LeaseLost();
}

const Script& script_for(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::again:
      return scripts::retry_later;
    case Verdict::Kind::handed_back:
      return scripts::hand_back;
    case Verdict::Kind::completed:
    case Verdict::Kind::failed:
    case Verdict::Kind::cancelled:
      break;
  }
  return scripts::finish;
}

}  // namespace

Moves::Moves(RedisClient& redis, RedisJobQueue::Options options)
    : redis_(redis), options_(std::move(options)), prefix_(prefix_of(options_.name)) {}

Awaitable<Moves::TakenIn> Moves::take_in() {
  std::vector<std::string> arguments{std::to_string(options_.max_attempts), milliseconds(options_.keep_finished)};
  const auto reply = co_await run_script(redis_, scripts::take_in, prefix_, std::move(arguments));
  co_return TakenIn{.entries = reply.items.at(0).number, .scheduled = reply.items.at(1).number};
}

Awaitable<Moves::Claim> Moves::claim(std::string token) {
  std::vector<std::string> arguments{options_.worker_id, milliseconds(options_.lease), std::move(token)};
  const auto asked = std::chrono::steady_clock::now();
  const auto reply = co_await run_script(redis_, scripts::claim, prefix_, std::move(arguments));
  Claim claim;
  claim.last_wake = reply.items.at(0).text;
  if (reply.items.size() == 3) {
    claim.job = job_of(reply.items[1], reply.items[2]);
    claim.job->asked = asked;
  }
  co_return claim;
}

Awaitable<Standing> Moves::renew(Job job, Progress progress) {
  auto arguments = renew_arguments(job, progress, options_.lease);
  const auto reply = co_await run_script(redis_, scripts::renew, prefix_, std::move(arguments));
  if (reply.text == "ours") co_return Standing::ours;
  co_return reply.text == "cancel" ? Standing::cancel_requested : Standing::lost;
}

Awaitable<std::vector<std::string>> Moves::owe(Job job, std::vector<std::string> leaving) {
  const auto reply = co_await owe_durably(redis_, prefix_, std::move(job), std::move(leaving));
  refuse_lost(reply);
  co_return texts_of(reply);
}

Awaitable<JobState> Moves::settle(Job job, Verdict verdict) {
  const Script& script = script_for(verdict.kind);
  auto arguments = settle_arguments(job, verdict, options_.keep_finished);
  const auto reply = co_await run_script(redis_, script, prefix_, std::move(arguments));
  refuse_lost(reply);
  const auto state = job_state(reply.text);
  if (!state) throw QueueUnavailable("the record of job " + job.id + " has no state that is known: " + reply.text);
  co_return *state;
}

Awaitable<Moves::Promoted> Moves::promote() {
  const auto reply = co_await run_script(redis_, scripts::promote, prefix_, {});
  co_return Promoted{.next_due = unless_negative(reply.items.at(0).number), .redis_time = reply.items.at(1).number};
}

Awaitable<Moves::Swept> Moves::sweep(std::int64_t asked_at) {
  std::vector<std::string> arguments{options_.worker_id, milliseconds(options_.keep_finished), std::to_string(asked_at),
                                     milliseconds(options_.lease)};
  const auto reply = co_await run_script(redis_, scripts::sweep, prefix_, std::move(arguments));
  co_return Swept{.jobs = reply.items.at(0).number, .next_end = unless_negative(reply.items.at(1).number)};
}

Awaitable<std::int64_t> Moves::expire() {
  const auto reply = co_await run_script(redis_, scripts::expire, prefix_, {});
  co_return reply.number;
}

Awaitable<bool> Moves::drained() {
  const auto reply = co_await run_script(redis_, scripts::drained, prefix_, {});
  co_return reply.number == 1;
}

}  // namespace queue
