#!/usr/bin/env bash
# Shows all that is claimed of set-accounts as a daemon: the package under a real systemd, the image, the manifests, the
# documents' commands, signals and watchdog, rolling restarts, a soak. Each part prints a line for each of its claims, or is
# a test that names it; at the end a line for each part. Exit status 0 only if no part is wrong and none was left out.
#   deploy/prove.sh [--minutes N] [PART…]   N: of the soak, 30 unless told otherwise; parts: see --list
# The image gets the program that was built here; try-image.sh by itself has it compile one.
# On Debian 12, as root: it makes machines and containers of its own, which reach nothing, and takes them away again.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
unset "${!SET_ACCOUNTS_@}"

# NAME|WHAT IT SHOWS|COMMAND
parts=(
  "demo|a job from its XADD to every resource right, judged by the FHIR server|bash deploy/demo.sh"
  "behaviour|starts, waits, reloads, drains, is watched, ends: tests of the real program|tests_of build/release/tests/worker/service/service-tests"
  "documents|every command of every document|ctest_of ^Documents"
  "manifests|Kubernetes, Compose: against their schemas and the program|bash deploy/check-manifests.sh --program build/release/set-accounts --sandbox build/release/fhir-sandbox"
  "package|install, systemd, watchdog, hardening, upgrade, removal on a fresh Debian|bash deploy/try-package.sh"
  "image|PID 1, no root, nothing to write to, drains|bash deploy/try-image.sh --program build/release/set-accounts --sandbox build/release/fhir-sandbox"
  "rolling|three workers under load, each restarted ten times: no job fails, no attempt used|bash tests/soak/run.sh --rolling --build build/release"
  "soak|faults on: every resource right, memory and descriptors flat|soak"
)
minutes=30
asked=()
verdicts=()
wrong=0

main() {
  local part name what command
  read_arguments "$@"
  build || exit 1
  for part in "${parts[@]}"; do
    IFS='|' read -r name what command <<<"$part"
    is_asked "$name" || continue
    show "$name" "$what" "$command"
  done
  printf '\n'
  printf '%s\n' "${verdicts[@]}"
  exit "$wrong"
}

read_arguments() {
  while (($#)); do
    case $1 in
      --minutes) minutes=${2?}; shift 2 ;;
      --list) list; exit 0 ;;
      -*) echo "usage: $0 [--minutes N] [--list] [PART…]" >&2; exit 2 ;;
      *) [[ " $(list | cut -d ' ' -f 1 | tr '\n' ' ') " == *" $1 "* ]] || { echo "there is no part $1; see --list" >&2; exit 2; }
         asked+=("$1"); shift ;;
    esac
  done
}

list() { printf '%s\n' "${parts[@]}" | awk -F '|' '{printf "%-10s %s\n", $1, $2}'; }

is_asked() { ((!${#asked[@]})) || [[ " ${asked[*]} " == *" $1 "* ]]; }

build() {
  bash deploy/install-packages.sh --tests && cmake --preset release >/dev/null && cmake --build --preset release -- --quiet
}

# show NAME WHAT COMMAND: 77 is a part that cannot be tried here, and said why.
show() {
  local began=$SECONDS status=0 verdict=ok
  printf '\n=== %s: %s\n' "$1" "$2"
  $3 </dev/null || status=$?
  case $status in
    0) ;;
    77) verdict="LEFT OUT" ;;
    *) verdict=WRONG ;;
  esac
  ((!status)) || wrong=1
  verdicts+=("$(printf '%-10s %5d s  %-8s  %s' "$1" $((SECONDS - began)) "$verdict" "$2")")
}

# Called by their names in the table.
# shellcheck disable=SC2317
tests_of() { "$1" --gtest_brief=1 && "$1" --gtest_list_tests | grep -c '^  ' | sed 's/$/ tests of it hold/'; }

# shellcheck disable=SC2317
ctest_of() { ctest --test-dir build/release --output-on-failure --no-tests=error -R "$1"; }

# shellcheck disable=SC2317
soak() { bash tests/soak/run.sh --build build/release --minutes "$minutes"; }

main "$@"
