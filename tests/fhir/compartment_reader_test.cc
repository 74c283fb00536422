// Reading a compartment page by page, from a server that says what no healthy one would.

#include "fhir/compartment_reader.h"

#include "client_fixture.h"
#include "fhir/refused.h"

namespace {

using namespace test;

class CompartmentReaderTest : public ClientTest {
 protected:
  CompartmentReaderTest() { settings.client_id.clear(); }

  static std::string observation(const std::string& id, const std::string& last_updated = "2026-08-12T10:00:00.000Z") {
    return R"({"search":{"mode":"match"},"resource":{"resourceType":"Observation","id":")" + id +
           R"(","meta":{"versionId":"1","lastUpdated":")" + last_updated + "\"}}}";
  }
  static std::string bundle(const std::vector<std::string>& entries, const std::string& next = "") {
    std::string body = R"({"resourceType":"Bundle","entry":[)";
    for (const auto& entry : entries) body += (body.back() == '[' ? "" : ",") + entry;
    body += "]";
    if (!next.empty()) body += R"(,"link":[{"relation":"next","url":")" + next + "\"}]";
    return body + "}";
  }
  void answer(const std::string& body, const Headers& headers = {}) {
    medplum.fhir.push_back(reply(200, body, headers));
  }
  static Reply outcome(unsigned status, const std::string& text) {
    return reply(status, R"({"resourceType":"OperationOutcome","issue":[{"details":{"text":")" + text + "\"}}]}");
  }

  /// The ids of one pass, in order.
  std::vector<std::string> pass(std::optional<std::string> since = std::nullopt) {
    reader.begin_pass(std::move(since));
    std::vector<std::string> ids;
    for (;;) {
      const auto page = run(io, reader.next());
      if (!page) return ids;
      for (const auto& entry : page->entries) ids.push_back(entry.reference.id);
    }
  }
  std::string asked(std::size_t n) const { return fhir_requests().at(n).target(); }

  const std::string next = "https://elsewhere.example/fhir/R4/Patient/p/$everything?_count=1000&_cursor=2-";
  fhir::CompartmentReader reader{client(), stop, {"Patient", "p"}, {}};
};

using Ids = std::vector<std::string>;

TEST_F(CompartmentReaderTest, FollowsShortAndEmptyPagesToTheLastOne) {
  answer(bundle({observation("1")}, next + "1"));
  answer(bundle({}, next + "2"));
  answer(bundle({observation("2"), observation("3")}, next + "3"));
  answer(bundle({}));
  EXPECT_EQ(pass(), (Ids{"1", "2", "3"}));
  EXPECT_EQ(asked(3), "/fhir/R4/Patient/p/$everything?_count=1000&_cursor=2-3");
  EXPECT_FALSE(reader.could_skip());
}

TEST_F(CompartmentReaderTest, ReadsWhatHasNoEntriesAtAll) {
  answer(R"({"resourceType":"Bundle","type":"searchset"})");
  EXPECT_EQ(pass(), Ids{});
}

TEST_F(CompartmentReaderTest, HandsRepeatedResourcesOnAsOftenAsTheyCome) {
  answer(bundle({observation("1"), observation("2")}, next + "1"));
  answer(bundle({observation("2"), observation("1")}));
  EXPECT_EQ(pass(), (Ids{"1", "2", "2", "1"}));
}

TEST_F(CompartmentReaderTest, EndsTheAttemptWhenLinksRunInACircleOfSeveralPages) {
  answer(bundle({observation("1")}, next + "1"));
  answer(bundle({observation("2")}, next + "2"));
  answer(bundle({observation("1")}, next + "1"));
  EXPECT_EQ(sentence<fhir::RequestFailed>([&] { pass(); }),
            "reading Patient/p/$everything: the server's next links run in a circle");
  EXPECT_EQ(fhir_requests().size(), 3U);
}

TEST_F(CompartmentReaderTest, MayFollowTheSameLinksInItsNextPass) {
  for (int i = 0; i < 2; ++i) {
    answer(bundle({observation("1")}, next + "1"));
    answer(bundle({observation("2")}));
    EXPECT_EQ(pass(), (Ids{"1", "2"}));
  }
}

TEST_F(CompartmentReaderTest, ReadsByCursorPastTheOffsetLimit) {
  answer(bundle({observation("1")}, "https://x/fhir/R4/Patient/p/$everything?_count=1000&_offset=11000"));
  medplum.fhir.push_back(outcome(400, "Search offset exceeds maximum (got 11000, max 10000)"));
  answer(bundle({observation("1"), observation("2")}, "https://x/fhir/R4/Patient?_compartment=Patient/p&_cursor=2-1"));
  answer(bundle({observation("3")}));
  EXPECT_EQ(pass(), (Ids{"1", "1", "2", "3"}));
  EXPECT_TRUE(asked(2).starts_with("/fhir/R4/Patient?_compartment=Patient%2Fp&_type=Account,")) << asked(2);
  EXPECT_EQ(asked(3), "/fhir/R4/Patient?_compartment=Patient/p&_cursor=2-1");
  EXPECT_FALSE(reader.could_skip()) << "what was read by offset was read again";
}

TEST_F(CompartmentReaderTest, ReadsOneTypeAtATimeWhereACursorMakesNoProgressOrOutgrowsARequest) {
  const std::size_t types = 66;
  for (const auto& refusal : {outcome(500, "Cursor fails to make progress"), reply(431, "")}) {
    fhir::CompartmentReader fresh(client(), stop, {"Patient", "p"}, {});
    const std::size_t before = fhir_requests().size();
    medplum.fhir.push_back(refusal);
    medplum.usual = reply(200, bundle({observation("1")}));
    fresh.begin_pass(std::nullopt);
    std::size_t pages = 0;
    while (run(io, fresh.next())) ++pages;
    EXPECT_GE(pages, types);
    EXPECT_EQ(fhir_requests().size(), before + 1 + pages);
    EXPECT_TRUE(fresh.could_skip()) << "what changes in a type already read comes no more";
  }
}

TEST_F(CompartmentReaderTest, RefusesToReadWhatItMayNot) {
  medplum.fhir.push_back(outcome(403, "Forbidden"));
  EXPECT_EQ(sentence<fhir::Refused>([&] { pass(); }), "GET Patient/p/$everything: 403 Forbidden");
}

TEST_F(CompartmentReaderTest, KnowsTheNewestChangeWhateverItsZone) {
  answer(bundle({observation("1", "2026-08-12T23:00:00.000+05:00"), observation("2", "2026-08-12T20:00:00Z"),
                 observation("3", "soon")}));
  pass();
  EXPECT_EQ(reader.newest(), "2026-08-12T20:00:00Z");
}

TEST_F(CompartmentReaderTest, DoesNotLetAStampFromTheFutureHideWhatChangesUntilThen) {
  const Headers ten_past_ten = {{"Date", "Wed, 12 Aug 2026 10:10:00 GMT"}};
  answer(bundle({observation("1", "2026-08-12T10:09:00.000Z"), observation("2", "2026-08-12T10:10:00.900Z"),
                 observation("3", "2026-08-12T11:00:00.000Z")},
                next + "1"),
         ten_past_ten);
  answer(bundle({observation("4", "2031-01-01T00:00:00.000Z")}), ten_past_ten);
  pass();
  EXPECT_EQ(reader.newest(), "2026-08-12T10:10:00.900Z");
}

TEST_F(CompartmentReaderTest, JudgesAStampByOurOwnClockWhereTheServerTellsNoTime) {
  answer(bundle({observation("1", "2026-08-12T10:09:00.000Z"), observation("2", "9999-01-01T00:00:00.000Z")}));
  pass();
  EXPECT_EQ(reader.newest(), "2026-08-12T10:09:00.000Z");
}

TEST_F(CompartmentReaderTest, KnowsOfNoNewestChangeWhereAllStampsAreFromTheFuture) {
  answer(bundle({observation("1", "9999-01-01T00:00:00.000Z")}));
  pass();
  EXPECT_EQ(reader.newest(), "");
}

TEST_F(CompartmentReaderTest, AsksOnlyForWhatChangedSince) {
  answer(bundle({}));
  pass("2026-08-12T10:00:00.000Z");
  EXPECT_EQ(asked(0), "/fhir/R4/Patient/p/$everything?_count=1000&_since=2026-08-12T10%3A00%3A00.000Z");
}

class LargePages : public CompartmentReaderTest {
 protected:
  void answer_too_large() { answer(bundle({observation("1")}) + std::string(large, ' ')); }
  Ids ids_of_a_pass() {
    from.begin_pass(std::nullopt);
    Ids ids;
    for (;;) {
      const auto page = run(io, from.next());
      if (!page) return ids;
      for (const auto& entry : page->entries) ids.push_back(entry.reference.id);
    }
  }
  static constexpr std::size_t large = 5000;
  config::Fhir with_limit() const {
    config::Fhir limited_settings = settings;
    limited_settings.body_limit = large;
    return limited_settings;
  }
  const config::Fhir small_limit = with_limit();
  fhir::Client limited{io.get_executor(), small_limit, policy};
  fhir::CompartmentReader from{limited, stop, {"Patient", "p"}, {}};
};

TEST_F(LargePages, AreAskedForAgainWithFewerResources) {
  const std::string link = "http://x/fhir/R4/Patient/p/$everything?_cursor=2-1&_count=";
  answer_too_large();
  answer(bundle({observation("1")}, link + "500"));
  answer_too_large();
  answer(bundle({observation("2")}, link + "250&_more=1"));
  answer(bundle({observation("3")}));
  EXPECT_EQ(ids_of_a_pass(), (Ids{"1", "2", "3"}));
  EXPECT_EQ(asked(1), "/fhir/R4/Patient/p/$everything?_count=500");
  EXPECT_EQ(asked(3), "/fhir/R4/Patient/p/$everything?_cursor=2-1&_count=250");
  answer(bundle({}));
  EXPECT_EQ(ids_of_a_pass(), Ids{});
  EXPECT_EQ(asked(5), "/fhir/R4/Patient/p/$everything?_count=250") << "the next pass knows";
}

TEST_F(LargePages, AreRefusedForGoodWhenEvenTwentyResourcesAreTooMany) {
  for (int i = 0; i < 10; ++i) answer_too_large();
  EXPECT_EQ(sentence<fhir::Refused>([&] { ids_of_a_pass(); }),
            "reading Patient/p/$everything: a page is larger than --body-limit allows, however few resources it holds: "
            "raise it");
  EXPECT_EQ(fhir_requests().size(), 7U) << "1000, 500, 250, 125, 62, 31, 20";
}

}  // namespace
