#!/usr/bin/env bash
# The long form of the chaos tests: real workers killed, stopped and cut off by the hundred, Redis too, and every promise
# of the queue judged afterwards. Builds what it needs (release) and takes some minutes. The same seed makes the same plan.
#   tests/chaos/run.sh [--jobs N] [--targets N] [--kills N] [--redis-restarts N] [--seed S]
#   --sentinels yes  a primary, a replica and Sentinels; so many failovers instead of restarts
#   --runs N       so many runs, each with another seed
#   --keep DIR     leave the workers' logs and Redis' append-only file in DIR
#   --build DIR    take chaos-tests from this build folder, as it is
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

jobs=1000 targets=30 kills=300 redis_restarts=30 seed="" runs=1 tests=Chaos keep="" build=""
while (($#)); do
  case $1 in
    --jobs) jobs=$2 ;;
    --targets) targets=$2 ;;
    --kills) kills=$2 ;;
    --redis-restarts) redis_restarts=$2 ;;
    --seed) seed=$2 ;;
    --runs) runs=$2 ;;
    --sentinels) [[ $2 == yes ]] && tests=ChaosOfFailovers ;;
    --keep) keep=$2 ;;
    --build) build=$2 ;;
    *) echo "usage: $0 [--jobs N] [--targets N] [--kills N] [--redis-restarts N] [--seed S] [--runs N] [--keep DIR]" \
      "[--build DIR]" >&2; exit 2 ;;
  esac
  shift 2
done

if [[ -z $build ]]; then
  build=build/release
  cmake --preset release >/dev/null
  cmake --build --preset release --target set-accounts chaos-tests -- --quiet
fi

export SET_ACCOUNTS_CHAOS_JOBS=$jobs SET_ACCOUNTS_CHAOS_TARGETS=$targets SET_ACCOUNTS_CHAOS_KILLS=$kills
export SET_ACCOUNTS_CHAOS_REDIS_RESTARTS=$redis_restarts
failed=0
for ((run = 1; run <= runs; run++)); do
  [[ -z $seed ]] || export SET_ACCOUNTS_TEST_SEED=$((seed + run - 1))
  [[ -z $keep ]] || export SET_ACCOUNTS_CHAOS_KEEP=$keep/run-$run
  "$build/tests/chaos/chaos-tests" --gtest_filter="$tests.*" --gtest_brief=1 || failed=1
done
exit "$failed"
