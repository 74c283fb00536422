#include "tests/worker/eyes/exposition.h"

#include <gtest/gtest.h>

namespace test {
namespace {

std::string faults_of(const std::string& text) {
  std::string all;
  for (const auto& fault : read_exposition(text).faults) all += fault + "\n";
  return all;
}

std::string histogram(const std::string& buckets, const std::string& count) {
  return "# HELP set_accounts_h_seconds how long it took\n# TYPE set_accounts_h_seconds histogram\n" + buckets +
         "set_accounts_h_seconds_sum 1\nset_accounts_h_seconds_count " + count + "\n";
}

constexpr const char* up = "# HELP set_accounts_up whether it is\n# TYPE set_accounts_up gauge\nset_accounts_up 1\n";

TEST(ExpositionTest, AnOrderlyOneHasNoFaults) {
  EXPECT_EQ(faults_of(up), "");
  EXPECT_EQ(faults_of(histogram("set_accounts_h_seconds_bucket{le=\"0.5\"} 1\n"
                                "set_accounts_h_seconds_bucket{le=\"+Inf\"} 2\n",
                                "2")),
            "");
}

TEST(ExpositionTest, EachFaultIsFound) {
  EXPECT_NE(faults_of("set_accounts_up 1\n"), "") << "neither HELP nor TYPE";
  EXPECT_NE(faults_of(std::string(up) + "set_accounts_up 1\n"), "") << "twice";
  EXPECT_NE(faults_of(std::string(up) + "set_accounts_up{a=\"1\",a=\"2\"} 1\n"), "") << "a label twice";
  EXPECT_NE(faults_of(std::string(up) + "set_accounts up 1\n"), "") << "no name";
  EXPECT_NE(faults_of("# HELP set_accounts_x counts along\n# TYPE set_accounts_x counter\nset_accounts_x 1\n"), "");
  EXPECT_NE(faults_of(histogram("set_accounts_h_seconds_bucket{le=\"0.5\"} 2\n"
                                "set_accounts_h_seconds_bucket{le=\"+Inf\"} 1\n",
                                "1")),
            "")
      << "not cumulative";
  EXPECT_NE(faults_of(histogram("set_accounts_h_seconds_bucket{le=\"0.5\"} 2\n", "2")), "") << "no +Inf";
  EXPECT_NE(faults_of(histogram("set_accounts_h_seconds_bucket{le=\"+Inf\"} 1\n", "2")), "") << "not the count";
}

}  // namespace
}  // namespace test
