#include "config/options.h"

#include <algorithm>
#include <cctype>
#include <chrono>

namespace config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto everyone = Audience::every_command;
constexpr auto server = Audience::worker_and_check;

std::vector<Option> table() {
  const auto redis = [](auto member) { return field(&Settings::redis, member); };
  const auto fhir = [](auto member) { return field(&Settings::fhir, member); };
  const auto worker = [](auto member) { return field(&Settings::worker, member); };
  const auto http = [](auto member) { return field(&Settings::http, member); };
  const auto log = [](auto member) { return field(&Settings::log, member); };
  constexpr auto in_redis = "Redis";
  constexpr auto at_fhir = "FHIR server";
  constexpr auto of_jobs = "Jobs";
  constexpr auto by_http = "HTTP";
  constexpr auto of_log = "Log";
  return {
      {"redis-url", "URL", "redis[s]:// redis[s]+sentinel:// unix:// embedded:[DIR]", in_redis, everyone,
       redis_url(redis(&Redis::url))},
      {"redis-password-file", "FILE", "holds the password", in_redis, everyone, file(redis(&Redis::password_file)),
       false, true},
      {"redis-ca-file", "FILE", "whom to trust (rediss://)", in_redis, everyone, file(redis(&Redis::ca_file)), false,
       true},
      {"redis-cert-file", "FILE", "our own certificate", in_redis, everyone, file(redis(&Redis::cert_file)), false,
       true},
      {"redis-key-file", "FILE", "and its key", in_redis, everyone, file(redis(&Redis::key_file)), false, true},
      {"queue", "NAME", "every key begins with {NAME}:", in_redis, everyone, queue_name(redis(&Redis::queue))},

      {"fhir-url", "URL", "base, e.g. https://api.example.org/fhir/R4", at_fhir, server, http_url(fhir(&Fhir::url))},
      {"token-url", "URL", "by default /oauth2/token at the base's origin", at_fhir, server,
       http_url(fhir(&Fhir::token_url))},
      {"client-id", "ID", "OAuth2 client credentials", at_fhir, server, text(fhir(&Fhir::client_id))},
      {"client-secret-file", "FILE", "or SET_ACCOUNTS_CLIENT_SECRET", at_fhir, server,
       file(fhir(&Fhir::client_secret_file))},
      {"client-secret", "SECRET", "", at_fhir, server, secret(fhir(&Fhir::client_secret)), true},
      {"token-file", "FILE", "a fixed bearer token instead", at_fhir, server, file(fhir(&Fhir::token_file))},
      {"ca-file", "FILE", "whom to trust, by default the system's store", at_fhir, server, file(fhir(&Fhir::ca_file))},
      {"concurrency", "N", "PATCHes in flight, all jobs together", at_fhir, server,
       whole_number(fhir(&Fhir::concurrency), 1, 1000)},
      {"request-timeout", "TIME", "of one request", at_fhir, server,
       duration(fhir(&Fhir::request_timeout), milliseconds(100), hours(1))},

      {"jobs", "N", "running at once", of_jobs, server, whole_number(worker(&Worker::jobs), 1, 1000)},
      {"page-size", "N", "_count of a compartment's page, 20 to 1000", of_jobs, server,
       whole_number(worker(&Worker::page_size), 20, 1000)},
      {"body-limit", "SIZE", "of one page", of_jobs, server, size(fhir(&Fhir::body_limit), 1'000'000, 1'000'000'000)},
      {"max-attempts", "N", "of jobs that do not say", of_jobs, server,
       whole_number(worker(&Worker::max_attempts), 1, 1000)},
      {"verify", "HOW", "full, or none: no passes after the first", of_jobs, server, choice(worker(&Worker::verify))},
      {"lease", "TIME", "a silent worker's jobs go to others after it", of_jobs, server,
       duration(worker(&Worker::lease), seconds(1), hours(1))},
      {"keep-finished", "TIME", "records of finished jobs", of_jobs, server,
       duration(worker(&Worker::keep_finished), seconds(1), hours(24 * 3650))},
      {"grace", "TIME", "to let writes end on SIGTERM", of_jobs, server,
       duration(worker(&Worker::grace), seconds(0), hours(1))},
      {"drain", "", "end as soon as no job is left that could run", of_jobs, Audience::worker,
       flag(worker(&Worker::drain))},

      {"listen", "ADDRESS", "HOST:PORT of the front door, health and metrics; '': off", by_http, server,
       listen_address(http(&Http::listen), http(&Http::listen_was_asked_for))},
      {"tls-cert-file", "FILE", "for --listen, PEM with its chain", by_http, server, file(http(&Http::tls_cert_file))},
      {"tls-key-file", "FILE", "and its key", by_http, server, file(http(&Http::tls_key_file))},
      {"public-url", "URL", "by which clients reach us; by default from --listen", by_http, server,
       http_url(http(&Http::public_url))},
      {"sync-timeout", "TIME", "of a $set-accounts that is waited for", by_http, server,
       duration(http(&Http::sync_timeout), milliseconds(100), hours(1))},
      {"caller-rate", "N", "requests a minute that one caller may send", by_http, server,
       whole_number(http(&Http::caller_rate), 1, 1'000'000)},
      {"caller-token-file", "FILE", "bearer tokens of callers, if not Medplum's", by_http, server,
       file(http(&Http::caller_token_file))},
      {"status-token-file", "FILE", "opens the status page beyond loopback", by_http, server,
       file(http(&Http::status_token_file))},

      {"log-format", "HOW", "text or json; text on a terminal, else json", of_log, server, choice(log(&Log::format)),
       false, false, true},
      {"log-level", "LEVEL", "debug, info, warning or error", of_log, server, choice(log(&Log::level))},
  };
}

}  // namespace

const std::vector<Option>& options() {
  static const std::vector<Option> the_table = table();
  return the_table;
}

std::string variable_of(std::string_view name) {
  std::string variable(name);
  std::ranges::replace(variable, '-', '_');
  std::ranges::transform(variable, variable.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return "SET_ACCOUNTS_" + variable;
}

}  // namespace config
