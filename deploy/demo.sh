#!/usr/bin/env bash
# Shows set-accounts at work: builds it, starts a FHIR server with two seeded patients, a Redis of its own and a worker,
# enqueues jobs and asks the server's oracle what became of every resource. Leaves nothing behind but build/release.
# Exit status 0 only if everything was right.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
unset "${!SET_ACCOUNTS_@}"  # the demo's settings are its own

members=3000
clinic=Organization/00000000-0000-4000-8000-0000000000c1
registry=Organization/00000000-0000-4000-8000-0000000000c2
program=build/release/set-accounts
folder=$(mktemp -d)
children=()

main() {
  build
  start_fhir_server
  start_worker
  show_jobs
  ask_the_oracle
  repeat_a_job
  ask_over_http
  say "Everything is as it must be."
}

build() {
  say "Packages and build (the first time takes minutes)"
  bash deploy/install-packages.sh
  cmake --preset release >/dev/null
  local quietly=(-- --quiet)
  [[ ! -t 1 ]] || quietly=()
  cmake --build --preset release --target set-accounts fhir-sandbox "${quietly[@]}"
}

start_fhir_server() {
  say "A FHIR server: two patients, $members resources in the compartment of each, others beside them, 40 ms a request"
  build/release/fhir-sandbox --port-file "$folder/port" --real-time --latency-ms 40 --auth --client-secret secret \
    --seed-patient ann --seed-patient ben --members "$members" >"$folder/fhir-sandbox.log" 2>&1 &
  children+=($!)
  wait_for "the FHIR server" "$folder/fhir-sandbox.log" test -s "$folder/port"
  port=$(<"$folder/port")
  tell_oracle snapshot
  tell_oracle "expect?target=Patient/ann&accounts=$clinic&propagate=true"
  tell_oracle "expect?target=Patient/ben&accounts=$clinic,$registry&propagate=true"
  echo "http://127.0.0.1:$port/fhir/R4"
}

start_worker() {
  say "A worker, with a private Redis"
  export SET_ACCOUNTS_REDIS_URL="embedded:$folder/redis"
  printf secret >"$folder/secret"
  run_in_background "$folder/worker.log" "$program" worker --fhir-url "http://127.0.0.1:$port/fhir/R4" \
    --client-id client --client-secret-file "$folder/secret" --listen 127.0.0.1:0
  wait_for "the worker's Redis" "$folder/worker.log" redis-cli -s "$folder/redis/redis.sock" ping
  wait_for "the worker's HTTP server" "$folder/worker.log" grep '"listening"' "$folder/worker.log"
  [[ $(<"$folder/worker.log") =~ \"address\":\"127.0.0.1:([0-9]+)\" ]]
  door=${BASH_REMATCH[1]}
  echo "its status page, while this runs: http://127.0.0.1:$door/"
}

show_jobs() {
  say "A job from any Redis client"
  local ann
  show redis-cli -s "$folder/redis/redis.sock" XADD '{set-accounts}:inbox' '*' \
    target Patient/ann accounts "$clinic" propagate true | tee "$folder/ann"
  ann=$(tail -n 1 "$folder/ann")
  say "Another from the command line, which follows it; both run side by side"
  show "$program" enqueue Patient/ben --account "$clinic" --account "$registry" --propagate --watch
  show "$program" status "$ann" --watch
}

ask_the_oracle() {
  say "What became of every resource, by the server's own account"
  look
  right "members and patients that are not as requested, or others that were touched" "$(number count "$differences")" 0
  right "PATCHes that changed nothing" "$(number wastedWrites "$counters")" 0
  right "most PATCHes in flight (the worker's bound is 16)" "$(number mostPatchesInFlight "$counters")" 16 or less
}

repeat_a_job() {
  say "The same job again: all is right already, so nothing is written"
  local before
  before=$(number patch "$counters")
  tell_oracle "expect?target=Patient/ben&accounts=$clinic,$registry&propagate=true"
  show "$program" enqueue Patient/ben --account "$clinic" --account "$registry" --propagate --watch
  look
  right "PATCHes sent by it" $(($(number patch "$counters") - before)) 0
  right "resources that are not as they must be" "$(number count "$differences")" 0
}

ask_over_http() {
  say "And over HTTP, as Medplum's clients ask; without the registry this time"
  local login token parameters answer
  login=$(request "$door" POST /oauth2/token application/x-www-form-urlencoded \
    "grant_type=client_credentials&client_id=client&client_secret=secret")
  [[ $login =~ \"access_token\":\"([^\"]+)\" ]] || { echo "no token: $login" >&2; exit 1; }
  token=${BASH_REMATCH[1]}
  parameters='{"resourceType":"Parameters","parameter":[{"name":"accounts","valueReference":{"reference":"'$clinic'"}},'
  parameters+='{"name":"propagate","valueBoolean":true}]}'
  tell_oracle "expect?target=Patient/ben&accounts=$clinic&propagate=true"
  echo "POST http://127.0.0.1:$door/fhir/R4/Patient/ben/\$set-accounts"
  answer=$(request "$door" POST "/fhir/R4/Patient/ben/\$set-accounts" application/fhir+json "$parameters" "$token")
  echo "$answer"
  right "resources that the answer tells of" "$(number 'resourcesUpdated","valueInteger' "$answer")" $((members + 1))
  look
  right "resources that are not as they must be" "$(number count "$differences")" 0
}

look() {
  differences=$(ask GET differences)
  counters=$(ask GET counters)
}

say() { printf '\n== %s\n' "$*"; }

show() {
  local word line="$"
  for word in "$@"; do
    word=${word/#"$program"/set-accounts}
    [[ $word == *['*{}']* ]] && word="'$word'"
    line+=" $word"
  done
  printf '%s\n' "$line"
  "$@"
}

# right WHAT FOUND EXPECTED [or less]
right() {
  local verdict=ok
  if (($# > 3)); then (($2 <= $3)) || verdict=WRONG; else (($2 == $3)) || verdict=WRONG; fi
  printf '%-80s %5d  %s\n' "$1" "$2" "$verdict"
  [[ $verdict == ok ]] || { printf '%s\n' "$differences" "$counters" | cut -c 1-2000; exit 1; }
}

# request PORT METHOD PATH [TYPE BODY [TOKEN]]: HTTP without curl; prints the answer's body.
request() {
  local answer body=${5-}
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf '%s %s HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n' "$2" "$3" "${#body}" >&3
  [[ -z $body ]] || printf 'Content-Type: %s\r\n' "$4" >&3
  [[ -z ${6-} ]] || printf 'Authorization: Bearer %s\r\n' "$6" >&3
  printf '\r\n%s' "$body" >&3
  answer=$(cat <&3)
  exec 3>&-
  printf '%s' "${answer##*$'\r\n\r\n'}"
}

# The sandbox's control: GET or POST /sandbox/…
ask() { request "$port" "$1" "/sandbox/$2"; }

tell_oracle() {
  local answer
  answer=$(ask POST "$1")
  [[ $answer == '{"ok":true'* ]] || { echo "the sandbox refused $1: $answer" >&2; exit 1; }
}

number() {
  [[ $2 =~ \"$1\":([0-9]+) ]] || { echo "no $1 in: ${2:0:300}" >&2; exit 1; }
  echo "${BASH_REMATCH[1]}"
}

run_in_background() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null &
  children+=($!)
}

# wait_for WHAT LOG COMMAND…: until the command succeeds, while the newest child lives, for half a minute at most.
wait_for() {
  local what=$1 log=$2 tries
  shift 2
  for ((tries = 0; tries < 300; ++tries)); do
    "$@" >/dev/null 2>&1 && return
    kill -0 "${children[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  echo "$what did not start:" >&2
  tail -n 20 "$log" >&2
  exit 1
}

clean_up() {
  local status=$? child
  trap - EXIT
  if ((status)) && [[ -s $folder/worker.log ]]; then
    echo "the worker's last lines:"
    tail -n 20 "$folder/worker.log"
  fi >&2
  for ((child = ${#children[@]} - 1; child >= 0; --child)); do
    kill "${children[child]}" 2>/dev/null || true
    wait "${children[child]}" 2>/dev/null || true
  done
  # The last user out stops the embedded Redis; if one was killed instead, it is stopped here.
  [[ ! -S $folder/redis/redis.sock ]] || redis-cli -s "$folder/redis/redis.sock" shutdown nosave >/dev/null 2>&1 || true
  rm -rf "$folder"
  exit "$status"
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
main
