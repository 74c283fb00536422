#include "fhir/reference.h"

#include <string>

#include <gtest/gtest.h>

namespace {

using fhir::is_id;
using fhir::is_type;
using fhir::parse_reference;
using fhir::Reference;

TEST(Reference, IsATypeASlashAndAnId) {
  EXPECT_EQ(parse_reference("Patient/f1dc-9.x"), (Reference{"Patient", "f1dc-9.x"}));
  EXPECT_EQ((Reference{"Patient", "f1dc-9.x"}).str(), "Patient/f1dc-9.x");
}

TEST(Reference, IsNothingElse) {
  for (const char* text : {"",
                           "/",
                           "Patient",
                           "Patient/",
                           "/1",
                           "patient/1",
                           "Patient/1/",
                           "Patient/1/_history/2",
                           "Patient//1",
                           "https://example.org/Patient/1",
                           "#p1",
                           "Patient/1#p1",
                           "Patient?identifier=1",
                           "Patient/1?x=y",
                           "urn:uuid:1",
                           " Patient/1",
                           "Patient/1 ",
                           "Patient/1\n",
                           "Patient/1%2F",
                           "Pa tient/1",
                           "Patient/../1",
                           "Patient/é"})
    EXPECT_EQ(parse_reference(text), std::nullopt) << text;
}

TEST(Reference, HasAnIdThatNoUrlWouldResolveAway) {
  EXPECT_FALSE(is_id("."));
  EXPECT_FALSE(is_id(".."));
  EXPECT_TRUE(is_id("..."));
  EXPECT_FALSE(parse_reference("Patient/.."));
}

TEST(Reference, HasAnIdOfAtMost64Characters) {
  EXPECT_TRUE(is_id(std::string(64, 'a')));
  EXPECT_FALSE(is_id(std::string(65, 'a')));
  EXPECT_FALSE(is_id(""));
  EXPECT_FALSE(is_id("a_b"));
  EXPECT_FALSE(is_id(std::string_view("a\0b", 3)));
}

TEST(Reference, HasATypeThatLooksLikeOne) {
  EXPECT_TRUE(is_type("Patient"));
  EXPECT_FALSE(is_type("patient"));
  EXPECT_FALSE(is_type("Patient2"));
  EXPECT_FALSE(is_type(""));
  EXPECT_FALSE(is_type(std::string(65, 'P')));
}

}  // namespace
