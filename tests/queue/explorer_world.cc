#include "tests/queue/explorer_world.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "queue/scripts.h"
#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using Kind = Action::Kind;
using queue::Verdict;

/// Nothing ends by itself while the test runs.
queue::RedisJobQueue::Options unhurried(std::size_t worker) {
  queue::RedisJobQueue::Options options;
  options.name = "q";
  options.lease = 1000h;
  options.keep_finished = 10000h;
  options.worker_id = "w" + std::to_string(worker);
  return options;
}

bool writes_for_a_job(Kind kind) {
  return kind >= Kind::owe && kind <= Kind::hand_back;
}

Verdict::Kind verdict_of(Kind kind) {
  switch (kind) {
    case Kind::complete:
      return Verdict::Kind::completed;
    case Kind::fail:
      return Verdict::Kind::failed;
    case Kind::end_cancelled:
      return Verdict::Kind::cancelled;
    case Kind::try_again:
      return Verdict::Kind::again;
    default:
      return Verdict::Kind::handed_back;
  }
}

std::string text_of(const std::optional<queue::JobState>& state) {
  return state ? std::string(name_of(*state)) : "lost";
}

}  // namespace

World::World(boost::asio::io_context& io, queue::RedisClient& client, std::vector<Wish> wishes, std::size_t workers)
    : io_(io), client_(client), wishes_(std::move(wishes)) {
  for (std::size_t i = 0; i < workers; ++i) moves_.push_back(std::make_unique<queue::Moves>(client, unhurried(i)));
  state_.workers.resize(workers);
}

template <class T>
T World::await(queue::Awaitable<T> work) {
  return run(io_, std::move(work));
}

void World::redis(queue::Command command) {
  queue::refuse_error(run(io_, client_.execute(std::move(command))), "the test");
}

void World::go_back_to(const State& state) {
  state_ = state;
  restore(io_, client_, state_.keys);
}

void World::fail_over_to(const State& earlier) {
  auto told = std::move(state_.model.told);
  state_.keys = earlier.keys;
  state_.model = earlier.model;
  state_.model.told = std::move(told);
  restore(io_, client_, state_.keys);
}

std::string World::perform(const Action& action) {
  const Snapshot before = std::move(state_.keys);
  std::string wrong = act(action);
  state_.keys = take_snapshot(io_, client_);
  wrong += difference(state_.model, state_.keys);
  wrong += broken_step(before, state_.keys, action);
  return wrong;
}

std::string World::act(const Action& action) {
  Model& model = state_.model;
  queue::Moves& moves = *moves_[action.worker];
  Worker& worker = state_.workers[action.worker];
  if (writes_for_a_job(action.kind)) return call(action.worker, call_of(action));
  switch (action.kind) {
    case Kind::add:
      add(action.job);
      break;
    case Kind::cancel:
      command("cancel", action.job);
      model.cancel(action.job);
      break;
    case Kind::retry:
      command("retry", action.job);
      model.retry(action.job);
      break;
    case Kind::pause:
    case Kind::resume:
      model.paused = action.kind == Kind::pause;
      command("pause", model.paused ? "true" : "false");
      break;
    case Kind::claim:
      worker.token = "token" + std::to_string(++worker.claims);
      return claim(action.worker);
    case Kind::claim_again:
      return claim(action.worker);
    case Kind::repeat:
      return call(action.worker, *worker.last);
    case Kind::crash:
      worker.held.reset();
      break;
    case Kind::lease_ends:
      redis({"ZADD", "{q}:running", "XX", "1", action.job});
      model.jobs.at(action.job).overdue = true;
      break;
    case Kind::delay_ends:
      redis({"ZADD", "{q}:scheduled", "XX", "1", action.job});
      model.jobs.at(action.job).overdue = true;
      break;
    case Kind::sweep:
      await(moves.sweep(std::int64_t{1} << 52));
      model.sweep();
      break;
    case Kind::promote:
      await(moves.promote());
      model.promote();
      break;
    case Kind::record_expires:
      redis({"DEL", "{q}:job:" + action.job, "{q}:job:" + action.job + ":failures"});
      redis({"ZADD", "{q}:finished", "XX", "1", action.job});
      model.expire(action.job);
      break;
    case Kind::forget:
      await(moves.expire());
      break;
    default:
      throw std::logic_error("no such action");
  }
  return {};
}

/// Entries bring their own ids and ages, so that the same steps always lead to the same keys.
void World::add(const std::string& id) {
  const Wish& wish = wish_of(id);
  const std::int64_t age = 1000 + ++state_.entries;
  queue::Command command{"XADD", "{q}:inbox", std::to_string(age) + "-0", "id", id, "target", wish.target};
  if (wish.kind != Model::Kind::invalid) command.insert(command.end(), {"accounts", ""});
  if (wish.kind == Model::Kind::delayed) command.insert(command.end(), {"delay", "3000000000000"});
  if (wish.priority != 0) command.insert(command.end(), {"priority", std::to_string(wish.priority)});
  if (!wish.batch.empty()) command.insert(command.end(), {"batch", wish.batch});
  command.insert(command.end(), {"maxAttempts", std::to_string(wish.max_attempts)});
  redis(std::move(command));
  await(moves_[0]->take_in());
  ModelJob job;
  job.id = id;
  job.target = wish.target;
  job.batch = wish.batch;
  job.priority = wish.priority;
  job.max_attempts = wish.max_attempts;
  job.enqueued = age;
  state_.model.add(std::move(job), wish.kind);
}

void World::command(const std::string& name, const std::string& value) {
  redis({"XADD", "{q}:inbox", std::to_string(1000 + ++state_.entries) + "-0", name, value});
  await(moves_[0]->take_in());
}

std::string World::claim(std::size_t index) {
  Worker& worker = state_.workers[index];
  const std::string name = "w" + std::to_string(index);
  const auto expected = state_.model.claim(name, worker.token);
  const auto job = await(moves_[index]->claim(worker.token)).job;
  if (job.has_value() != expected.has_value() || (job && job->id != *expected))
    return "the claim gave " + (job ? job->id : "nothing") + ", not " + expected.value_or("nothing") + "\n";
  if (!job) return {};
  std::string wrong;
  std::int64_t& highest = state_.claims[job->id];
  const ModelJob& known = state_.model.jobs.at(job->id);
  const bool again = known.state == queue::JobState::running;
  if (again && job->claim != known.claim) wrong = "the claim of " + job->id + " has another number now\n";
  if (!again && job->claim <= highest) wrong = "the claim number of " + job->id + " does not rise\n";
  highest = std::max(highest, job->claim);
  state_.model.claimed(name, worker.token, job->id, job->claim);
  if (job->attempt != state_.model.jobs.at(job->id).attempt) wrong += "the claim counts attempts wrongly\n";
  if (job->written_before != state_.model.jobs.at(job->id).written) wrong += "the claim forgot what was written\n";
  worker.held = job;
  return wrong;
}

Call World::call_of(const Action& action) const {
  const queue::Job& job = *state_.workers[action.worker].held;
  const auto known = state_.model.jobs.find(job.id);
  Call call{.kind = action.kind, .job = job, .verdict = {}, .account = "Organization/" + job.id};
  queue::Counts& counts = call.verdict.progress.counts;
  if (known != state_.model.jobs.end()) {
    counts.updated = known->second.updated;
    counts.written = known->second.written;
    if (action.kind == Kind::get_further) {
      counts.updated = std::max(counts.updated, known->second.most_updated) + 1;
      ++counts.written;
    }
  }
  call.verdict.kind = verdict_of(action.kind);
  call.verdict.delay_ms = 3000000000000;
  if (action.kind == Kind::try_again || action.kind == Kind::fail) call.verdict.error = "no luck";
  if (action.kind == Kind::complete) call.verdict.removed = {call.account};
  return call;
}

/// What the call answers must be what the model says.
std::string World::call(std::size_t index, Call call) {
  Worker& worker = state_.workers[index];
  queue::Moves& moves = *moves_[index];
  const std::string& id = call.job.id;
  std::string got;
  std::string expected;
  if (call.kind == Kind::renew || call.kind == Kind::get_further) {
    constexpr std::array<const char*, 3> standings{"ours", "cancel", "lost"};
    expected =
        standings.at(static_cast<std::size_t>(state_.model.renew(id, call.job.claim, call.verdict.progress.counts)));
    got = standings.at(static_cast<std::size_t>(await(moves.renew(call.job, call.verdict.progress))));
  } else {
    try {
      if (call.kind == Kind::owe) {
        expected = state_.model.owe(id, call.job.claim, call.account) ? "owed" : "lost";
        await(moves.owe(call.job, {call.account}));
        got = "owed";
      } else {
        expected = text_of(state_.model.settle(id, call.job.claim, call.verdict));
        got = name_of(await(moves.settle(call.job, call.verdict)));
      }
    } catch (const queue::LeaseLost&) {
      got = "lost";
    }
  }
  const bool over = got == "lost" || call.kind >= Kind::complete;
  if (over && worker.held && worker.held->id == id && worker.held->claim == call.job.claim) worker.held.reset();
  worker.last = std::move(call);
  return got == expected ? "" : "the answer was " + got + ", not " + expected + "\n";
}

const Wish& World::wish_of(const std::string& id) const {
  return *std::ranges::find(wishes_, id, &Wish::id);
}

}  // namespace test
