#include <algorithm>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "fhir/client.h"
#include "queue/job_queue.h"
#include "queue/rights.h"
#include "worker/cli/columns.h"
#include "worker/cli/commands.h"
#include "worker/cli/fhir_check.h"
#include "worker/cli/http_check.h"
#include "worker/redis_findings.h"
#include "worker/redis_reach.h"

namespace worker::cli {
namespace {

std::string text_of(const config::SettingInForce& setting) {
  // A secret's value is only `set`, so that it reads: set (from SET_ACCOUNTS_CLIENT_SECRET).
  return padded_to(setting.name, 20) + " " + padded_to(setting.value.empty() ? "-" : setting.value, 36) + " " +
         (setting.source == "default" ? "default" : "from " + setting.source);
}

queue::Awaitable<Findings> check_redis(Session& session, std::string queue_name) {
  if (!session.no_redis.empty()) co_return Findings{{Finding::Kind::failure, "Redis: " + session.no_redis}};
  try {
    const RedisFacts facts = co_await ask(session.redis);
    const queue::Rights rights = co_await queue::ask_rights(session.redis, std::move(queue_name));
    Findings findings = judge_reach(session.redis.place(), rights, facts);
    const Findings of_server = judge(facts);
    findings.insert(findings.end(), of_server.begin(), of_server.end());
    co_return findings;
  } catch (const queue::QueueUnavailable& trouble) {
    co_return Findings{{Finding::Kind::failure, std::string("Redis: ") + trouble.what()}};
  }
}

/// What keeps every job from being begun though all is well with Redis.
queue::Awaitable<Findings> check_queue(Session& session) {
  try {
    const queue::Overview overview = co_await session.records.overview();
    if (!overview.paused) co_return Findings{};
    co_return Findings{{Finding::Kind::warning, "the queue is paused: no job is begun until set-accounts resume"}};
  } catch (const queue::QueueUnavailable& trouble) {
    co_return Findings{{Finding::Kind::failure, std::string("Redis: ") + trouble.what()}};
  }
}

struct OfFhir {
  Findings findings;
  std::optional<bool> knows_rights;  ///< nothing, if it was not reached
};

queue::Awaitable<OfFhir> check_fhir(config::Fhir settings) {
  const auto executor = co_await boost::asio::this_coro::executor;
  OfFhir found;
  try {
    fhir::Client client(executor, settings);
    co_await client.probe();
    found.findings = judge(client.facts(), settings);
    found.knows_rights = !client.facts().rights_unknown;
  } catch (const fhir::ServerUnavailable& trouble) {
    found.findings = {{Finding::Kind::failure, std::string("FHIR server: ") + trouble.what()}};
  } catch (const std::invalid_argument& wrong_setting) {
    found.findings = {{Finding::Kind::failure, wrong_setting.what()}};
  }
  co_return found;
}

/// At once: the other part may take a while.
void show(const Findings& findings, std::ostream& out) {
  for (const Finding& finding : findings) out << text_of(finding) << '\n';
  out.flush();
}

bool has_failure(const Findings& findings) {
  return std::ranges::find(findings, Finding::Kind::failure, &Finding::kind) != findings.end();
}

queue::Awaitable<int> check(config::Settings settings, Session& session) {
  Findings of_redis = co_await check_redis(session, settings.redis.queue);
  show(of_redis, session.out);
  if (!has_failure(of_redis)) {
    of_redis = co_await check_queue(session);
    show(of_redis, session.out);
  }
  const OfFhir of_fhir = co_await check_fhir(settings.fhir);
  show(of_fhir.findings, session.out);
  const Findings of_http = judge(settings.http, of_fhir.knows_rights);
  show(of_http, session.out);
  co_return has_failure(of_redis) || has_failure(of_fhir.findings) || has_failure(of_http) ? 1 : 0;
}

}  // namespace

Errand prepare_check(const config::Invocation& asked) {
  for (const config::SettingInForce& setting : asked.in_force) std::cout << text_of(setting) << '\n';
  std::cout << std::endl;
  return [settings = asked.settings](Session& session) { return check(settings, session); };
}

}  // namespace worker::cli
