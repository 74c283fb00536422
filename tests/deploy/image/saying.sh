# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # `wrong` is for whoever sources this, `tree` and `folder` are its
# Sourced: how a claim is said, and how one waits for something. `wrong` is set once one does not hold.
wrong=0

say() {
  printf '%-82s %14s  %s\n' "$1" "$2" "$3"
  [[ $3 == ok ]] || wrong=1
}

# is WHAT FOUND EXPECTED
is() { if [[ $2 == "$3" ]]; then say "$1" "$2" ok; else say "$1" "$2, not $3" WRONG; fi; }

# right WHAT FOUND EXPECTED [or less]
right() {
  local verdict=ok
  if (($# > 3)); then (($2 <= $3)) || verdict=WRONG; else (($2 == $3)) || verdict=WRONG; fi
  say "$1" "$2" "$verdict"
}

# wait_for WHAT COMMAND…: a minute at most.
wait_for() {
  local what=$1 tries
  shift
  for ((tries = 0; tries < 300; ++tries)); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  echo "in vain waited for $what" >&2
  return 1
}

# The worker at its usual address, in whatever network this is.
status_of() { curl -sS -m 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:8089$1" 2>/dev/null || true; }
answers() { [[ $(status_of "$1") == "$2" ]]; }
now_ms() { date +%s%3N; }

# The nth block of commands of "Run in a container", as deploy/README.md has it, with this stage's FHIR server.
by_the_readme() {
  awk -v nth="$1" '/^## /{here = /^## Run in a container$/} /^```$/{inside = 0} inside && block == nth
                   here && /^```sh$/{inside = 1; ++block}' "$tree/deploy/README.md" >"$folder/lines.sh"
  [[ -s $folder/lines.sh ]] || { echo "deploy/README.md has no block $1 of commands" >&2; return 1; }
  sed -i -E 's#(SET_ACCOUNTS_FHIR_URL)=.*#\1=http://127.0.0.1:8103/fhir/R4#; s#(SET_ACCOUNTS_CLIENT_ID)=.*#\1=client#' "$folder/lines.sh"
  bash -euo pipefail "$folder/lines.sh"
}
