// The dashboard and the alerts speak of what there is: each metric that they name, and each label.

#include <fstream>
#include <regex>
#include <sstream>

#include "sandbox/json.h"
#include "tests/worker/eyes/exposition.h"
#include "tests/worker/eyes/scraped_worker.h"

namespace test {
namespace {

const std::string source = SET_ACCOUNTS_SOURCE;

std::string file(const std::string& path) {
  std::ifstream in(source + "/" + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> matches_of(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) found.push_back((*at)[1]);
  return found;
}

/// The expressions of a dashboard's panels, or of the rules of a file of alerts.
std::vector<std::string> expressions_of_dashboard() {
  std::vector<std::string> expressions;
  const sandbox::Json dashboard = sandbox::parsed(file("deploy/grafana/set-accounts.json"));
  for (const auto& panel : dashboard["panels"].GetArray()) {
    if (!panel.HasMember("targets")) continue;
    for (const auto& target : panel["targets"].GetArray()) expressions.emplace_back(target["expr"].GetString());
  }
  return expressions;
}

std::vector<std::string> expressions_of_alerts() {
  return matches_of(file("deploy/prometheus/alerts.yaml"), "expr: ([^\n]*)");
}

/// What an expression names that no scrape has; labels that Prometheus adds itself are there always.
std::string unknown_in(const std::string& expression, const Exposition& scrape) {
  std::string unknown;
  const auto series = scrape.series();
  std::set<std::string> labels{"instance", "job"};
  for (const auto& name : matches_of(expression, "((?:set_accounts|process)_[a-z0-9_]+)")) {
    const auto found = series.find(name);
    if (found == series.end())
      unknown += name + " ";
    else
      labels.insert(found->second.begin(), found->second.end());
  }
  for (const auto& list : matches_of(expression, R"((?:by|on) ?\(([^)]*)\))"))
    for (const auto& label : matches_of(list, "([a-z_]+)"))
      if (!labels.contains(label)) unknown += "label " + label + " ";
  for (const auto& matcher : matches_of(expression, R"raw(([a-z_]+\{[^}]*\}))raw")) {
    const std::string name = matcher.substr(0, matcher.find('{'));
    const std::string label = matches_of(matcher, R"(\{([a-z_]+)=)").at(0);
    const std::string value = matches_of(matcher, "=\"([^\"]*)\"").at(0);
    bool is = false;
    for (const auto& [family, told] : scrape.families)
      for (const auto& sample : told.samples)
        is = is || (sample.name == name && sample.labels.contains(label) && sample.labels.at(label) == value);
    if (!is) unknown += matcher + " ";
  }
  return unknown;
}

class DeployTest : public ScrapedWorker {};

TEST_F(DeployTest, DashboardAndAlertsNameOnlyWhatAScrapeHas) {
  start();
  const sandbox::Seeded seeded = seed({.members = 5});
  look();
  const auto job = enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true"});
  ASSERT_TRUE(until_state(job, "completed"));
  const Exposition told = read_exposition(scrape());
  auto expressions = expressions_of_dashboard();
  EXPECT_GT(expressions.size(), 40U);
  const auto alerts = expressions_of_alerts();
  EXPECT_GT(alerts.size(), 10U);
  expressions.insert(expressions.end(), alerts.begin(), alerts.end());
  for (const auto& expression : expressions) EXPECT_EQ(unknown_in(expression, told), "") << expression;
  EXPECT_NE(unknown_in("max(set_accounts_nothing)", told), "");
  EXPECT_NE(unknown_in("max by (nobody) (set_accounts_jobs)", told), "");
  EXPECT_NE(unknown_in("max(set_accounts_jobs{state=\"asleep\"})", told), "");
}

TEST(Deploy, EachAlertSaysWhatIsWrongAndWhatToDo) {
  const std::string alerts = file("deploy/prometheus/alerts.yaml");
  const auto rules = matches_of(alerts, "alert: (\\w+)").size();
  EXPECT_EQ(matches_of(alerts, "summary: (.{20,})").size(), rules);
  EXPECT_EQ(matches_of(alerts, "description: (.{40,})").size(), rules);
  EXPECT_EQ(matches_of(alerts, "severity: (critical|warning)").size(), rules);
}

TEST(Deploy, AlertsComeWhenTheyMust) {
  if (!has_promtool()) GTEST_SKIP() << "promtool is not here (Debian: prometheus)";
  EXPECT_EQ(promtool({"check", "rules", source + "/deploy/prometheus/alerts.yaml"}), "");
  EXPECT_EQ(promtool({"check", "config", source + "/deploy/prometheus/scrape.yaml"}), "");
  EXPECT_EQ(promtool({"test", "rules", source + "/tests/worker/eyes/alerts_test.yaml"}), "");
}

TEST(Deploy, TheReadmeNamesEachMetric) {
  const std::string readme = file("README.md");
  for (const char* part : {"queue", "fhir", "http", "worker", "process"}) {
    const std::string code = file(std::string("worker/http/metrics/") + part + "_metrics.cc");
    for (const auto& name : matches_of(code, "\"((?:set_accounts|process)_[a-z0-9_]+)\""))
      EXPECT_NE(readme.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace test
