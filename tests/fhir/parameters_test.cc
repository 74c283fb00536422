#include "fhir/parameters.h"

#include <string>

#include <gtest/gtest.h>

namespace {

using fhir::Accounts;
using fhir::parameters_json;
using fhir::parse_set_accounts_parameters;
using fhir::SetAccountsParameters;

std::string with(const std::string& parameters) {
  return R"({"resourceType":"Parameters","parameter":[)" + parameters + "]}";
}

SetAccountsParameters read(const std::string& json) {
  auto parameters = parse_set_accounts_parameters(json);
  EXPECT_TRUE(parameters) << parameters.error().reason;
  return parameters ? *parameters : SetAccountsParameters{};
}

std::string why_no_parameters(const std::string& json) {
  const auto parameters = parse_set_accounts_parameters(json);
  EXPECT_FALSE(parameters);
  return parameters ? "" : parameters.error().reason;
}

TEST(SetAccountsParameters, AreAccountsInOrderAndPropagate) {
  const auto parameters = read(with(R"({"name":"accounts","valueReference":{"reference":"Organization/b","display":"B",
        "extension":[{"url":"u","valueDecimal":1.0}]}},
      {"name":"propagate","valueBoolean":true},{"valueReference":{"reference":"Practitioner/a"},"name":"accounts"})"));
  EXPECT_EQ(parameters.accounts,
            (Accounts{{"Organization/b",
                       R"({"reference":"Organization/b","display":"B","extension":[{"url":"u","valueDecimal":1.0}]})"},
                      {"Practitioner/a", R"({"reference":"Practitioner/a"})"}}));
  EXPECT_TRUE(parameters.propagate);
}

TEST(SetAccountsParameters, MayBeNone) {
  for (const auto& json : {with(""), with(R"({"name":"propagate","valueBoolean":false})"),
                           std::string(R"({"resourceType":"Parameters"})")}) {
    EXPECT_TRUE(read(json).accounts.empty());
    EXPECT_FALSE(read(json).propagate);
  }
}

TEST(SetAccountsParameters, AreTakenOnceEach) {
  const auto parameters = read(with(R"({"name":"accounts","valueReference":{"reference":"A/1","display":"first"}},
      {"name":"accounts","valueReference":{"reference":"A/2"}},{"name":"accounts","valueReference":{"reference":"A/1"}})"));
  EXPECT_EQ(parameters.accounts,
            (Accounts{{"A/1", R"({"reference":"A/1","display":"first"})"}, {"A/2", R"({"reference":"A/2"})"}}));
}

TEST(SetAccountsParameters, MayComeWithOthersThatAreLetPass) {
  const auto parameters = read(R"({"meta":{"parameter":[5]},"parameter":[{"name":"other","valueString":"x"},
      {"name":"more","part":[{"name":"accounts","valueReference":{"reference":"bad"}}]},
      {"name":"third","valueReference":{"reference":"bad"}},
      {"name":"accounts","valueReference":{"reference":"A/1"}}],"resourceType":"Parameters"})");
  EXPECT_EQ(parameters.accounts, (Accounts{{"A/1", R"({"reference":"A/1"})"}}));
}

TEST(SetAccountsParameters, NameTheParameterThatIsWrong) {
  const std::string good = R"({"name":"accounts","valueReference":{"reference":"A/1"}},)";
  EXPECT_EQ(why_no_parameters(with(good + R"({"name":"accounts"})")),
            "parameters: parameter[1] (accounts) has no valueReference");
  EXPECT_EQ(why_no_parameters(with(good + R"({"name":"accounts","valueReference":"A/1"})")),
            "parameters: parameter[1] (accounts) has no valueReference");
  EXPECT_EQ(why_no_parameters(with(good + R"({"name":"accounts","valueReference":[{"reference":"A/1"}]})")),
            "parameters: parameter[1] (accounts) has no valueReference");
  for (const char* reference : {R"({})", R"({"reference":5})", R"({"reference":"https://secret.example/A/1"})",
                                R"({"reference":"A/.."})", R"({"x":{"reference":"A/1"}})", R"({"reference":["A/1"]})"})
    EXPECT_EQ(why_no_parameters(with(good + R"({"name":"accounts","valueReference":)" + reference + "}")),
              "parameters: parameter[1] (accounts) has a valueReference whose reference is not Type/id");
  for (const char* value :
       {R"("valueBoolean":"true")", R"("valueString":"true")", R"("valueBoolean":1)", R"("valueBoolean":null)"})
    EXPECT_EQ(why_no_parameters(with(good + R"({"name":"propagate",)" + value + "}")),
              "parameters: parameter[1] (propagate) has no valueBoolean that is true or false");
  EXPECT_EQ(
      why_no_parameters(with(R"({"name":"propagate","valueBoolean":true},{"name":"propagate","valueBoolean":false})")),
      "parameters: parameter[1] (propagate) is given a second time");
  EXPECT_EQ(why_no_parameters(with(good + R"({"valueBoolean":true})")), "parameters: parameter[1] has no name");
  EXPECT_EQ(why_no_parameters(with(good + "null")), "parameters: parameter[1] is not an object");
  EXPECT_EQ(why_no_parameters(with(good + "[]")), "parameters: parameter[1] is not an object");
}

TEST(SetAccountsParameters, AreAParametersResource) {
  EXPECT_EQ(why_no_parameters("{}"), "parameters: not a Parameters resource");
  EXPECT_EQ(why_no_parameters("[]"), "parameters: not a Parameters resource");
  EXPECT_EQ(why_no_parameters(R"({"resourceType":"Bundle"})"), "parameters: not a Parameters resource");
  EXPECT_EQ(why_no_parameters(R"({"resourceType":"Parameters","parameter":{}})"),
            "parameters: `parameter` is not an array");
  EXPECT_EQ(why_no_parameters(""), "parameters, at byte 0: The document is empty.");
  EXPECT_EQ(why_no_parameters(R"({"resourceType":"Parameters")"),
            "parameters, at byte 28: Missing a comma or '}' after an object member.");
  EXPECT_EQ(why_no_parameters(std::string("{\"resourceType\":\"Parameters\"}\0", 30)),
            "parameters, at byte 29: More follows after the end.");
  EXPECT_EQ(why_no_parameters(std::string(100'000, '[')), "parameters: nested deeper than 64 levels");
}

TEST(OutputParameters, AreIntegersOrStrings) {
  EXPECT_EQ(parameters_json({{"resourcesUpdated", 12, ""}, {"note", std::nullopt, "a \"b\""}}),
            R"({"resourceType":"Parameters","parameter":[{"name":"resourcesUpdated","valueInteger":12},)"
            R"({"name":"note","valueString":"a \"b\""}]})");
}

TEST(OutputParameters, AreLeftOutWhereThereAreNone) {
  EXPECT_EQ(parameters_json({}), R"({"resourceType":"Parameters"})");
}

}  // namespace
