#include "tests/chaos/troublemaker.h"

#include <sstream>
#include <utility>

#include "queue/job_queue.h"

namespace chaos {
namespace {

using namespace std::chrono_literals;
using sandbox::FaultKind;
using sandbox::RequestKind;
using enum TroubleKind;

constexpr auto slow_latency = 250ms;

std::vector<std::string> connections_in(const std::string& client_list) {
  std::vector<std::string> ids;
  std::istringstream lines(client_list);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("id=")) ids.push_back(line.substr(3, line.find(' ') - 3));
  return ids;
}

/// What another trouble of Redis must be over for.
bool is_of_redis(TroubleKind kind) {
  return kind == kill_redis || kind == stop_redis || kind == fail_redis_over;
}

}  // namespace

queue::Awaitable<void> Troublemaker::make(Trouble trouble) {
  if (is_of_redis(trouble.kind) && !redis_.is_well()) co_return;
  made_.push_back(trouble);
  switch (trouble.kind) {
    case kill_worker:
    case terminate_worker:
    case stop_worker:
    case resume_worker:
      trouble_worker(trouble);
      break;
    case kill_redis:
    case restart_redis:
    case stop_redis:
    case resume_redis:
    case fail_redis_over:
      trouble_redis(trouble);
      break;
    case cut_connections:
    case cut_one_connection:
    case flush_scripts:
      co_await trouble_connections(trouble);
      break;
    default:
      trouble_fhir(trouble);
  }
}

void Troublemaker::calm() {
  crew_.resume_all();
  redis_comes();
  fhir_.clear_faults();
  if (std::exchange(fhir_away_, false)) fhir_.reopen();
  fhir_.change_options([](sandbox::ServerOptions& options) { options.latency = 0ms; });
}

void Troublemaker::trouble_worker(const Trouble& trouble) {
  if (trouble.kind == kill_worker) crew_.kill(trouble.which);
  if (trouble.kind == terminate_worker) crew_.terminate(trouble.which);
  if (trouble.kind == stop_worker) crew_.stop(trouble.which);
  if (trouble.kind == resume_worker) crew_.resume(trouble.which);
}

void Troublemaker::trouble_redis(const Trouble& trouble) {
  if (trouble.kind == restart_redis || trouble.kind == resume_redis) return redis_comes();
  if (redis_away_) return;
  if (trouble.kind == fail_redis_over) {
    outages_.push_back({now(), now()});
    return redis_.fail_over();
  }
  redis_away_ = true;
  away_.from = now();
  if (trouble.kind == kill_redis) redis_.kill();
  if (trouble.kind == stop_redis) redis_.freeze();
}

void Troublemaker::redis_comes() {
  if (!std::exchange(redis_away_, false)) return;
  redis_.recover();
  away_.to = now();
  outages_.push_back(away_);
}

void Troublemaker::trouble_fhir(const Trouble& trouble) {
  const long times = 1 + trouble.which % 4;
  const std::string member = members_[trouble.which % members_.size()];
  switch (trouble.kind) {
    case fhir_busy:
      return fhir_.add_fault({.times = times, .status = 429});
    case fhir_fails:
      return fhir_.add_fault({.times = times, .status = 503});
    case fhir_resets:
      return fhir_.add_fault({.kind = FaultKind::reset, .times = times});
    case fhir_commits_and_resets:
      return fhir_.add_fault(
          {.kind = FaultKind::reset, .on = RequestKind::patch, .times = times, .after_commit = true});
    case fhir_truncates:
      return fhir_.add_fault({.kind = FaultKind::truncate, .on = RequestKind::page, .times = times});
    case fhir_stalls:
      return fhir_.add_fault({.kind = FaultKind::stall, .times = 1});
    case fhir_refuses_member:
      refused_.push_back(member);
      return fhir_.add_fault({.on = RequestKind::patch, .reference = member, .times = 1, .status = 422});
    case fhir_drops:
      return fhir_.drop_connections();
    case fhir_slow:
    case fhir_fast:
      return fhir_.change_options([&](sandbox::ServerOptions& options) {
        options.latency = trouble.kind == fhir_slow ? slow_latency : usual_latency;
      });
    case fhir_goes:
      if (!std::exchange(fhir_away_, true)) fhir_.close();
      return;
    case fhir_comes:
      if (std::exchange(fhir_away_, false)) fhir_.reopen();
      return;
    default:
      return;
  }
}

queue::Awaitable<void> Troublemaker::trouble_connections(Trouble trouble) {
  if (trouble.kind == flush_scripts) co_await ask({"SCRIPT", "FLUSH"});
  if (trouble.kind == cut_connections) {
    outages_.push_back({now(), now()});
    co_await ask({"CLIENT", "KILL", "TYPE", "normal"});
  }
  if (trouble.kind != cut_one_connection) co_return;
  const queue::Reply list = co_await ask({"CLIENT", "LIST"});
  const std::vector<std::string> ids = connections_in(list.text);
  if (ids.empty()) co_return;
  co_await ask({"CLIENT", "KILL", "ID", ids[trouble.which % ids.size()]});
}

/// A Redis that is away is trouble enough.
queue::Awaitable<queue::Reply> Troublemaker::ask(queue::Command command) {
  queue::Reply reply;
  try {
    reply = co_await link_.execute(std::move(command), 200ms);
  } catch (const queue::QueueUnavailable&) {
    reply.text.clear();
  }
  co_return reply;
}

}  // namespace chaos
