#include "tests/bench/stage.h"

namespace bench {

namespace {

Strings options_for(Keeping keeping) {
  if (keeping == Keeping::synced_each_second) return {"--appendfsync", "everysec"};
  return {"--appendfsync", "always", "--hash-max-ziplist-value", "4096"};
}

}  // namespace

std::string name_of(Keeping keeping) {
  return keeping == Keeping::synced_each_second ? "appendfsync everysec"
                                                : "set up as the embedded one (appendfsync always)";
}

Stage::Stage(Keeping keeping, std::size_t members, std::chrono::milliseconds latency)
    : redis_server(options_for(keeping)), redis(redis_server.socket()), events(redis_server.socket()) {
  fhir.with_world([&](sandbox::World& world) { seeded = sandbox::seed_compartment(world, {.members = members}); });
  fhir.change_options([&](sandbox::ServerOptions& options) { options.latency = latency; });
}

std::unique_ptr<test::ChildProcess> Stage::worker(Strings options) const {
  // Nobody reads its audit lines while figures are taken, and a full pipe would stop it.
  Strings command{"sh", "-c", "exec \"$@\" 2>/dev/null", "sh"};
  for (const auto& word : Strings{SET_ACCOUNTS_PROGRAM, "worker", "--redis-url", redis_server.url(), "--fhir-url",
                                  fhir.fhir_url(), "--log-level", "error", "--listen", ""})
    command.push_back(word);
  command.insert(command.end(), options.begin(), options.end());
  return std::make_unique<test::ChildProcess>(command);
}

void Stage::warm_up() {
  const auto job = enqueue({"target", seeded.target, "accounts", "", "dryRun", "true"});
  events.wait_for(job, "completed");
}

std::string Stage::enqueue(Strings fields) {
  Strings command{"XADD", "{set-accounts}:inbox", "*"};
  command.insert(command.end(), fields.begin(), fields.end());
  return redis.ask(command).text;
}

std::string Stage::field(const std::string& job, const std::string& name) {
  return redis.ask({"HGET", "{set-accounts}:job:" + job, name}).text;
}

}  // namespace bench
