#include "worker/seen_resources.h"

#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace {

using worker::Fate;
using worker::SeenResources;

/// As servers name them: all of one length, or short and one after the other.
std::string uuid(std::uint64_t number) {
  std::minstd_rand random(static_cast<std::minstd_rand::result_type>(number));
  std::string id = "00000000-0000-4000-8000-000000000000";
  for (char& c : id)
    if (c == '0') c = "0123456789abcdef"[random() % 16];
  return id + std::to_string(number);
}

TEST(SeenResources, KeepTheFateOfEach) {
  SeenResources seen;
  seen.at({"Flag", "1"}).become(Fate::written);
  seen.at({"Flag", "2"}).become(Fate::failed);
  EXPECT_EQ(seen.at({"Flag", "1"}).fate(), Fate::written);
  EXPECT_EQ(seen.fate_of({"Flag", "2"}), Fate::failed);
  seen.at({"Flag", "1"}).become(Fate::none);
  EXPECT_EQ(seen.fate_of({"Flag", "1"}), Fate::none);
  EXPECT_EQ(seen.fate_of({"Flag", "2"}), Fate::failed);
}

TEST(SeenResources, KnowNothingOfWhatTheyNeverSaw) {
  SeenResources seen;
  EXPECT_TRUE(seen.empty());
  EXPECT_EQ(seen.fate_of({"Flag", "1"}), Fate::none);
  EXPECT_EQ(seen.at({"Flag", "1"}).fate(), Fate::none);
  EXPECT_FALSE(seen.empty());
}

TEST(SeenResources, DoNotMixUpThePartsOfAName) {
  SeenResources seen;
  seen.at({"Flag", "12"}).become(Fate::written);
  EXPECT_EQ(seen.fate_of({"Flag1", "2"}), Fate::none);
  EXPECT_EQ(seen.fate_of({"Flag12", ""}), Fate::none);
  EXPECT_EQ(seen.fate_of({"Flag12"}), Fate::none);
  EXPECT_EQ(seen.fate_of({"Flag", "12", ""}), Fate::none);
  EXPECT_EQ(seen.fate_of({"Flag", std::string_view("12\0", 3)}), Fate::none);
}

TEST(SeenResources, KnowWhatAMapKnows) {
  const char* given = std::getenv("SET_ACCOUNTS_TEST_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::stoul(given)) : std::random_device{}();
  SCOPED_TRACE("SET_ACCOUNTS_TEST_SEED=" + std::to_string(seed));
  std::mt19937 random(seed);
  SeenResources seen;
  std::map<std::pair<std::string, std::string>, Fate> expected;
  for (int step = 0; step < 200'000; ++step) {
    const std::string type(1 + random() % 20, static_cast<char>('A' + random() % 3));
    const std::string id = random() % 2 == 0 ? std::to_string(random() % 10'000) : uuid(random() % 10'000);
    const auto fate = static_cast<Fate>(random() % 7);
    Fate& known = expected[{type, id}];
    auto place = seen.at({type, id});
    ASSERT_EQ(place.fate(), known) << type << "/" << id;
    place.become(fate);
    known = fate;
  }
  for (const auto& [name, fate] : expected) ASSERT_EQ(seen.fate_of({name.first, name.second}), fate) << name.second;
}

/// However ids are made: were they to crowd together, this would take minutes.
void expect_small(std::string (*id)(std::uint64_t)) {
  SeenResources seen;
  for (std::uint64_t number = 1; number <= 1'000'000; ++number) {
    const std::string name = id(number);
    auto place = seen.at({"Observation", name});
    ASSERT_EQ(place.fate(), Fate::none) << name << " shares its place with another";
    place.become(Fate::awaited);
    if (number >= 10'000 && number % 1000 == 0) ASSERT_LE(seen.bytes(), 13 * number) << number;
  }
}

TEST(SeenResources, TakeAtMost13BytesEachHoweverManyThereAre) {
  expect_small(uuid);
  expect_small([](std::uint64_t number) { return std::to_string(number); });
}

}  // namespace
