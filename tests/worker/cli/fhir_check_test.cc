#include "worker/cli/fhir_check.h"

#include <gtest/gtest.h>

namespace worker::cli {
namespace {

class FhirCheckTest : public testing::Test {
 protected:
  std::string lines() const {
    std::string text;
    for (const Finding& finding : judge(facts_, settings_)) text += text_of(finding) + "\n";
    return text;
  }
  fhir::Client::Facts facts_;
  config::Fhir settings_;
};

TEST_F(FhirCheckTest, SaysWhatAGoodServerIs) {
  settings_.url = "https://h/fhir/R4";
  facts_.software = "medplum 5.1";
  facts_.login = "token file";
  facts_.says_admin = true;
  EXPECT_EQ(lines(),
            "ok    FHIR server at https://h/fhir/R4: medplum 5.1\n"
            "ok    login: token file\n"
            "ok    may write accounts: a project admin\n");
}

TEST_F(FhirCheckTest, WarnsOfHttpOverANetworkAndOfWhatIsUnknown) {
  settings_.url = "http://h";
  facts_.login = "no login";
  facts_.rights_unknown = true;
  facts_.warning = "an access policy may hide types";
  EXPECT_EQ(lines(),
            "warn  FHIR server at http://h: does not say what it is; see that --fhir-url is its base, as in "
            "https://api.example.org/fhir/R4\n"
            "warn  --fhir-url is http: token and patients' data go over the network in the clear; use https\n"
            "ok    login: no login\n"
            "warn  the server has no /auth/me: whether it lets us write accounts shows with the first job\n"
            "warn  an access policy may hide types\n");
}

TEST_F(FhirCheckTest, FailsWithoutTheRight) {
  EXPECT_EQ(judge(facts_, settings_).back().kind, Finding::Kind::failure);
}

}  // namespace
}  // namespace worker::cli
