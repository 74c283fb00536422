#!/usr/bin/env bash
# The long forms of the soak and of the rolling restart. Builds what it needs (release). Exit status 0 only if all is well.
#   tests/soak/run.sh [--minutes N] [--seed S]   jobs for so long, half an hour unless told otherwise, with faults at the
#                                                FHIR server: every resource right, memory and descriptors flat
#   tests/soak/run.sh --rolling [--rounds N]     three workers under load, each restarted so often, 10 times unless told
#   --build DIR    take soak-tests from this build folder, as it is
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

minutes=30 seed="" rounds=10 tests='SoakTest.*' build=""
while (($#)); do
  case $1 in
    --rolling) tests='RollingRestart.*'; shift; continue ;;
    --minutes) minutes=$2 ;;
    --seed) seed=$2 ;;
    --rounds) rounds=$2 ;;
    --build) build=$2 ;;
    *) echo "usage: $0 [--minutes N] [--seed S] | --rolling [--rounds N]; [--build DIR]" >&2; exit 2 ;;
  esac
  shift 2
done

if [[ -z $build ]]; then
  build=build/release
  cmake --preset release >/dev/null
  cmake --build --preset release --target set-accounts soak-tests -- --quiet
fi

[[ -z $seed ]] || export SET_ACCOUNTS_TEST_SEED=$seed
export SET_ACCOUNTS_SOAK_MINUTES=$minutes SET_ACCOUNTS_ROLLING_ROUNDS=$rounds
exec "$build/tests/soak/soak-tests" --gtest_filter="$tests" --gtest_brief=1
