#!/usr/bin/env bash
# What is claimed of the image, in a network and a mount namespace of its own. Run by deploy/try-image.sh, which has built it
# and put a `docker` into PATH; `folder` is its scratch, `tree` the repository, `sandbox` the FHIR server.
set -euo pipefail
: "${folder:?}" "${tree:?}" "${sandbox:?}"
# shellcheck source-path=SCRIPTDIR source=saying.sh
source "$tree/tests/deploy/image/saying.sh"
children=()
mkdir "$folder/claims"
cd "$folder/claims"

main() {
  printf secret >client-secret
  look_at_the_image
  start_before_the_others
  run_jobs
  look_at_the_process
  reap
  stop_at_work
}

look_at_the_image() {
  local size base config version status=0
  size=$(docker image inspect --format '{{.Size}}' set-accounts:0.1.0)
  base=$(docker image inspect --format '{{.Size}}' docker.io/library/debian:bookworm-slim)
  right "MB that it adds to Debian's base of $((base / 1000000)) MB: program, libraries, certificates" "$(((size - base) / 1000000))" 25 or less
  config=$(docker image inspect set-accounts:0.1.0 | jq -c '.[0].Config')
  version=$(sed -nE 's/^project\(set-accounts VERSION ([^ ]+).*/\1/p' "$tree/CMakeLists.txt")
  is "its user" "$(jq -r .User <<<"$config")" 10001:10001
  is "what it runs" "$(jq -r '.Entrypoint + .Cmd | join(" ")' <<<"$config")" "/usr/bin/set-accounts worker"
  is "its version" "$(jq -r '.Labels["org.opencontainers.image.version"]' <<<"$config")" "$version"
  docker run --rm --network host set-accounts:0.1.0 worker >refused 2>&1 || status=$?
  is "exit code without settings, said in $(grep -c . refused) line" "$status" 2
}

# Neither Redis nor the FHIR server is there yet: the worker waits for them.
start_before_the_others() {
  by_the_readme 2 >started 2>&1 || { cat started >&2; return 1; }
  wait_for "the worker's HTTP server" answers /healthz 200
  is "without Redis and FHIR server: /healthz, /readyz" "$(status_of /healthz) $(status_of /readyz)" "200 503"
  redis-server --port 6379 --bind 127.0.0.1 --save '' --appendonly yes >redis.log 2>&1 </dev/null &
  children+=($!)
  "$sandbox" --port 8103 --port-file port --real-time --auth --client-secret secret --latency-ms 10 \
    --seed-patient f1dc --seed-patient long --members 2000 >fhir-sandbox.log 2>&1 </dev/null &
  children+=($!)
  wait_for "the FHIR server" test -s port
  wait_for "the worker to get ready" answers /readyz 200
  is "when both have come: /healthz, /readyz" "$(status_of /healthz) $(status_of /readyz)" "200 200"
}

run_jobs() {
  by_the_readme 3 >looked 2>&1 || { cat looked >&2; return 1; }
  right "resources written by a job that was enqueued in the container" "$(of_newest_job resourcesWritten)" 2001
  is "how it ended" "$(of_newest_job state)" completed
}

look_at_the_process() {
  pid=$(docker inspect --format '{{.State.Pid}}' set-accounts)
  is "its process, and its number in the container" "$(<"/proc/$pid/comm") $(field NSpid | awk '{print $NF}')" "set-accounts 1"
  is "user and group" "$(field Uid | cut -f 2) $(field Gid | cut -f 2)" "10001 10001"
  is "capabilities: permitted, effective, bounding" "$(for set in CapPrm CapEff CapBnd; do field $set; done | sed 's/^0*\(.\)/\1/' | xargs)" "0 0 0"
  is "no new privileges, seccomp's mode" "$(field NoNewPrivs) $(field Seccomp)" "1 2"
  is "the root file system" "$(awk '$5 == "/" {print substr($6, 1, 2)}' "/proc/$pid/mountinfo")" ro
  right "files that it has open for writing" "$(open_for_writing)" 0
  right "files that were changed or made in the container" "$(docker diff set-accounts | grep -cvE ' /(etc|run|proc|dev|sys)(/|$)' || true)" 0
  right "MiB of memory at the most, with a job of 2,001 resources" "$(($(field VmHWM | tr -dc 0-9) / 1024))" 40 or less
}

# A child of somebody else's in the container becomes PID 1's when its parent ends first.
reap() {
  docker exec set-accounts bash -c 'sleep 0.5 & exit 0'
  wait_for "the child to be gone" no_children || true
  right "zombies that PID 1 leaves" "$(children_of_pid1 | wc -l)" 0
}

# Each PATCH takes a second from now on, so that the job is still at work whenever the signal comes.
stop_at_work() {
  local began
  curl -sS -X POST "http://127.0.0.1:8103/sandbox/fault?kind=stall&on=patch&wait=1000" >/dev/null
  redis-cli XADD '{set-accounts}:inbox' '*' target Patient/long accounts Organization/00000000-0000-4000-8000-0000000000c1 \
    propagate true >/dev/null
  wait_for "a job to be at work" at_work
  began=$(now_ms)
  by_the_readme 4 >stopped 2>&1 || { cat stopped >&2; return 1; }
  right "ms from SIGTERM to its end, a job at work (--grace: 25 s)" "$(($(now_ms) - began))" 25000 or less
  is "exit code" "$(sed -n 2p stopped)" 0
  is "its job: state, attempts used" "$(of_newest_job state) $(of_newest_job attempt)" "queued 0"
}

at_work() { (($(of_newest_job resourcesWritten) > 0)); }
of_newest_job() {
  redis-cli --raw HGET "{set-accounts}:job:$(redis-cli --raw ZREVRANGE '{set-accounts}:jobs' 0 0)" "$1"
}

field() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status"; }
children_of_pid1() { ps -o pid=,stat=,comm= --ppid "$pid" || true; }
no_children() { [[ -z $(children_of_pid1) ]]; }

# Sockets, pipes and timers are no files.
open_for_writing() {
  local fd count=0
  for fd in "/proc/$pid"/fd/*; do
    [[ -f $fd && $(readlink "$fd") == /* ]] && ! grep -qE '^flags:[[:space:]]+0[0-7]*0$' "/proc/$pid/fdinfo/${fd##*/}" && ((++count))
  done
  echo "$count"
}

clean_up() {
  local status=$? child
  trap - EXIT
  ((!status)) || docker logs --tail 20 set-accounts 2>&1 | cut -c 1-300 >&2 || true
  docker rm --force --time 0 set-accounts >/dev/null 2>&1 || true
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
