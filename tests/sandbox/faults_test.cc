#include <algorithm>
#include <functional>
#include <map>

#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include "sandbox/fault_rules.h"
#include "sandbox/served_patient.h"

using namespace sandbox;

namespace {

constexpr const char* observation = "Observation/p-m-0";

Fault fault(FaultKind kind, RequestKind on = RequestKind::any) {
  Fault result;
  result.kind = kind;
  result.on = on;
  return result;
}

Fault with_status(unsigned status, RequestKind on = RequestKind::any) {
  Fault result = fault(FaultKind::status, on);
  result.status = status;
  return result;
}

struct Faults : testing::Test {
  bool is_intact() { return served.accounts(observation) != account(3); }
  Reply write() { return served.patch(observation, set_accounts_patch({account(3)})); }
  /// For faults that answer nothing: whether the connection ended.
  bool is_cut(const std::function<void()>& request) {
    try {
      request();
    } catch (const boost::system::system_error&) {
      return true;
    }
    return false;
  }
  ServedPatient served;
};

TEST_F(Faults, AnswerAStatusInsteadAsTheServerOrItsProxyWould) {
  const std::map<unsigned, std::string> expected = {{500, "Internal Server Error"},
                                                    {504, "Server timeout"},
                                                    {412, "Precondition Failed"},
                                                    {403, "Forbidden"},
                                                    {404, "Not found"},
                                                    {429, "Too Many Requests"}};
  for (const auto& [status, text] : expected) {
    served.server.add_fault(with_status(status, RequestKind::patch));
    const Reply reply = write();
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.text(), text);
    served.server.clear_faults();
    EXPECT_TRUE(is_intact());
  }
  served.server.add_fault(with_status(503));
  EXPECT_EQ(served.get(observation).header("Content-Type"), "text/html");
}

TEST_F(Faults, AnswerAConflictThatMayBeTriedAgain) {
  served.server.add_fault(with_status(409));
  const Json conflict = write().json();
  EXPECT_EQ(text_member(conflict, "id"), "conflict");
  EXPECT_EQ(text_member(conflict["issue"][0]["details"]["coding"][0], "code"), "40001");
}

TEST_F(Faults, CanAnswerAnErrorAlthoughTheWriteIsDone) {
  Fault late = with_status(502, RequestKind::patch);
  late.after_commit = true;
  served.server.add_fault(late);
  EXPECT_EQ(write().status, 502U);
  EXPECT_FALSE(is_intact());
}

TEST_F(Faults, MeetOnlyTheRequestsTheyAreFor) {
  Fault only = with_status(500, RequestKind::read);
  only.reference = observation;
  only.nth = 2;
  served.server.add_fault(only);
  EXPECT_EQ(served.get("Patient/p").status, 200U);
  EXPECT_EQ(served.get(observation).status, 200U);
  EXPECT_EQ(served.page(everything).status, 200U);
  EXPECT_EQ(served.get(observation).status, 500U);
  EXPECT_EQ(served.get(observation).status, 200U);
  served.server.clear_faults();
  Fault twice = with_status(500);
  twice.times = 2;
  served.server.add_fault(twice);
  EXPECT_EQ(served.get(observation).status, 500U);
  EXPECT_EQ(served.page(everything).status, 500U);
  EXPECT_EQ(served.get(observation).status, 200U);
}

TEST_F(Faults, StrikeWithAProbabilityThatTheSeedDecides) {
  const auto struck = [](std::uint64_t seed) {
    FaultRules rules(seed);
    Fault sometimes;
    sometimes.probability = 0.3;
    rules.add(sometimes);
    std::string pattern;
    for (int i = 0; i < 1000; ++i) pattern += rules.strike(Asked()) ? 'x' : '.';
    return pattern;
  };
  EXPECT_EQ(struck(1), struck(1));
  EXPECT_NE(struck(1), struck(2));
  EXPECT_NEAR(static_cast<double>(std::ranges::count(struck(1), 'x')), 300, 60);
}

TEST_F(Faults, ResetBeforeTheCommitOrAfterIt) {
  served.server.add_fault(fault(FaultKind::reset));
  EXPECT_TRUE(is_cut([&] { write(); }));
  served.server.clear_faults();
  EXPECT_TRUE(is_intact());
  Fault late = fault(FaultKind::reset, RequestKind::patch);
  late.after_commit = true;
  served.server.add_fault(late);
  EXPECT_TRUE(is_cut([&] { write(); }));
  EXPECT_FALSE(is_intact());
}

TEST_F(Faults, StallForEverOrForAWhile) {
  served.server.add_fault(fault(FaultKind::stall, RequestKind::patch));
  served.client.set_limit(std::chrono::milliseconds(60));
  EXPECT_THROW(write(), std::runtime_error);
  served.server.clear_faults();
  served.client.set_limit(std::chrono::seconds(10));
  EXPECT_TRUE(is_intact());
  Fault brief = fault(FaultKind::stall, RequestKind::patch);
  brief.wait = std::chrono::milliseconds(30);
  served.server.add_fault(brief);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(write().status, 200U);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(30));
}

TEST_F(Faults, DripChunkAndSwellButStillAnswerRightly) {
  const std::string right = served.get(observation).body;
  Fault drip = fault(FaultKind::drip);
  drip.size = 400;
  drip.wait = std::chrono::milliseconds(1);
  Fault chunked = fault(FaultKind::chunked);
  chunked.size = 100;
  Fault huge = fault(FaultKind::huge_header);
  huge.size = 60'000;
  for (const Fault& each : {drip, chunked, huge}) {
    served.server.add_fault(each);
    EXPECT_EQ(served.get(observation).body, right);
    served.server.clear_faults();
  }
}

TEST_F(Faults, SpoilTheBody) {
  const std::string right = served.get(observation).body;
  const auto spoilt = [&](FaultKind kind) {
    served.server.clear_faults();
    Fault each = fault(kind);
    each.size = 5000;
    served.server.add_fault(each);
    return served.get(observation);
  };
  EXPECT_EQ(spoilt(FaultKind::half_json).body, right.substr(0, right.size() / 2));
  EXPECT_FALSE(parse(spoilt(FaultKind::invalid_utf8).body));
  EXPECT_TRUE(spoilt(FaultKind::html).body.starts_with("<!DOCTYPE html>"));
  EXPECT_EQ(spoilt(FaultKind::html).status, 200U);
  EXPECT_EQ(spoilt(FaultKind::empty_body).body, "");
  EXPECT_TRUE(spoilt(FaultKind::deep_json).body.starts_with("[[[[[["));
  EXPECT_EQ(spoilt(FaultKind::short_length).body,
            right.substr(0, right.size() - std::min<std::size_t>(right.size(), 5000)));
  EXPECT_TRUE(is_cut([&] { spoilt(FaultKind::truncate); }));
  served.client.set_limit(std::chrono::milliseconds(60));
  EXPECT_THROW(spoilt(FaultKind::wrong_length), std::runtime_error);
}

TEST_F(Faults, IgnoreAWrite) {
  const std::string version = served.get(observation).version();
  served.server.add_fault(fault(FaultKind::ignore_write));
  const Reply reply = write();
  EXPECT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.version(), version);
  EXPECT_TRUE(is_intact());
  EXPECT_EQ(served.server.counters().wasted_writes, 0) << "it is not the client's waste";
}

TEST_F(Faults, BendTheNextLink) {
  const std::string right = next_of(served.page(everything + "?_count=20"));
  const auto bent = [&](FaultKind kind, const std::string& url) {
    served.server.clear_faults();
    Fault each = fault(kind, RequestKind::page);
    each.url = url;
    served.server.add_fault(each);
    return next_of(served.page(everything + "?_count=20"));
  };
  const std::string base = served.server.base_url();
  EXPECT_EQ(bent(FaultKind::next_origin, "https://evil.example"), "https://evil.example" + right.substr(base.size()));
  EXPECT_EQ(bent(FaultKind::next_path, "/fhir/R4/Patient/q/$everything"),
            base + "/fhir/R4/Patient/q/$everything" + right.substr(right.find('?')));
  EXPECT_EQ(bent(FaultKind::next_loop, ""), base + "/fhir/R4/Patient/p/$everything?_count=20");
}

TEST(FaultsOfTokens, RevokeThemInTheMiddleOrLeaveTheEndpointDown) {
  ServerOptions options;
  options.auth = true;
  ServedPatient served(options);
  const auto grant = [&] {
    return served.client.post("/oauth2/token", "grant_type=client_credentials&client_id=client&client_secret=secret",
                              {{"Content-Type", "application/x-www-form-urlencoded"}});
  };
  const Headers bearer = {{"Authorization", "Bearer " + std::string(text_member(grant().json(), "access_token"))}};
  Fault revoke = fault(FaultKind::revoke_tokens, RequestKind::read);
  revoke.nth = 2;
  served.server.add_fault(revoke);
  EXPECT_EQ(served.get("Patient/p", bearer).status, 200U);
  EXPECT_EQ(served.get("Patient/p", bearer).status, 401U);
  EXPECT_EQ(served.get("Patient/p", bearer).status, 401U);
  served.server.add_fault(with_status(503, RequestKind::token));
  EXPECT_EQ(grant().status, 503U);
}

TEST(FaultsOfAQuery, NameWhatIsWrong) {
  const Fault read = fault_of(parse_query("kind=stall&on=page&ref=Patient%2Fp&nth=3&wait-ms=50&after-commit=true"));
  EXPECT_EQ(read.kind, FaultKind::stall);
  EXPECT_EQ(read.on, RequestKind::page);
  EXPECT_EQ(read.reference, "Patient/p");
  EXPECT_EQ(read.wait, std::chrono::milliseconds(50));
  EXPECT_TRUE(read.after_commit);
  EXPECT_EQ(fault_of(parse_query("kind=ignore_write")).kind, FaultKind::ignore_write);
  EXPECT_EQ(fault_of(parse_query("kind=deep_json")).kind, FaultKind::deep_json);
  for (const char* bad : {"kind=nonsense", "on=nonsense", "nth=x", "colour=red", "body=none"}) {
    EXPECT_THROW(fault_of(parse_query(bad)), std::invalid_argument) << bad;
  }
}

}  // namespace
