#include "tests/bench/null_fhir/service.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "fhir/accounts.h"
#include "fhir/page_parser.h"
#include "tests/bench/null_fhir/names.h"

namespace null_fhir {
namespace {

constexpr std::uint64_t resources = 50;

std::string id_of(std::uint64_t index) {
  std::string id(uuid_size, ' ');
  write_id(id.data(), index);
  return id;
}

/// A compartment of fifty and a client that knows how to ask for it.
class NullService : public testing::Test {
 protected:
  void serve(Paging paging) { service_ = Service({.resources = resources, .paging = paging}, "http://127.0.0.1:1"); }

  /// The answer's status; its body is kept.
  std::string ask(const std::string& line, const std::string& headers = {}, const std::string& body = {}) {
    const std::string text = line + " HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer bench\r\n" + headers +
                             "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    Request request;
    EXPECT_EQ(read_request(text, request), Reading::whole);
    Outgoing out;
    service_.answer(request, out);
    const std::string answer(out.unsent());
    body_ = answer.substr(answer.find("\r\n\r\n") + 4);
    return answer.substr(9, 3);
  }

  fhir::Page page(const std::string& query) {
    EXPECT_EQ(ask("GET /fhir/R4/" + target_.str() + "/$everything?" + query), "200");
    auto page = fhir::parse_page(body_, target_);
    EXPECT_TRUE(page) << page.error().reason;
    return std::move(*page);
  }
  static std::string query_of(const std::string& link) { return link.substr(link.find('?') + 1); }

  std::string patch(const fhir::Entry& entry, const std::string& more = {}) {
    const fhir::Accounts wanted{fhir::account("Organization/" + std::string(account_id))};
    return ask("PATCH /fhir/R4/" + entry.reference.str(),
               "X-Medplum: extended\r\nContent-Type: application/json-patch+json\r\nIf-Match: W/\"" + entry.version_id +
                   "\"\r\n",
               fhir::accounts_patch(entry.version_id, entry.accounts, wanted) + more);
  }

  bool verdict_says(const std::string& figure) const { return service_.verdict().find(figure) != std::string::npos; }

  fhir::Reference target_{"Patient", id_of(0)};
  Service service_{{.resources = resources}, "http://127.0.0.1:1"};
  std::string body_;
};

TEST_F(NullService, ServesEachResourceOnceInPagesThatTheWorkerReads) {
  std::set<std::string> seen;
  fhir::Page one = page("_count=20");
  for (;;) {
    for (const fhir::Entry& entry : one.entries) {
      EXPECT_TRUE(seen.insert(entry.reference.str()).second);
      EXPECT_EQ(entry.mode, fhir::SearchMode::match);
      EXPECT_EQ(entry.patients, std::vector{target_.str()});
      EXPECT_EQ(entry.accounts, fhir::AccountState());
    }
    if (one.next.empty()) break;
    one = page(query_of(one.next));
  }
  EXPECT_EQ(seen.size(), resources);
}

TEST_F(NullService, TakesTheWorkersPatchAndShowsItsAccounts) {
  const fhir::Entry before = page("_count=20").entries[7];
  EXPECT_EQ(patch(before), "200");

  const fhir::Entry after = page("_count=20").entries[7];
  EXPECT_EQ(after.reference, before.reference);
  EXPECT_NE(after.version_id, before.version_id);
  EXPECT_EQ(after.accounts.accounts.size(), 1U);
  EXPECT_TRUE(after.accounts.single);
  EXPECT_TRUE(verdict_says(R"("written":1,"duplicates":0,"wrong":0,"never_written":49)")) << service_.verdict();
}

TEST_F(NullService, CountsASecondPatchOfAResource) {
  EXPECT_EQ(patch(page("_count=20").entries[7]), "200");
  EXPECT_EQ(patch(page("_count=20").entries[7]), "200");
  EXPECT_TRUE(verdict_says(R"("written":2,"duplicates":1,"wrong":0,"never_written":49)")) << service_.verdict();
}

TEST_F(NullService, RefusesAStaleVersion) {
  const fhir::Entry stale = page("_count=20").entries[7];
  patch(stale);
  EXPECT_EQ(patch(stale), "412");
  EXPECT_TRUE(verdict_says(R"("wrong":1)"));
}

TEST_F(NullService, RefusesAnyOtherPatch) {
  EXPECT_EQ(patch(page("_count=20").entries[7], " "), "400");
  EXPECT_TRUE(verdict_says(R"("written":0,"duplicates":0,"wrong":1)"));
}

TEST_F(NullService, RefusesAnIdThatItNeverGaveAndAResourceOfAnotherType) {
  fhir::Entry entry = page("_count=20").entries[7];
  entry.reference.id = id_of(resources);
  EXPECT_EQ(patch(entry), "404");
  entry.reference = {"Basic", id_of(7)};
  EXPECT_EQ(patch(entry), "404");
  EXPECT_TRUE(verdict_says(R"("wrong":2)"));
}

TEST_F(NullService, ByCursorShowsWhatWasWrittenAgainAtTheEnd) {
  serve(Paging::cursor);
  const fhir::Page first = page("_count=20");
  patch(first.entries[7]);
  const fhir::Page second = page(query_of(first.next));
  const fhir::Page last = page(query_of(second.next));

  EXPECT_EQ(last.entries.size(), 11U);
  EXPECT_EQ(last.entries.back().reference, first.entries[7].reference);
  EXPECT_EQ(last.next, "");
}

TEST_F(NullService, BySinceShowsOnlyWhatWasWrittenSince) {
  serve(Paging::cursor);
  for (const fhir::Entry& entry : page("_count=20").entries) patch(entry);
  const std::string since = page("_count=1000").entries[45].last_updated;

  EXPECT_EQ(page("_count=1000&_since=" + since).entries.size(), 5U);
}

TEST_F(NullService, LetsNobodyInWithoutTheToken) {
  Request request;
  ASSERT_EQ(read_request("GET /fhir/R4/Patient/x HTTP/1.1\r\nAuthorization: Bearer other\r\n\r\n", request),
            Reading::whole);
  Outgoing out;
  service_.answer(request, out);
  EXPECT_EQ(out.unsent().substr(9, 3), "401");
}

}  // namespace
}  // namespace null_fhir
