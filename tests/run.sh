#!/usr/bin/env bash
# Everything that must hold: builds, tests, the same under sanitizers, a short search by libFuzzer. Installs what a
# bare Debian 12 lacks.
#   --quick     the release build and its tests only
#   --format    also clang-format over all sources
#   --lint      that, and clang-tidy over those of the last day's commits
#   --lint-all  clang-tidy over all of them too: a quarter of an hour on two cores
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

presets=(release asan)
fuzz=1
format=0
lint=0
tidied=changed_sources
while (($#)); do
  case $1 in
    --quick) presets=(release) fuzz=0 ;;
    --format) format=1 ;;
    --lint) format=1 lint=1 ;;
    --lint-all) format=1 lint=1 tidied=all_sources ;;
    *) echo "usage: $0 [--quick] [--format | --lint | --lint-all]" >&2; exit 2 ;;
  esac
  shift
done

cores=$(nproc)
quietly=(-- --quiet)
[[ ! -t 1 ]] || quietly=()
passed=0
failed=0
skipped=0
broken=()
last_words=""
ctest_log=$(mktemp)
trap 'rm -f "$ctest_log"' EXIT

main() {
  local preset
  section "packages" install || finish
  ((!format)) || section "format" check_format
  for preset in "${presets[@]}"; do
    section "build $preset" build "$preset" || finish
    section "test $preset" run_tests "$preset"
    [[ $preset != release ]] || ((!lint)) || section "clang-tidy" tidy
  done
  if ((fuzz)); then
    section "build fuzz" build fuzz || finish
    section "fuzz" bash tests/fuzz/run.sh
  fi
  finish
}

# section NAME COMMAND…: says when it begins, and how it ended after how long; remembers a failure.
section() {
  local name=$1 began=$SECONDS how="ok" status=0
  shift
  printf '\n=== %s\n' "$name"
  "$@" || status=$?
  ((!status)) || { how="FAILED"; broken+=("$name"); }
  printf '=== %s: %s after %d s\n' "$name" "$how" $((SECONDS - began))
  return "$status"
}

install() {
  local more=(--tests)
  ((!format)) || more+=(--lint)
  bash deploy/install-packages.sh "${more[@]}"
}

build() {
  cmake --preset "$1" >/dev/null && cmake --build --preset "$1" "${quietly[@]}"
}

# Tests mostly wait, so there is one more than cores. One that hangs fails after its limit; none at all is a failure too.
run_tests() {
  local status=0
  ctest --preset "$1" --parallel $((cores + 1)) --timeout 120 --no-tests=error </dev/null | tee "$ctest_log" || status=1
  count_tests || status=1
  ((!status)) || last_words+=$(tell_failures "$1")$'\n'
  return "$status"
}

# What failed and how it ended, up to five: where only the end of a long output is kept, it must be there.
tell_failures() {
  awk -v preset="$1" '
    function tell(  i) {
      if (title != "" && told++ < 5) {
        print preset ": " title
        for (i = (n > 20 ? n - 19 : 1); i <= n; ++i) print "  " substr(line[i], 1, 300)
      }
      title = ""
    }
    /^ *([0-9]+\/[0-9]+ Test +#[0-9]+:|Start +[0-9]+:)|% tests passed/ { tell() }
    /^ *[0-9]+\/[0-9]+ Test +#[0-9]+:.*\*\*\*/ && !/\*\*\*Skipped/ { title = $0; sub(/.*#[0-9]+: /, "", title); n = 0; next }
    title != "" && NF { line[++n] = $0 }' "$ctest_log"
}

# ctest counts a skipped test as passed; here it is not.
count_tests() {
  local skipped_now
  [[ $(tail -n 200 "$ctest_log") =~ ([0-9]+)\ tests?\ failed\ out\ of\ ([0-9]+) ]] || return 1
  skipped_now=$(grep -acE '^[[:space:]]*[0-9]+ - .* \(Skipped\)' "$ctest_log")
  skipped=$((skipped + skipped_now))
  failed=$((failed + BASH_REMATCH[1]))
  passed=$((passed + BASH_REMATCH[2] - BASH_REMATCH[1] - skipped_now))
}

all_sources() { find config queue fhir worker tests -name '*.cc'; }
all_headers() { find config queue fhir worker tests -name '*.h'; }

# What the last day's commits touched, and for a header one of those that include it. Without git: all.
changed_sources() {
  local file
  git rev-parse --git-dir >/dev/null 2>&1 || { all_sources; return; }
  git log --since='1 day ago' --name-only --pretty=format: -- config queue fhir worker tests | sort -u |
    while read -r file; do
      [[ -f $file ]] || continue
      case $file in
        *.cc) echo "$file" ;;
        *.h) all_sources | xargs grep -lF -e "\"$file\"" -e "\"${file#tests/}\"" | head -n 1 ;;
      esac
    done | sort -u
}

check_format() {
  { all_sources && all_headers; } | xargs clang-format-19 --dry-run -Werror
}

# Without the static analyzer, which takes longer than all the rest and stumbles over coroutines.
tidy() {
  "$tidied" | xargs -r -n 1 -P "$cores" clang-tidy-19 --quiet --checks='-clang-analyzer-*' -p build/release \
    2> >(grep -v ' warnings\? generated' >&2)
}

finish() {
  printf '\n%d s in all\n' "$SECONDS"
  [[ -z $last_words ]] || printf '\n%s' "$last_words"
  ((!${#broken[@]})) || printf 'FAILED: %s\n' "${broken[@]}"
  ((passed + failed == 0)) || printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  ((${#broken[@]} == 0)) || exit 1
  exit 0
}

main
