#include <algorithm>
#include <iostream>

#include <boost/asio/this_coro.hpp>

#include "fhir/client.h"
#include "queue/job_queue.h"
#include "worker/cli/columns.h"
#include "worker/cli/commands.h"
#include "worker/cli/fhir_check.h"
#include "worker/cli/redis_check.h"

namespace worker::cli {
namespace {

std::string text_of(const config::SettingInForce& setting) {
  // A secret's value is only `set`, so that it reads: set (from SET_ACCOUNTS_CLIENT_SECRET).
  return padded_to(setting.name, 20) + " " + padded_to(setting.value.empty() ? "-" : setting.value, 36) + " " +
         (setting.source == "default" ? "default" : "from " + setting.source);
}

queue::Awaitable<Findings> check_redis(Session& session) {
  try {
    const RedisFacts facts = co_await ask(session.redis);
    co_return judge(facts);
  } catch (const queue::QueueUnavailable& trouble) {
    co_return Findings{{Finding::Kind::failure, std::string("Redis: ") + trouble.what()}};
  }
}

queue::Awaitable<Findings> check_fhir(config::Fhir settings) {
  const auto executor = co_await boost::asio::this_coro::executor;
  fhir::Client client(executor, settings);
  try {
    co_await client.probe();
    co_return judge(client.facts(), settings);
  } catch (const fhir::ServerUnavailable& trouble) {
    co_return Findings{{Finding::Kind::failure, std::string("FHIR server: ") + trouble.what()}};
  }
}

queue::Awaitable<int> check(config::Fhir settings, Session& session) {
  Findings findings = co_await check_redis(session);
  const Findings of_fhir = co_await check_fhir(settings);
  findings.insert(findings.end(), of_fhir.begin(), of_fhir.end());
  for (const Finding& finding : findings) session.out << text_of(finding) << '\n';
  const bool failed = std::ranges::find(findings, Finding::Kind::failure, &Finding::kind) != findings.end();
  co_return failed ? 1 : 0;
}

}  // namespace

Errand prepare_check(const config::Invocation& asked) {
  for (const config::SettingInForce& setting : asked.in_force) std::cout << text_of(setting) << '\n';
  std::cout << std::endl;
  return [settings = asked.settings.fhir](Session& session) { return check(settings, session); };
}

}  // namespace worker::cli
