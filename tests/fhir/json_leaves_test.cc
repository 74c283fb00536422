#include "fhir/json_leaves.h"

#include <string>

#include <gtest/gtest.h>

namespace {

using fhir::json_leaves;
using fhir::JsonLeaves;
using fhir::leaf;

TEST(JsonLeaves, AreFoundByTheirPaths) {
  const JsonLeaves leaves =
      json_leaves(R"({"a":[1.50,{"b":"x","c":[[true],[]]},null,false],"d":{"e":{}},"f":"\u00e9","g":null})")
          .value_or(JsonLeaves{});
  EXPECT_EQ(leaves, (JsonLeaves{{"a.0", "1.50"}, {"a.1.b", "x"}, {"a.1.c.0.0", "true"}, {"a.3", "false"}, {"f", "é"}}));
  EXPECT_EQ(leaf(leaves, "a.1.b"), "x");
  EXPECT_EQ(leaf(leaves, "a.1"), "");
}

TEST(JsonLeaves, AreNoneWhereThereIsNoSoundJson) {
  for (const std::string& json :
       {std::string(), std::string("{"), std::string("{}x"), std::string("{}\0", 3), std::string("[\"\xff\"]"),
        std::string(100, '[') + std::string(100, ']'), "[" + std::string(2'000'000, ' ') + "]",
        R"({")" + std::string(300, 'k') + R"(":[]})"})
    EXPECT_FALSE(json_leaves(json)) << json.size();
}

TEST(JsonLeaves, AreNoneInASingleValue) {
  EXPECT_EQ(json_leaves("5"), JsonLeaves{});
}

}  // namespace
