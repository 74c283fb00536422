// Bodies: how large they may be, and how they are packed.

#include <random>
#include <zlib.h>

#include "client_fixture.h"
#include "fhir/gunzip.h"

namespace {

using namespace test;
using fhir::Gunzip;

std::string gzip(const std::string& text) {
  z_stream z{};
  deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&z, text.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(packed.data());
  z.avail_out = static_cast<uInt>(packed.size());
  deflate(&z, Z_FINISH);
  packed.resize(z.total_out);
  deflateEnd(&z);
  return packed;
}

std::string some_text(std::size_t size) {
  std::minstd_rand random(1);
  std::string text(size, ' ');
  for (char& c : text) c = static_cast<char>('a' + random() % 20);
  return text;
}

Gunzip::Result unpack(const std::string& packed, std::size_t piece, std::string& text, bool& complete,
                      std::size_t limit = 1'000'000'000) {
  Gunzip gunzip;
  Gunzip::Result result = Gunzip::Result::ok;
  for (std::size_t at = 0; at < packed.size() && result == Gunzip::Result::ok; at += piece)
    result = gunzip.unpack(std::string_view(packed).substr(at, piece), text, limit);
  complete = gunzip.complete();
  return result;
}

TEST(Gunzip, UnpacksInWhateverPiecesItComes) {
  const std::string original = some_text(300'000);
  const std::string packed = gzip(original);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, packed.size()}) {
    std::string text;
    bool complete = false;
    EXPECT_EQ(unpack(packed, piece, text, complete), Gunzip::Result::ok);
    EXPECT_TRUE(complete);
    EXPECT_EQ(text, original);
  }
}

TEST(Gunzip, TakesSeveralMembersForOneText) {
  std::string text;
  bool complete = false;
  EXPECT_EQ(unpack(gzip("one, ") + gzip("two"), 1, text, complete), Gunzip::Result::ok);
  EXPECT_TRUE(complete);
  EXPECT_EQ(text, "one, two");
}

TEST(Gunzip, IsNotCompleteBeforeItsEnd) {
  const std::string packed = gzip(some_text(1000));
  for (std::size_t size = 1; size < packed.size(); ++size) {
    std::string text;
    bool complete = true;
    unpack(packed.substr(0, size), size, text, complete);
    EXPECT_FALSE(complete) << size;
  }
}

TEST(Gunzip, NoticesEveryByteThatIsWrongOrStopsShort) {
  const std::string original = some_text(500);
  const std::string packed = gzip(original);
  for (std::size_t at = 0; at < packed.size(); ++at) {
    if (at >= 4 && at < 10) continue;  // time, flags and system of its header: nothing depends on them
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    std::string text;
    bool complete = false;
    const auto result = unpack(damaged, 50, text, complete);
    EXPECT_TRUE(result == Gunzip::Result::damaged || !complete) << at;
  }
}

TEST(Gunzip, StopsAtTheLimit) {
  const std::string bomb = gzip(std::string(50'000'000, ' '));
  std::string text;
  bool complete = false;
  EXPECT_EQ(unpack(bomb, bomb.size(), text, complete, 1'000'000), Gunzip::Result::too_large);
  EXPECT_LE(text.size(), 1'000'000U);
  text.clear();
  EXPECT_EQ(unpack(bomb, bomb.size(), text, complete, 50'000'000), Gunzip::Result::ok);
}

class BodyTest : public ClientTest {
 protected:
  BodyTest() { settings.client_id.clear(); }  // every connection is FHIR's

  static Reply raw(std::string bytes) {
    Reply answer;
    answer.bytes = std::move(bytes);
    answer.then = Reply::Then::close;
    return answer;
  }
  static Reply packed(const std::string& body, const std::string& coding = "gzip") {
    return reply(200, body, {{"Content-Encoding", coding}});
  }
  static Reply in_chunks(const std::string& head, const std::string& body) {
    std::string bytes = head + "Transfer-Encoding: chunked\r\n\r\n";
    constexpr std::size_t chunk = 10'000;
    for (std::size_t at = 0; at < body.size(); at += chunk) {
      const std::string piece = body.substr(at, chunk);
      std::array<char, 20> size{};
      std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
      bytes += size.data() + piece + "\r\n";
    }
    Reply answer;
    answer.bytes = bytes + "0\r\n\r\n";
    return answer;
  }
  const std::string page = "Patient/1/$everything?_count=1000";
  const std::string refusal =
      "GET Patient/1/$everything: the answer is larger than --body-limit allows: lower --page-size or raise "
      "--body-limit";
};

TEST_F(BodyTest, IsUnpackedWhenTheServerPackedIt) {
  const std::string text = some_text(200'000);
  medplum.fhir = {packed(gzip(text)), packed(gzip(text), "x-gzip"), packed(text, "identity"),
                  in_chunks("HTTP/1.1 200 OK\r\nContent-Encoding: GZIP\r\n", gzip(text))};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(get(page).body, text) << i;
  EXPECT_EQ(fhir_requests().size(), 4U);
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(BodyTest, IsAskedForAgainWhenItsPackingIsNotWholeOrNotWhatWeKnow) {
  const std::string good = gzip(some_text(20'000));
  medplum.fhir = {packed(good.substr(0, good.size() / 2)),
                  packed("{\"no\":\"gzip\"}"),
                  packed(good + "and more"),
                  packed(good, "br"),
                  packed(good, "gzip, gzip"),
                  packed("{}", "deflate")};
  EXPECT_EQ(get(page).body, "{}");
  EXPECT_EQ(fhir_requests().size(), 7U);
}

TEST_F(BodyTest, SaysThatItCannotBeUnpacked) {
  medplum.usual = packed("{}");
  EXPECT_EQ(sentence<fhir::RequestFailed>([&] { get(page); }),
            "GET Patient/1/$everything: the answer is no whole gzip for 300 ms");
  medplum.usual = packed("{}", "br");
  EXPECT_EQ(sentence<fhir::RequestFailed>([&] { get(page); }),
            "GET Patient/1/$everything: the answer has a Content-Encoding that was not asked for for 300 ms");
}

TEST_F(BodyTest, MayBeAsLargeAsTheLimit) {
  const std::string largest(settings.body_limit, 'x');
  medplum.fhir = {reply(200, largest)};
  EXPECT_EQ(get(page).body.size(), largest.size());
}

TEST_F(BodyTest, MayBeAsLargeAsTheLimitHoweverItComes) {
  settings.body_limit = 1'000'000;
  const std::string largest(settings.body_limit, 'x');
  medplum.fhir = {reply(200, largest), in_chunks("HTTP/1.1 200 OK\r\n", largest), packed(gzip(largest))};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(page).body.size(), largest.size()) << i;
}

TEST_F(BodyTest, IsGivenUpAtOnceWhenItSaysThatItIsLarger) {
  medplum.fhir = {raw("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(settings.body_limit + 1) + "\r\n\r\n")};
  EXPECT_EQ(sentence<fhir::AnswerTooLarge>([&] { get(page); }), refusal);
  EXPECT_EQ(fhir_requests().size(), 1U);
}

TEST_F(BodyTest, IsGivenUpWhenItGrowsBeyondTheLimitWithoutHavingSaidSo) {
  settings.body_limit = 1'000'000;
  const std::string larger(settings.body_limit + 1, 'x');
  medplum.fhir = {in_chunks("HTTP/1.1 200 OK\r\n", larger), raw("HTTP/1.1 200 OK\r\n\r\n" + larger),
                  packed(gzip(larger)), packed(gzip(std::string(100'000'000, ' ')))};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(sentence<fhir::AnswerTooLarge>([&] { get(page); }), refusal) << i;
  EXPECT_EQ(fhir_requests().size(), 4U);
}

}  // namespace
