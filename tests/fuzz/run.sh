#!/usr/bin/env bash
# Runs the programs of the preset `fuzz`, several side by side, and prints a line for each:
#   tests/fuzz/run.sh [--seconds N] [--jobs N] [TARGET…]
#     --seconds  how long each of them searches; 10 unless said
#     --jobs     how many at a time; as many as there are cores unless said
#     TARGET     page, link …; all unless said
# Begins with tests/fuzz/corpus and with what former runs of this build folder came across (build/fuzz/corpus). What
# makes a program fail is kept in build/fuzz/findings, its words in build/fuzz/log. Exits 1 if there was any.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

seconds=10
jobs=$(nproc)
targets=()
while (($#)); do
  case $1 in
    --seconds) seconds=${2-}; shift 2 || exit 2 ;;
    --jobs) jobs=${2-}; shift 2 || exit 2 ;;
    -*) echo "usage: $0 [--seconds N] [--jobs N] [TARGET…]" >&2; exit 2 ;;
    *) targets+=("$1"); shift ;;
  esac
done

build=build/fuzz
programs=$build/tests/fuzz
((${#targets[@]})) || for program in "$programs"/fuzz_*; do
  [[ -x $program ]] && targets+=("${program##*/fuzz_}")
done
((${#targets[@]})) || { echo "nothing is built: cmake --preset fuzz && cmake --build --preset fuzz" >&2; exit 1; }
mkdir -p $build/findings $build/log
# Short stacks and little kept of what is freed: twice as fast.
export ASAN_OPTIONS=malloc_context_size=3:quarantine_size_mb=32
export ASAN_SYMBOLIZER_PATH=/usr/lib/llvm-19/bin/llvm-symbolizer UBSAN_OPTIONS=print_stacktrace=1

# One target to its end.
search() {
  local target=$1 corpus=$build/corpus/$1 log=$build/log/$1.log words=() status=0
  [[ $target == patch ]] || words=(-dict=tests/fuzz/words.dict) # patch takes dice, no text
  mkdir -p "$corpus"
  "$programs/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=8192 "${words[@]}" \
    -print_final_stats=1 -artifact_prefix="$build/findings/$target-" "$corpus" "tests/fuzz/corpus/$target" \
    >"$log" 2>&1 </dev/null || status=$?
  report "$target" "$log" "$status"
  return "$status"
}

report() {
  local target=$1 log=$2 status=$3 line
  line=$(grep -aE '^#.* cov: ' "$log" | tail -n 1)
  printf '%-12s %9s executions  %5s edges  %6s features  %s\n' "$target" "$(second "$line" '^#([0-9]+)')" \
    "$(second "$line" 'cov: ([0-9]+)')" "$(second "$line" 'ft: ([0-9]+)')" "$( ((status)) && echo FAILED || echo ok)"
  ((!status)) || { grep -aE '^does not hold|ERROR:|runtime error|written to' "$log" || tail -n 5 "$log"; }
}

# What the parentheses of the pattern match.
second() {
  [[ $1 =~ $2 ]] && echo "${BASH_REMATCH[1]}" || echo 0
}

failed=0
running=0
for target in "${targets[@]}"; do
  ((running < jobs)) || { wait -n || failed=1; ((running--)); }
  search "$target" &
  ((++running))
done
while ((running)); do
  wait -n || failed=1
  ((running--))
done
((!failed)) || echo "to see one again: $programs/fuzz_TARGET FILE"
exit $failed
