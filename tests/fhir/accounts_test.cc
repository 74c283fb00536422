#include "fhir/accounts.h"

#include <string>

#include <gtest/gtest.h>

namespace {

using fhir::Account;
using fhir::account;
using fhir::Accounts;
using fhir::accounts_patch;
using fhir::effective_accounts;
using fhir::is_right;
using fhir::Removals;
using fhir::wanted_on_member;
using fhir::wanted_on_target;

const Account a = account("Organization/a");
const Account b = account("Organization/b");
const Account c = account("Organization/c");
const Account a_with_display{"Organization/a", R"({"reference":"Organization/a","display":"A"})"};
const Account nameless{"", R"({"display":"no reference"})"};

TEST(Accounts, AreWrittenAsReferences) {
  EXPECT_EQ(a.json, R"({"reference":"Organization/a"})");
}

TEST(EffectiveAccounts, HaveTheSingleAccountInFrontIfItIsNotAmongThem) {
  EXPECT_EQ(effective_accounts({b, c}, &a), (Accounts{a, b, c}));
  EXPECT_EQ(effective_accounts({b, a_with_display}, &a), (Accounts{b, a_with_display}));
  EXPECT_EQ(effective_accounts({}, &a), (Accounts{a}));
  EXPECT_EQ(effective_accounts({b}, nullptr), (Accounts{b}));
  EXPECT_EQ(effective_accounts({}, nullptr), Accounts{});
}

TEST(WantedOnMember, KeepsOtherAccountsAndAppendsTheLackingOnesInOrder) {
  EXPECT_EQ(wanted_on_member({c}, {}, {b, a}), (Accounts{c, b, a}));
  EXPECT_EQ(wanted_on_member({c, a}, {}, {b, a}), (Accounts{c, a, b}));
}

TEST(WantedOnMember, DropsRemovals) {
  EXPECT_EQ(wanted_on_member({a, c, b}, {"Organization/a", "Organization/b"}, {}), (Accounts{c}));
}

TEST(WantedOnMember, KeepsAnAccountThatIsBothRequestedAndToBeRemoved) {
  EXPECT_EQ(wanted_on_member({a_with_display, b}, {"Organization/a", "Organization/b"}, {a}),
            (Accounts{a_with_display}));
}

TEST(WantedOnMember, NeverRemovesAnAccountWithoutAReference) {
  EXPECT_EQ(wanted_on_member({nameless, a}, {"", "Organization/a"}, {}), (Accounts{nameless}));
}

TEST(WantedOnMember, LeavesWhatIsThereTwiceAsItIs) {
  EXPECT_EQ(wanted_on_member({c, a, c}, {}, {a, b, b}), (Accounts{c, a, c, b}));
}

TEST(WantedOnMember, ComparesManyAsItComparesFew) {
  const auto numbered = [](int first, int last) {
    Accounts accounts;
    for (int n = first; n <= last; ++n) accounts.push_back(account("Organization/" + std::to_string(n)));
    return accounts;
  };
  for (const int many : {15, 16, 17, 100}) {
    EXPECT_EQ(wanted_on_member(numbered(1, many), {}, numbered(1, many + 2)), numbered(1, many + 2)) << many;
    EXPECT_EQ(wanted_on_member(numbered(1, many), {"Organization/1"}, numbered(2, many)), numbered(2, many)) << many;
    EXPECT_EQ(wanted_on_member(numbered(1, many), {"Organization/1"}, numbered(1, many)), numbered(1, many)) << many;
    Accounts twice = numbered(1, many);
    for (const Account& again : numbered(1, many)) twice.push_back(again);
    EXPECT_EQ(wanted_on_member({}, {}, twice), numbered(1, many)) << many;
  }
}

TEST(WantedOnTarget, IsWhatIsRequestedWithTheMembersTheTargetHasAlready) {
  EXPECT_EQ(wanted_on_target({c, a_with_display}, {b, a}), (Accounts{b, a_with_display}));
  EXPECT_EQ(wanted_on_target({c}, {}), Accounts{});
}

TEST(IsRight, WhenAccountsAndTheSingleAccountAreAsWanted) {
  EXPECT_TRUE(is_right({{a, b}, a}, {a, b}));
  EXPECT_TRUE(is_right({{a_with_display, b}, a}, {a_with_display, b})) << "displays of one account may differ";
  EXPECT_TRUE(is_right({{}, std::nullopt}, {}));
}

TEST(IsRight, NotWhenTheOrderTheMembersOrTheSingleAccountDiffer) {
  EXPECT_FALSE(is_right({{b, a}, a}, {a, b}));
  EXPECT_FALSE(is_right({{a}, a}, {a, b}));
  EXPECT_FALSE(is_right({{a}, a}, {a_with_display}));
  EXPECT_FALSE(is_right({{a, b}, b}, {a, b}));
  EXPECT_FALSE(is_right({{a, b}, std::nullopt}, {a, b}));
  EXPECT_FALSE(is_right({{}, a}, {}));
  EXPECT_FALSE(is_right({{}, a}, {a})) << "what only the single account says is not in meta.accounts yet";
}

TEST(AccountsPatch, TestsTheVersionFirst) {
  EXPECT_EQ(accounts_patch("v\"1", {{b}, b}, {a_with_display, b}),
            R"([{"op":"test","path":"/meta/versionId","value":"v\"1"},)"
            R"({"op":"add","path":"/meta/accounts","value":[)"
            R"({"reference":"Organization/a","display":"A"},{"reference":"Organization/b"}]},)"
            R"({"op":"add","path":"/meta/account","value":{"reference":"Organization/a","display":"A"}}])");
}

TEST(AccountsPatch, RemovesTheSingleAccountOnlyWhereThereIsOne) {
  const std::string cleared = R"([{"op":"test","path":"/meta/versionId","value":"v"},)"
                              R"({"op":"add","path":"/meta/accounts","value":[]})";
  EXPECT_EQ(accounts_patch("v", {{a}, a}, {}), cleared + R"(,{"op":"remove","path":"/meta/account"}])");
  EXPECT_EQ(accounts_patch("v", {{a}, std::nullopt}, {}), cleared + "]");
}

}  // namespace
