#include "worker/cli/fhir_check.h"

#include "config/url.h"
#include "worker/printable.h"

namespace worker::cli {
namespace {

using Kind = Finding::Kind;

/// A login is good at any path of the server; that the base is wrong would show with the first job only.
Finding judge_software(const std::string& software, const std::string& base) {
  const std::string server = "FHIR server at " + base + ": ";
  if (!software.empty()) return {Kind::ok, server + printable(software)};
  return {Kind::warning,
          server + "does not say what it is; see that --fhir-url is its base, as in https://api.example.org/fhir/R4"};
}

Finding judge_rights(const fhir::Client::Facts& facts) {
  if (facts.rights_unknown)
    return {Kind::warning, "the server has no /auth/me: whether it lets us write accounts shows with the first job"};
  if (facts.says_admin) return {Kind::ok, "may write accounts: a project admin"};
  return {Kind::failure, "may not write accounts: make this client's ProjectMembership an admin"};
}

}  // namespace

Findings judge(const fhir::Client::Facts& facts, const config::Fhir& settings) {
  Findings findings;
  findings.push_back(judge_software(facts.software, settings.url));
  if (config::is_unprotected(settings.url))
    findings.push_back(
        {Kind::warning, "--fhir-url is http: token and patients' data go over the network in the clear; use https"});
  findings.push_back({Kind::ok, "login: " + printable(facts.login)});
  findings.push_back(judge_rights(facts));
  if (!facts.warning.empty()) findings.push_back({Kind::warning, printable(facts.warning)});
  return findings;
}

}  // namespace worker::cli
