#include "fhir/page_link.h"

#include <gtest/gtest.h>

#include "fhir/page_count.h"

namespace {

using fhir::judge_link;

const fhir::Reference link_target{"Patient", "p-1"};

std::string path_of(const std::string& url) {
  const auto link = judge_link(url, link_target);
  return link ? link->path : "refused: " + link.error().reason;
}

TEST(PageLink, KeepsTheQueryOfALinkToTheSameOperationWhateverItsOrigin) {
  EXPECT_EQ(path_of("https://elsewhere.example/fhir/R4/Patient/p-1/$everything?_count=1000&_cursor=2-x%2Fy"),
            "Patient/p-1/$everything?_count=1000&_cursor=2-x%2Fy");
  EXPECT_EQ(path_of("/fhir/R4/Patient/p-1/%24everything?_offset=20"), "Patient/p-1/$everything?_offset=20");
  EXPECT_EQ(path_of("//elsewhere.example/Patient/%70%2D1/$everything?_cursor=2-%C3%A4,b"),
            "Patient/p-1/$everything?_cursor=2-%C3%A4,b");
  EXPECT_EQ(path_of("https://user:secret@h:1/x/Patient/p-1/$everything?a#fragment"), "Patient/p-1/$everything?a");
}

TEST(PageLink, KnowsAnOffsetFromACursor) {
  EXPECT_TRUE(judge_link("http://h/fhir/R4/Patient/p-1/$everything?_offset=1000", link_target)->by_offset);
  EXPECT_FALSE(judge_link("http://h/fhir/R4/Patient/p-1/$everything?_cursor=2-x", link_target)->by_offset);
}

TEST(PageLink, TakesASearchOfThisCompartmentOnly) {
  EXPECT_EQ(path_of("http://h/fhir/R4/Patient?_compartment=Patient%2Fp-1&_offset=20&_type=Account,Task"),
            "Patient?_compartment=Patient%2Fp-1&_offset=20&_type=Account,Task");
  EXPECT_EQ(path_of("/Patient?_cursor=x&%5fcompartment=%50atient%2fp-1"),
            "Patient?_cursor=x&%5fcompartment=%50atient%2fp-1");
  EXPECT_TRUE(path_of("http://h/fhir/R4/Patient?_compartment=patient%2Fp-1").starts_with("refused"));
  EXPECT_TRUE(path_of("http://h/fhir/R4/Patient?_compartment").starts_with("refused"));
  EXPECT_TRUE(path_of("http://h/fhir/R4/Patient?_compartment=Patient/p-1,Patient/other").starts_with("refused"));
  EXPECT_TRUE(
      path_of("http://h/fhir/R4/Patient?%5Fcompartment=Patient/other&_compartment=Patient/p-1").starts_with("refused"));
  EXPECT_TRUE(path_of("http://h/fhir/R4/Patient?_offset=20").starts_with("refused"));
  EXPECT_TRUE(path_of("http://h/fhir/R4/Patient?_compartment=Patient%2Fother").starts_with("refused"));
  EXPECT_TRUE(path_of("http://h/fhir/R4/Patient?_compartment=Patient%2Fp-1&_compartment=Patient%2Fother")
                  .starts_with("refused"));
}

TEST(PageLink, RefusesEveryOtherPath) {
  for (const std::string url :
       {"http://h/fhir/R4/Patient/other/$everything?_cursor=2", "Patient/p-1/$everything?_cursor=2",
        "http://h/fhir/R4/Patient/P-1/$everything?a", "http://h/fhir/R4/Patient/p-1/$everything/?a",
        "http://h/fhir/R4/Patient/p-1/$export?a", "http://h/fhir/R4/Patient/p-1?a", "?_cursor=2",
        "http://h/fhir/R4/Observation?_compartment=Patient%2Fp-1",
        "http://h/fhir/R4/XPatient?_compartment=Patient%2Fp-1", "http://h/fhir/R4/Patient/p-1/$everything",
        "http://h/xPatient/p-1/$everything?_cursor=2#f/Patient/p-1/$everything?", "Patient/p-1/../x?a=b", "http://", "",
        "http://h/fhir/R4/Patient/p-1/$everything?", "http://h/fhir/R4/Patient?#",
        "http://h/fhir/R4/Patient/p-1/$everything?#x", "not a url at all \r\nX-Evil: 1"}) {
    const std::string path = path_of(url);
    EXPECT_TRUE(path.starts_with("refused")) << url << " gave " << path;
  }
}

TEST(PageCount, IsHalvedDownToTwenty) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"Patient/1/$everything?_count=1000", "Patient/1/$everything?_count=500"},
      {"Patient?_compartment=x&_count=125&_cursor=2-a", "Patient?_compartment=x&_count=62&_cursor=2-a"},
      {"Patient?_count=39", "Patient?_count=20"},
      {"Patient?_count=21", "Patient?_count=20"}};
  for (const auto& [path, half] : cases) EXPECT_EQ(fhir::with_half_the_count(path), half) << path;
  for (const std::string path : {"Patient?_count=20", "Patient?_count=1", "Patient?_count=", "Patient?_count=x",
                                 "Patient", "Patient?x_count=500", "Patient?_count=99999999999999999999999"})
    EXPECT_EQ(fhir::with_half_the_count(path), std::nullopt) << path;
}

}  // namespace
