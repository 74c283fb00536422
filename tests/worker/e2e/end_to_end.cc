#include "tests/worker/e2e/end_to_end.h"

#include <algorithm>
#include <thread>

#include "queue/job_queue.h"
#include "tests/support/run.h"

namespace test {
namespace {

config::Redis settings_of(const RedisServer& server) {
  config::Redis settings;
  settings.url = server.url();
  return settings;
}

std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : separator) + part;
  return text;
}

std::vector<std::string> texts(const queue::Reply& reply) {
  std::vector<std::string> all;
  for (const queue::Reply& item : reply.items) all.push_back(item.text);
  return all;
}

}  // namespace

EndToEnd::EndToEnd(sandbox::ServerOptions options)
    : server(std::move(options)), client_(io_.get_executor(), settings_of(redis_server), [](const std::string&) {}) {}

void EndToEnd::TearDown() {
  EXPECT_EQ(joined(sandbox::trespasses(server.committed_patches(), asked_), "\n"), "");
  EXPECT_EQ(server.counters().wasted_writes, 0);
}

sandbox::Seeded EndToEnd::seed(sandbox::Seeding seeding) {
  sandbox::Seeded seeded;
  server.with_world([&](sandbox::World& world) { seeded = sandbox::seed_compartment(world, seeding); });
  return seeded;
}

void EndToEnd::look() {
  server.with_world([&](const sandbox::World& world) { oracle_ = std::make_unique<sandbox::Oracle>(world); });
}

queue::Reply EndToEnd::redis(Fields command) {
  for (int tries = 1;; ++tries) {
    try {
      queue::Reply reply = run(io_, client_.execute(command));
      if (reply.is_error()) throw std::runtime_error("redis: " + reply.text);
      return reply;
    } catch (const queue::QueueUnavailable&) {
      if (tries == 3) throw;  // a test may have restarted Redis since the last command
    }
  }
}

void EndToEnd::retry(const std::string& job) {
  redis({"XADD", "{set-accounts}:inbox", "*", "retry", job});
}

std::string EndToEnd::enqueue(Fields fields) {
  note_entry(fields);
  Fields command{"XADD", "{set-accounts}:inbox", "*"};
  command.insert(command.end(), fields.begin(), fields.end());
  return redis(std::move(command)).text;
}

std::string EndToEnd::enqueue(const sandbox::Request& request) {
  return enqueue({"target", request.target, "accounts", joined(request.accounts, ","), "propagate",
                  request.propagate ? "true" : "false"});
}

void EndToEnd::note_entry(const Fields& fields) {
  sandbox::Request request;
  bool writes = true;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string& name = fields[i];
    const std::string& value = fields[i + 1];
    if (name == "target") request.target = value;
    if (name == "propagate") request.propagate = value == "true";
    if (name == "parameters") request.propagate = value.find("true") != std::string::npos;
    if (name == "dryRun") writes = value != "true";
  }
  if (writes) asked_.push_back(std::move(request));
}

RecordFields EndToEnd::record(const std::string& job) {
  const queue::Reply reply = redis({"HGETALL", "{set-accounts}:job:" + job});
  RecordFields fields;
  for (std::size_t i = 0; i + 1 < reply.items.size(); i += 2) fields[reply.items[i].text] = reply.items[i + 1].text;
  return fields;
}

std::string EndToEnd::field(const std::string& job, const std::string& name) {
  return redis({"HGET", "{set-accounts}:job:" + job, name}).text;
}

long EndToEnd::number(const std::string& job, const std::string& name) {
  const std::string text = field(job, name);
  return text.empty() ? -1 : std::stol(text);
}

std::vector<std::string> EndToEnd::failures(const std::string& job) {
  return texts(redis({"LRANGE", "{set-accounts}:job:" + job + ":failures", "0", "-1"}));
}

std::vector<std::string> EndToEnd::owed(const std::string& target) {
  return texts(redis({"SMEMBERS", "{set-accounts}:owed:" + target}));
}

Fields EndToEnd::worker_command(Fields options) const {
  Fields command{SET_ACCOUNTS_PROGRAM, "worker", "--redis-url", redis_server.url(), "--fhir-url", server.fhir_url()};
  const auto unless_given = [&](const char* flag, const char* value) {
    if (std::ranges::find(options, flag) == options.end()) command.insert(command.end(), {flag, value});
  };
  unless_given("--listen", "");
  unless_given("--log-format", "text");
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

std::unique_ptr<ChildProcess> EndToEnd::worker(Fields options, std::map<std::string, std::string> environment) {
  return std::make_unique<ChildProcess>(worker_command(std::move(options)), std::move(environment));
}

int EndToEnd::drain(Fields options) {
  options.emplace_back("--drain");
  ChildProcess process(worker_command(std::move(options)));
  const int code = process.wait(std::chrono::minutes(3));
  said_ = process.err();
  return code;
}

bool EndToEnd::until(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < end) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return holds();
}

bool EndToEnd::until_state(const std::string& job, const std::string& state) {
  return until([&] { return field(job, "state") == state; });
}

bool EndToEnd::hang_patches(sandbox::Fault fault) {
  fault.kind = sandbox::FaultKind::stall;
  fault.on = sandbox::RequestKind::patch;
  server.add_fault(fault);
  const long before = server.counters().requests_of("patch");
  return until([&] {
    const sandbox::Counters counters = server.counters();
    return counters.requests_of("patch") >= before + 3 && counters.patches_in_flight >= 3;
  });
}

std::vector<std::string> EndToEnd::accounts_of(const std::string& reference) {
  std::vector<std::string> accounts;
  server.with_world([&](const sandbox::World& world) {
    for (const sandbox::AccountEntry& entry : sandbox::entries_of(sandbox::parsed(world.find(reference)->text())))
      accounts.push_back(entry.json);
  });
  return accounts;
}

std::string EndToEnd::wrong() {
  std::vector<std::string> differences;
  server.with_world([&](const sandbox::World& world) { differences = oracle_->differences(world, 10); });
  return joined(differences, "\n");
}

}  // namespace test
