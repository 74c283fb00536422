#!/usr/bin/env bash
# deploy/compose.yaml as it stands there, by Debian's podman-compose: a worker and its Redis on networks of their own, and
# the FHIR server on the machine itself. Run by deploy/try-image.sh, as claims.sh is.
set -euo pipefail
: "${folder:?}" "${tree:?}" "${sandbox:?}"
# shellcheck source-path=SCRIPTDIR source=saying.sh
source "$tree/tests/deploy/image/saying.sh"
host=10.99.0.1  # this network namespace, as containers see it
children=()
mkdir -p "$folder/compose/secrets"
cd "$folder/compose"

main() {
  ip addr add "$host/32" dev lo
  "$sandbox" --address "$host" --port 8103 --port-file port --real-time --auth --client-secret secret --seed-patient f1dc \
    --members 500 >fhir-sandbox.log 2>&1 </dev/null &
  children+=($!)
  wait_for "the FHIR server" test -s port
  start
  run_a_job
  restart_redis
  stop
}

start() {
  cp "$tree/deploy/compose.yaml" .
  printf '%s\n' SET_ACCOUNTS_FHIR_URL=http://host.docker.internal:8103/fhir/R4 SET_ACCOUNTS_CLIENT_ID=client >.env
  printf secret >client-secret
  install -m 0400 -o 10001 client-secret secrets/client-secret
  compose up --no-build --detach
  worker=$(named worker)
  redis=$(named redis)
  wait_for "the worker to get ready" answers /readyz 200
  is "compose: the worker reaches Redis, and a FHIR server on the machine: /readyz" "$(status_of /readyz)" 200
  is "compose: what Redis may do with a full memory, and at a restart" \
    "$(of_redis CONFIG GET maxmemory-policy | tail -n 1) $(of_redis CONFIG GET appendonly | tail -n 1)" "noeviction yes"
  is "compose: the way out of Redis' network" "$(docker exec "$redis" sh -c 'grep -c "^eth0	00000000" /proc/net/route' || true)" 0
}

run_a_job() {
  docker exec "$worker" set-accounts enqueue Patient/f1dc --account Organization/a --propagate --watch >job 2>&1 || { cat job >&2; return 1; }
  right "compose: resources that a job has set" "$(of_newest_job resourcesUpdated)" 501
}

restart_redis() {
  docker restart --time 10 "$redis" >/dev/null 2>&1
  wait_for "Redis" of_redis PING
  right "compose: jobs that Redis has forgotten after a restart" "$((1 - $(of_redis ZCARD '{set-accounts}:jobs')))" 0
  wait_for "the worker to get ready again" answers /readyz 200
}

stop() {
  local began
  began=$(now_ms)
  docker stop --time 35 "$worker" >/dev/null 2>&1
  right "compose: ms that the worker takes to stop" "$(($(now_ms) - began))" 25000 or less
  is "compose: its exit code" "$(docker inspect --format '{{.State.ExitCode}}' "$worker")" 0
}

compose() { podman-compose "$@" >>compose.log 2>&1 || { tail -n 20 compose.log >&2; return 1; }; }
named() { docker ps --quiet --filter "label=com.docker.compose.service=$1"; }
of_redis() { docker exec "$redis" redis-cli --raw "$@"; }
of_newest_job() { of_redis HGET "{set-accounts}:job:$(of_redis ZREVRANGE '{set-accounts}:jobs' 0 0)" "$1"; }

clean_up() {
  local status=$? child
  trap - EXIT
  ((!status)) || docker logs --tail 20 "${worker-worker}" 2>&1 | cut -c 1-300 >&2 || true
  podman-compose down --volumes >/dev/null 2>&1 || true
  for child in "${children[@]}"; do
    kill "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  done
  exit "$status"
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
main
((!wrong))
