#include "sandbox/command_line.h"

#include <map>

#include <CLI/CLI.hpp>

namespace sandbox {
namespace {

constexpr const char* example = R"(Example:
  fhir-sandbox --port 8103 --seed-patient p --members 5000 --latency-ms 20
  curl -X POST http://127.0.0.1:8103/sandbox/snapshot
  set-accounts worker --fhir-url http://127.0.0.1:8103/fhir/R4 …
  curl -X POST 'http://127.0.0.1:8103/sandbox/expect?target=Patient/p&accounts=Organization/x&propagate=true'
  curl http://127.0.0.1:8103/sandbox/differences)";

/// What CLI11 reads into, before it becomes options.
struct Raw {
  std::vector<std::string> patients;
  std::vector<std::string> old_accounts;
  std::size_t members = 100;
  std::uint64_t seed = 1;
  bool uuid_ids = false;
  long latency = 0;
  long quota_window = 60'000;
  long token_lifetime = 3'600'000;
  bool not_admin = false;
  bool no_if_match = false;
  bool one_rate_limit_line = false;
  bool no_search_mode = false;
  bool no_compartment = false;
  bool no_gzip = false;
};

void add_world_options(CLI::App& app, Raw& raw, CommandLine& line) {
  app.add_option("--seed-patient", raw.patients, "id of a patient to seed, repeatable");
  app.add_option("--members", raw.members, "resources in each seeded compartment")->capture_default_str();
  app.add_option("--seed", raw.seed, "same seed, same world")->capture_default_str();
  app.add_option("--old-account", raw.old_accounts, "accounts of seeded patients, repeatable")->expected(0, -1);
  app.add_flag("--uuid-ids", raw.uuid_ids, "ids are UUIDs, others are 404");
  app.add_option("--bundle", line.bundles, "Synthea Bundles to load, .json or .json.gz");
  app.add_flag("--real-time", line.server.world.real_time, "lastUpdated is the machine's clock");
  app.add_option("--writes-per-ms", line.server.world.writes_per_ms, "more than one: lastUpdated collides")
      ->check(CLI::Range(1, 100'000));
}

void add_server_options(CLI::App& app, Raw& raw, CommandLine& line) {
  static const std::map<std::string, Paging> pagings = {
      {"legacy", Paging::legacy}, {"offset", Paging::offset}, {"cursor", Paging::cursor}};
  ServerOptions& server = line.server;
  app.add_option("--address", server.address, "where to listen")->capture_default_str();
  app.add_option("--port", server.port, "0: any");
  app.add_option("--port-file", line.port_file, "the port is written there once it listens");
  app.add_option("--tls-cert", server.tls_certificate, "PEM")->check(CLI::ExistingFile);
  app.add_option("--tls-key", server.tls_key, "PEM")->check(CLI::ExistingFile);
  app.add_option("--public-base", server.public_base, "what links begin with, e.g. https://fhir.example.org/");
  app.add_option("--paging", server.paging, "legacy (before 5.1.18), offset (to 5.1.21), cursor")
      ->transform(CLI::CheckedTransformer(pagings));
  app.add_option("--offset-cap", server.offset_cap, "maxSearchOffset")->capture_default_str();
  app.add_flag("--no-if-match", raw.no_if_match, "PATCH ignores If-Match, as before 5.1.28");
  app.add_flag("--no-search-mode", raw.no_search_mode, "entries without search.mode");
  app.add_flag("--no-meta-compartment", raw.no_compartment, "resources without meta.compartment");
  app.add_option("--latency-ms", raw.latency, "of every FHIR request");
  app.add_option("--quota", server.quota, "FHIR points a window, 0: none");
  app.add_option("--quota-window-ms", raw.quota_window, "")->capture_default_str();
  app.add_flag("--one-rate-limit-line", raw.one_rate_limit_line, "RateLimit items in one header");
  app.add_flag("--no-gzip", raw.no_gzip, "answers are never packed");
  app.add_option("--fault", line.faults, "as of POST /sandbox/fault, e.g. 'kind=status&on=patch&probability=0.1'");
}

void add_auth_options(CLI::App& app, Raw& raw, CommandLine& line) {
  ServerOptions& server = line.server;
  app.add_flag("--auth", server.auth, "requests want a token");
  app.add_option("--client-id", server.tokens.client_id, "")->capture_default_str();
  app.add_option("--client-secret", server.tokens.client_secret, "")->capture_default_str();
  app.add_option("--token-lifetime-ms", raw.token_lifetime, "")->capture_default_str();
  app.add_flag("--not-admin", raw.not_admin, "account writes are silently ignored");
}

void settle(const Raw& raw, CommandLine& line) {
  ServerOptions& server = line.server;
  server.latency = std::chrono::milliseconds(raw.latency);
  server.quota_window = std::chrono::milliseconds(raw.quota_window);
  server.tokens.lifetime = std::chrono::milliseconds(raw.token_lifetime);
  server.admin = !raw.not_admin;
  server.if_match = !raw.no_if_match;
  if (raw.one_rate_limit_line) server.rate_limit_header = RateLimitHeader::one_line;
  server.search_mode = !raw.no_search_mode;
  server.compartment_in_meta = !raw.no_compartment;
  server.gzip = !raw.no_gzip;
  server.world.uuid_ids = raw.uuid_ids;
  server.seed = server.world.seed = raw.seed;
  for (const std::string& patient : raw.patients) {
    Seeding seeding;
    seeding.patient = patient;
    seeding.members = raw.members;
    seeding.seed = raw.seed;
    seeding.uuid_ids = raw.uuid_ids;
    if (!raw.old_accounts.empty()) seeding.old_accounts = raw.old_accounts;
    line.seedings.push_back(std::move(seeding));
  }
}

}  // namespace

bool parse_command_line(int argc, const char* const* argv, CommandLine& line, int& exit_code) {
  CLI::App app(
      "A strict stand-in for a Medplum FHIR server, for tests of set-accounts. Control: /sandbox/ (see control.h).",
      "fhir-sandbox");
  app.footer(example);
  Raw raw;
  add_world_options(app, raw, line);
  add_server_options(app, raw, line);
  add_auth_options(app, raw, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 2;
    return false;
  }
  settle(raw, line);
  return true;
}

}  // namespace sandbox
