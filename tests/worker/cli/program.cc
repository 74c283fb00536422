#include "tests/worker/cli/program.h"

#include <stdexcept>

namespace test {

std::map<std::string, std::string> Program::environment() const {
  return {{"SET_ACCOUNTS_REDIS_URL", redis_.url()}, {"TZ", "UTC"}};
}

std::unique_ptr<ChildProcess> Program::started(const Arguments& arguments) const {
  Arguments all = {SET_ACCOUNTS_PROGRAM};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return std::make_unique<ChildProcess>(all, environment());
}

Ended Program::ran(const Arguments& arguments, const std::string& input) const {
  const auto program = started(arguments);
  program->feed(input);
  program->close_stdin();
  const int exit_code = program->wait();
  return {.exit_code = exit_code, .out = program->out(), .err = program->err()};
}

std::string Program::enqueued(const Arguments& more) const {
  Arguments arguments = {"enqueue"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Ended ended = ran(arguments);
  if (ended.exit_code != 0) throw std::runtime_error(ended.err);
  return ended.out.substr(0, ended.out.find('\n'));
}

std::unique_ptr<ChildProcess> Program::worker_without_server() const {
  auto worker = started({"worker", "--fhir-url", "http://127.0.0.1:1", "--listen", ""});
  if (!worker->wait_for_output("not ready")) throw std::runtime_error("the worker did not start: " + worker->err());
  return worker;
}

std::string Program::redis(const Arguments& command) const {
  Arguments all = {"redis-cli", "-s", redis_.socket().string()};
  all.insert(all.end(), command.begin(), command.end());
  ChildProcess client(all);
  client.wait();
  return client.out().substr(0, client.out().find_last_not_of('\n') + 1);
}

void Program::write_record(const std::string& id, const std::map<std::string, std::string>& fields) const {
  Arguments command = {"HSET", record_key(id)};
  for (const auto& [name, value] : fields) command.insert(command.end(), {name, value});
  redis(command);
}

void Program::wait_for_state(const std::string& id, const std::string& state) const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (redis({"HGET", record_key(id), "state"}) != state)
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error(id + " never was " + state);
}

}  // namespace test
