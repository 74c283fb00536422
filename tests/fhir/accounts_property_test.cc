#include <algorithm>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "fhir/accounts.h"
#include "tests/fhir/json_oracle.h"

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using fhir::Account;
using fhir::Accounts;
using fhir::AccountState;
using oracle::Dice;

Account random_account(Dice& dice) {
  const std::string reference = "Organization/" + std::string(1, static_cast<char>('a' + dice.below(6)));
  if (!dice.once_in(3)) return fhir::account(reference);
  return {reference,
          R"({"reference":")" + reference + R"(","display":"\"x\" )" + std::to_string(dice.below(3)) + "\"}"};
}

Accounts random_accounts(Dice& dice, bool distinct) {
  Accounts accounts;
  for (std::size_t count = dice.below(6); count > 0; --count) {
    Account account = random_account(dice);
    const bool again = std::ranges::find(accounts, account.reference, &Account::reference) != accounts.end();
    if (!again || !distinct) accounts.push_back(std::move(account));
  }
  return accounts;
}

/// As a server may hold it: the single account is mostly the first one, but older resources differ.
AccountState random_state(Dice& dice) {
  AccountState state{random_accounts(dice, !dice.once_in(5)), std::nullopt};
  if (dice.once_in(4))
    state.single = random_account(dice);
  else if (!state.accounts.empty() && !dice.once_in(4))
    state.single = state.accounts.front();
  return state;
}

fhir::Removals random_removals(Dice& dice) {
  fhir::Removals removals;
  for (const Account& account : random_accounts(dice, false)) removals.insert(account.reference);
  return removals;
}

array json_of(const Accounts& accounts) {
  array list;
  for (const Account& account : accounts) list.push_back(oracle::parse(account.json));
  return list;
}

value resource_with(const AccountState& state, Dice& dice) {
  object meta{{"versionId", "v1"}, {"tag", array{"kept"}}, {"project", "x"}};
  if (!state.accounts.empty() || dice.once_in(2)) meta["accounts"] = json_of(state.accounts);
  if (state.single) meta["account"] = oracle::parse(state.single->json);
  return object{{"resourceType", "Flag"}, {"account", "not meta's"}, {"meta", meta}};
}

/// RFC 6902 as far as it is used here. Throws for what a server answers with a 400.
void apply(const value& operation, value& resource) {
  const std::string op = oracle::string(oracle::member(&operation, "op"));
  const std::string path = oracle::string(oracle::member(&operation, "path"));
  ASSERT_TRUE(path.starts_with("/meta/"));
  object& meta = resource.as_object().at("meta").as_object();
  const std::string name = path.substr(6);
  if (op == "test")
    ASSERT_EQ(meta.at(name), operation.at("value"));
  else if (op == "add")
    meta[name] = operation.at("value");
  else
    ASSERT_TRUE(op == "remove" && meta.erase(name) == 1) << path;
}

/// What a server does to the account elements whenever it stores a resource.
void store(value& resource) {
  object& meta = resource.as_object().at("meta").as_object();
  const array accounts = oracle::account_references(meta);
  meta.erase("accounts");
  meta.erase("account");
  if (accounts.empty()) return;
  meta["account"] = accounts.front();
  meta["accounts"] = accounts;
}

void forget_accounts(value& resource) {
  resource.at("meta").as_object().erase("accounts");
  resource.at("meta").as_object().erase("account");
}

Accounts current(const AccountState& state) {
  return effective_accounts(state.accounts, state.single ? &*state.single : nullptr);
}

template <class Check>
void with_each_seed(Check check) {
  for (unsigned seed = 1; seed <= 3000 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    check(dice);
  }
}

TEST(EffectiveAccounts, AreWhatTheServerExtracts) {
  with_each_seed([](Dice& dice) {
    const AccountState state = random_state(dice);
    EXPECT_EQ(json_of(current(state)), oracle::account_references(resource_with(state, dice).at("meta")));
  });
}

TEST(AccountsPatch, MakesTheServerHoldExactlyWhatIsWantedAndTouchesNothingElse) {
  with_each_seed([](Dice& dice) {
    const AccountState state = random_state(dice);
    const Accounts wanted = random_accounts(dice, true);
    value resource = resource_with(state, dice);
    value untouched = resource;

    const value patch = oracle::parse(accounts_patch("v1", state, wanted));
    for (const value& operation : patch.as_array()) apply(operation, resource);
    store(resource);

    EXPECT_EQ(oracle::account_references(resource.at("meta")), json_of(wanted));
    EXPECT_EQ(resource.at("meta").as_object().contains("account"), !wanted.empty());
    forget_accounts(resource);
    forget_accounts(untouched);
    EXPECT_EQ(resource, untouched);
  });
}

TEST(IsRight, ExactlyWhereThePatchWouldChangeNothing) {
  std::size_t right = 0;
  with_each_seed([&](Dice& dice) {
    AccountState state{random_accounts(dice, true), std::nullopt};  // as a server of today stores it
    if (!state.accounts.empty()) state.single = state.accounts.front();
    const Accounts wanted = wanted_on_member(state.accounts, random_removals(dice), random_accounts(dice, true));
    value resource = resource_with(state, dice);
    store(resource);
    const value before = resource;

    const value patch = oracle::parse(accounts_patch("v1", state, wanted));
    for (const value& operation : patch.as_array()) apply(operation, resource);
    store(resource);
    EXPECT_EQ(is_right(state, wanted), resource == before);
    right += is_right(state, wanted) ? 1U : 0U;
  });
  EXPECT_GT(right, 100U);
}

TEST(WantedOnMember, IsRightOnceWrittenAndWantsNothingMore) {
  with_each_seed([](Dice& dice) {
    const AccountState state = random_state(dice);
    const fhir::Removals removals = random_removals(dice);
    const Accounts requested = random_accounts(dice, true);
    const Accounts wanted = wanted_on_member(current(state), removals, requested);
    const AccountState written{wanted, wanted.empty() ? std::nullopt : std::optional(wanted.front())};

    EXPECT_TRUE(is_right(written, wanted));
    EXPECT_EQ(wanted_on_member(current(written), removals, requested), wanted);
    EXPECT_EQ(is_right(state, wanted), state.accounts == wanted && state.single.has_value() == !wanted.empty() &&
                                           (wanted.empty() || state.single->reference == wanted[0].reference));
  });
}

TEST(WantedOnMember, KeepsTheOrderDropsRemovalsAndNeverARequestedAccount) {
  with_each_seed([](Dice& dice) {
    const Accounts before = random_accounts(dice, false);
    const fhir::Removals removals = random_removals(dice);
    const Accounts requested = random_accounts(dice, true);
    const Accounts wanted = wanted_on_member(before, removals, requested);
    const auto has = [](const Accounts& accounts, const std::string& reference) {
      return std::ranges::find(accounts, reference, &Account::reference) != accounts.end();
    };

    Accounts expected = before;
    std::erase_if(expected, [&](const Account& account) {
      return removals.contains(account.reference) && !has(requested, account.reference);
    });
    for (const Account& account : requested)
      if (!has(before, account.reference)) expected.push_back(account);
    EXPECT_EQ(wanted, expected);
    for (const Account& account : requested) EXPECT_TRUE(has(wanted, account.reference));
  });
}

TEST(WantedOnTarget, IsExactlyTheRequestedReferencesAndIdempotent) {
  with_each_seed([](Dice& dice) {
    const Accounts before = random_accounts(dice, true);
    const Accounts requested = random_accounts(dice, true);
    const Accounts wanted = wanted_on_target(before, requested);

    EXPECT_TRUE(std::ranges::equal(wanted, requested, {}, &Account::reference, &Account::reference));
    EXPECT_EQ(wanted_on_target(wanted, requested), wanted);
    for (const Account& account : before) {
      const auto kept = std::ranges::find(wanted, account.reference, &Account::reference);
      if (kept != wanted.end()) EXPECT_EQ(*kept, account);
    }
  });
}

}  // namespace
