#include <iostream>

#include <gtest/gtest.h>

#include "tests/faults/side_by_side.h"

namespace {

using faults::Mixture;
using faults::Strike;
using faults::Trouble;

class Troubles : public testing::TestWithParam<std::size_t> {
 protected:
  const Trouble& trouble() const { return faults::all_troubles()[GetParam()]; }
};

std::string name_of_trouble(const testing::TestParamInfo<std::size_t>& tested) {
  return faults::all_troubles()[tested.param].name;
}

auto each() {
  return testing::Range<std::size_t>(0, faults::all_troubles().size());
}

/// A doing strikes early or late, before any kind of request, often before the first PATCH, which is the target's
/// own; a fault a few times.
Strike strike_of(const Trouble& trouble, std::size_t n) {
  constexpr sandbox::RequestKind moments[] = {sandbox::RequestKind::patch, sandbox::RequestKind::page,
                                              sandbox::RequestKind::patch, sandbox::RequestKind::read};
  return {.trouble = trouble,
          .times = static_cast<long>(1 + n % 3),
          .doing_before = moments[n % 4],
          .nth = static_cast<int>(moments[n % 4] == sandbox::RequestKind::patch ? (n % 8 < 4 ? 1 : 1 + n * 3 % 23)
                                                                                : 1 + n / 4 % 3)};
}

/// Some that strike a few times, one that strikes always until it is lifted.
class FaultAlone : public Troubles {};

TEST_P(FaultAlone, EndsRightOrWithATrueListAndIsMendedByTheNextJob) {
  std::size_t n = 0;
  const faults::Findings findings = faults::play_side_by_side([&]() -> std::optional<Mixture> {
    if (n == 8) return std::nullopt;
    Mixture mixture = faults::random_setting(GetParam() * 1000 + n);
    mixture.strikes = {strike_of(trouble(), n)};
    if (n % 4 == 3) mixture.strikes.front().times = 0;
    mixture.trouble_lasts = std::chrono::milliseconds(400);
    ++n;
    return mixture;
  });
  EXPECT_EQ(findings.text, "");
  std::cout << findings.figures.writes << " writes, " << findings.figures.doings << " changes by somebody else\n";
}
INSTANTIATE_TEST_SUITE_P(Each, FaultAlone, each(), name_of_trouble);

class FaultWithEachOther : public Troubles {};

TEST_P(FaultWithEachOther, EndsRightOrWithATrueListAndIsMendedByTheNextJob) {
  std::size_t other = GetParam();
  const faults::Findings findings = faults::play_side_by_side([&]() -> std::optional<Mixture> {
    if (++other >= faults::all_troubles().size()) return std::nullopt;
    Mixture mixture = faults::random_setting(GetParam() * 1000 + other + 500);
    mixture.members = 4 + other % 22;
    mixture.page_size = 20;
    mixture.strikes = {strike_of(trouble(), other), strike_of(faults::all_troubles()[other], GetParam())};
    mixture.trouble_lasts = std::chrono::milliseconds(400);
    return mixture;
  });
  EXPECT_EQ(findings.text, "");
}
INSTANTIATE_TEST_SUITE_P(Each, FaultWithEachOther, each(), name_of_trouble);

}  // namespace
