#include "sandbox/json_patch.h"

#include <gtest/gtest.h>

using namespace sandbox;

namespace {

/// The resource after the patch, or why it failed.
std::string patched(std::string_view resource, std::string_view operations) {
  Json document = parsed(resource);
  const auto failed = apply_patch(document, parsed(operations));
  return failed ? *failed : to_text(document);
}

TEST(JsonPatch, AddsMembersElementsAndMissingArrays) {
  EXPECT_EQ(patched("{}", R"([{"op":"add","path":"/a","value":1}])"), R"({"a":1})");
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"add","path":"/a","value":2}])"), R"({"a":2})");
  EXPECT_EQ(patched(R"({"a":[1,3]})", R"([{"op":"add","path":"/a/1","value":2}])"), R"({"a":[1,2,3]})");
  EXPECT_EQ(patched(R"({"a":[1]})", R"([{"op":"add","path":"/a/-","value":2}])"), R"({"a":[1,2]})");
  EXPECT_EQ(patched(R"({"m":{}})", R"([{"op":"add","path":"/m/a/-","value":2}])"), R"({"m":{"a":[2]}})");
  EXPECT_EQ(patched("{}", R"([{"op":"add","path":"/m/a","value":2}])"), "Value required at path: /m/a");
  EXPECT_EQ(patched(R"({"m":1})", R"([{"op":"add","path":"/m/a","value":2}])"), "Value required at path: /m/a");
}

TEST(JsonPatch, ReplacesAndRemovesOnlyWhatIsThere) {
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"replace","path":"/a","value":{"b":[]}}])"), R"({"a":{"b":[]}})");
  EXPECT_EQ(patched("{}", R"([{"op":"replace","path":"/a","value":1}])"), "Value required at path: /a");
  EXPECT_EQ(patched(R"({"a":[1,2]})", R"([{"op":"remove","path":"/a/0"}])"), R"({"a":[2]})");
  EXPECT_EQ(patched(R"({"a":1,"b":2})", R"([{"op":"remove","path":"/a"}])"), R"({"b":2})");
  EXPECT_EQ(patched(R"({"a":[1]})", R"([{"op":"remove","path":"/a/1"}])"), "Value required at path: /a/1");
}

TEST(JsonPatch, TestsAndSaysWhatItFound) {
  EXPECT_EQ(patched(R"({"a":{"b":1}})", R"([{"op":"test","path":"/a","value":{"b":1}}])"), R"({"a":{"b":1}})");
  EXPECT_EQ(patched(R"({"a":"x"})", R"([{"op":"test","path":"/a","value":"y"}])"), "Test failed: x != y");
  EXPECT_EQ(patched("{}", R"([{"op":"test","path":"/a","value":"y"}])"), "Test failed: undefined != y");
  EXPECT_EQ(patched(R"({"a":{}})", R"([{"op":"test","path":"/a","value":[1,2]}])"),
            "Test failed: [object Object] != 1,2");
}

TEST(JsonPatch, UnescapesPointersAndMoves) {
  EXPECT_EQ(patched(R"({"a/b":1,"c~d":2})", R"([{"op":"remove","path":"/a~1b"},{"op":"remove","path":"/c~0d"}])"),
            "{}");
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"move","from":"/a","path":"/b"}])"), R"({"b":1})");
  EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"copy","from":"/a","path":"/b"}])"), R"({"a":1,"b":1})");
  EXPECT_EQ(patched("{}", R"([{"op":"sub","path":"/b"}])"), "Invalid operation: sub");
}

}  // namespace
