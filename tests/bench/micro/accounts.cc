#include "fhir/accounts.h"

#include <string>

#include <benchmark/benchmark.h>

// What is computed for each member: its accounts as they must be, whether they are so already, and the patch.

namespace {

using benchmark::State;

std::string reference(int n) {
  return "Organization/6f0c2f60-0e0b-4d8e-9a65-" + std::to_string(100'000'000'000 + n);
}

fhir::Accounts accounts(int first, int count) {
  fhir::Accounts all;
  for (int n = first; n < first + count; ++n) all.push_back(fhir::account(reference(n)));
  return all;
}

const std::string version = "94d049bb-1331-41eb-811e-feb86659fd93";

/// A member that has `count` accounts gets one more and loses one.
void Accounts_Merge(State& state) {
  const auto count = static_cast<int>(state.range(0));
  const fhir::Accounts current = accounts(0, count), requested = accounts(count, 1);
  const fhir::Removals removals{reference(0)};
  for (auto _ : state) benchmark::DoNotOptimize(fhir::wanted_on_member(current, removals, requested));
  state.SetItemsProcessed(state.iterations());
}

void Accounts_FoundRight(State& state) {
  const fhir::Accounts wanted = accounts(0, 2);
  const fhir::AccountState right{wanted, wanted.front()};
  for (auto _ : state) benchmark::DoNotOptimize(fhir::is_right(right, wanted));
  state.SetItemsProcessed(state.iterations());
}

void Accounts_Patch(State& state) {
  const fhir::Accounts wanted = accounts(0, static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(fhir::accounts_patch(version, {}, wanted));
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(Accounts_Merge)->Arg(0)->Arg(2)->Arg(10);
BENCHMARK(Accounts_FoundRight);
BENCHMARK(Accounts_Patch)->Arg(1)->Arg(10);

}  // namespace
