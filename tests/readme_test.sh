#!/usr/bin/env bash
# Runs the README's own lines of its sections on HTTP against a worker and the sandbox server.
#   tests/readme_test.sh README.md FHIR-SANDBOX SET-ACCOUNTS
set -euo pipefail

readme=$1
sandbox=$2
program=$3
for tool in curl jq; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done

folder=$(mktemp -d)
children=()
trap 'kill "${children[@]}" 2>/dev/null; wait "${children[@]}" 2>/dev/null; rm -rf "$folder"' EXIT

# wait_for WHAT COMMAND…: at most a minute.
wait_for() {
  local what=$1 tries
  shift
  for ((tries = 0; tries < 600; ++tries)); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  echo "in vain waited for $what" >&2
  cat "$folder"/*.log >&2
  exit 1
}

is_ready() { curl -fsS "http://$(address)/readyz"; }
address() { grep -om 1 'address=[^ ]*' "$folder/worker.log" | cut -d = -f 2; }

export CLIENT_ID=client CLIENT_SECRET=secret
printf %s "$CLIENT_SECRET" >"$folder/secret"
"$sandbox" --port-file "$folder/port" --real-time --auth --seed-patient f1dc --members 30 2>"$folder/sandbox.log" &
children+=($!)
wait_for "the FHIR server" test -s "$folder/port"
"$program" worker --redis-url "embedded:$folder/redis" --fhir-url "http://127.0.0.1:$(<"$folder/port")/fhir/R4" \
  --client-id "$CLIENT_ID" --client-secret-file "$folder/secret" --listen 127.0.0.1:0 --log-format text \
  2>"$folder/worker.log" &
children+=($!)
wait_for "the worker" is_ready

awk '/^## /{here = /^## (Over HTTP|Status page|Metrics)$/} /^```$/{inside = 0} inside; here && /^```sh$/{inside = 1}' "$readme" |
  sed "s/127\.0\.0\.1:8089/$(address)/" >"$folder/lines.sh"
[[ -s $folder/lines.sh ]] || { echo "the README has no such lines" >&2; exit 1; }
(cd "$folder" && bash -euo pipefail lines.sh) | tee "$folder/said"

says() { grep -qF -e "$1" "$folder/said" || { echo "was not said: $1" >&2; exit 1; }; }
says '{"resourceType":"Parameters","parameter":[{"name":"resourcesUpdated","valueInteger":31}'
says 'completed: 31 resources'
says '{"resourceType":"AsyncJob"'
says "AsyncJob cannot be cancelled if status is not 'accepted', job had status 'completed'"
says '"resourceType":"ProjectMembership"'
says '"resourceType":"CapabilityStatement"'
says '"resourceType":"OperationDefinition"'
says '{"healthy":true}'
says '{"ready":true}'
says '"workerId"'
says '{"jobs":[]'
says 'event: queue'
says 'set_accounts_jobs_finished_total{state="completed"} 2'
