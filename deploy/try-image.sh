#!/usr/bin/env bash
# Builds the image and shows that it is as small and as harmless as is said, and that it works: as PID 1, without root,
# capabilities or a file system to write to, beside a Redis and a FHIR server, by the lines of deploy/README.md. A line for
# each claim with its figure. Exit status 0 only if all hold; 77 if it cannot be tried here, and why.
#   deploy/try-image.sh [--program FILE] [--sandbox FILE] [--base TAR] [--pull]
#     --program  puts this program into the image; without it the image compiles one, as users' do: some ten minutes
#     --base     keeps Debian's base there and takes it from there the next time; build/image/base.tar unless given
#     --pull     takes Debian's base from its registry instead of making one of Debian's packages
# As root, with podman, buildah, crun, mmdebstrap, iproute2, curl and redis-server. All that runs is in a network of its own.
set -euo pipefail
tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$tree"

usage() {
  echo "usage: $0 [--program FILE] [--sandbox FILE] [--base TAR] [--pull]" >&2
  exit 2
}

main() {
  program="" sandbox="" base=$tree/build/image/base.tar pull=0
  while (($#)); do
    case $1 in
      --program) program=$(realpath "${2?}"); shift 2 ;;
      --sandbox) sandbox=$(realpath "${2?}"); shift 2 ;;
      --base) base=$2; shift 2 ;;
      --pull) pull=1; shift ;;
      *) usage ;;
    esac
  done
  unset "${!SET_ACCOUNTS_@}"
  need_tools
  folder=$(mktemp -d)
  trap clean_up EXIT
  make_docker
  [[ -n $sandbox ]] || build_sandbox
  get_base
  build_image
  export folder sandbox tree
  unshare --net --mount --fork --kill-child bash "$tree/deploy/try-image.sh" --inside
}

need_tools() {
  local tool
  ((EUID == 0)) || skip "this wants root"
  for tool in podman buildah crun unshare ip curl jq redis-server redis-cli; do
    command -v "$tool" >/dev/null ||
      skip "$tool is missing: apt-get install --no-install-recommends podman buildah crun mmdebstrap iproute2 curl jq redis-server"
  done
}

skip() {
  echo "skipped: $1" >&2
  exit 77
}

# `docker` as the README's lines call it: Podman, with images of its own that are gone afterwards.
# What this machine may not allow to raise is left as it is: limits on files and processes.
make_docker() {
  mkdir "$folder/bin" "$folder/empty"
  cat >"$folder/bin/docker" <<END
#!/usr/bin/env bash
store=(--root "$folder/store" --runroot "$folder/run" --storage-driver overlay)
verb=\$1
shift
case \$verb in
  build) exec buildah "\${store[@]}" build --isolation chroot --network host --pull=never \$BUILD_CONTEXT "\$@" ;;
  run) exec podman "\${store[@]}" --cgroup-manager cgroupfs run --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --read-only-tmpfs=false "\$@" ;;
  *) exec podman "\${store[@]}" --cgroup-manager cgroupfs "\$verb" "\$@" ;;
esac
END
  chmod 755 "$folder/bin/docker"
  PATH=$folder/bin:$PATH
}

build_sandbox() {
  bash deploy/install-packages.sh
  cmake --preset release >/dev/null
  cmake --build --preset release --target fhir-sandbox -- --quiet
  sandbox=$tree/build/release/fhir-sandbox
}

# Debian 12 without what its slim image leaves out, too. Both stages begin with it.
get_base() {
  local slim=docker.io/library/debian:bookworm-slim full=docker.io/library/debian:bookworm
  if ((pull)); then
    docker pull -q "$slim" >/dev/null
    docker pull -q "$full" >/dev/null
    return
  fi
  if [[ ! -s $base ]]; then
    command -v mmdebstrap >/dev/null || skip "mmdebstrap is missing"
    mkdir -p "$(dirname "$base")"
    mmdebstrap --quiet --format=tar --variant=minbase --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' bookworm "$base.new" 2>"$folder/base.log" || {
      cat "$folder/base.log" >&2
      skip "Debian's packages are not to be reached"
    }
    mv "$base.new" "$base"
  fi
  docker import -q "$base" "$slim" >/dev/null
  docker tag "$slim" "$full"
}

build_image() {
  local began=$SECONDS
  BUILD_CONTEXT=""
  if [[ -n $program ]]; then
    mkdir "$folder/program"
    cp "$program" "$folder/program/set-accounts"
    BUILD_CONTEXT="--build-context compiled=$folder/program"
  fi
  export BUILD_CONTEXT
  by_the_readme 1 >"$folder/build.log" 2>&1 || { tail -n 30 "$folder/build.log" >&2; exit 1; }
  say "the image is built by the Dockerfile$([[ -z $program ]] || echo ', of a program that was there')" "$((SECONDS - began)) s" ok
}

# The nth block of commands of the README's section, as it stands there.
by_the_readme() {
  awk -v nth="$1" '/^## /{here = /^## Run in a container$/} /^```$/{inside = 0} inside && block == nth
                   here && /^```sh$/{inside = 1; ++block}' deploy/README.md >"$folder/lines.sh"
  [[ -s $folder/lines.sh ]] || { echo "deploy/README.md has no block $1 of commands" >&2; return 1; }
  sed -i -E "s#(SET_ACCOUNTS_FHIR_URL)=.*#\1=$fhir#; s#(SET_ACCOUNTS_CLIENT_ID)=.*#\1=client#" "$folder/lines.sh"
  bash -euo pipefail "$folder/lines.sh"
}

inside() {
  trap clean_up_inside EXIT
  # crun does not bear a cgroup2 beside cgroups of version 1. In this mount namespace it is not there.
  [[ ! -d /sys/fs/cgroup/unified ]] || umount /sys/fs/cgroup/unified
  ip link set lo up
  children=()
  mkdir -p "$folder/place/deploy"
  cp "$tree/deploy/README.md" "$folder/place/deploy"
  cd "$folder/place"
  printf secret >client-secret

  look_at_the_image
  start_before_the_others
  run_jobs
  look_at_the_process
  reap
  stop_at_work
  summary
}

look_at_the_image() {
  local size base_size config
  size=$(docker image inspect --format '{{.Size}}' set-accounts:0.1.0)
  base_size=$(docker image inspect --format '{{.Size}}' docker.io/library/debian:bookworm-slim)
  right "what it adds to Debian's base: program, libraries, certificates (base: $((base_size / 1000000)) MB)" "$(((size - base_size) / 1000000))" 45 MB or less
  config=$(docker image inspect set-accounts:0.1.0 | jq -c '.[0].Config')
  is "its user" "$(jq -r .User <<<"$config")" 10001:10001
  is "its PID 1" "$(jq -r '.Entrypoint + .Cmd | join(" ")' <<<"$config")" "/usr/bin/set-accounts worker"
  is "its version" "$(jq -r '.Labels["org.opencontainers.image.version"]' <<<"$config")" 0.1.0
  docker run --rm --network host set-accounts:0.1.0 worker >refused 2>&1 || status=$?
  is "exit code without settings ($(grep -c . refused) line)" "${status-0}" 2
}

# Neither Redis nor the FHIR server is there yet: the worker waits for them.
start_before_the_others() {
  by_the_readme 2 >started 2>&1 || { cat started >&2; return 1; }
  wait_for "the worker's HTTP server" answers /healthz 200
  is "without Redis and FHIR server: /healthz, /readyz" "$(status_of /healthz) $(status_of /readyz)" "200 503"
  redis-server --port 6379 --bind 127.0.0.1 --save '' --appendonly yes >redis.log 2>&1 </dev/null &
  children+=($!)
  "$sandbox" --port 8103 --port-file port --real-time --auth --client-secret secret --latency-ms 20 \
    --seed-patient f1dc --seed-patient long --members 2000 >fhir-sandbox.log 2>&1 </dev/null &
  children+=($!)
  wait_for "the FHIR server" test -s port
  wait_for "the worker to get ready" answers /readyz 200
  is "when both have come: /healthz, /readyz" "$(status_of /healthz) $(status_of /readyz)" "200 200"
}

run_jobs() {
  by_the_readme 3 >looked 2>&1 || { cat looked >&2; return 1; }
  right "members written by a job that was enqueued in the container" "$(redis-cli --raw HGET "$(job_key 0)" resourcesWritten)" 2001
  is "how it ended" "$(redis-cli --raw HGET "$(job_key 0)" state)" completed
}

look_at_the_process() {
  pid=$(docker inspect --format '{{.State.Pid}}' set-accounts)
  is "its process, and its number in the container" "$(<"/proc/$pid/comm") $(field NSpid | awk '{print $NF}')" "set-accounts 1"
  is "user and groups" "$(field Uid | cut -f 2) $(field Gid | cut -f 2)" "10001 10001"
  is "capabilities: permitted, effective, bounding" "$(field CapPrm) $(field CapEff) $(field CapBnd)" \
    "0000000000000000 0000000000000000 0000000000000000"
  is "no new privileges, seccomp's mode" "$(field NoNewPrivs) $(field Seccomp)" "1 2"
  is "the root file system" "$(awk '$5 == "/" {print substr($6, 1, 2)}' "/proc/$pid/mountinfo")" ro
  right "files that it has open for writing" "$(open_for_writing)" 0
  right "files that were changed or made in the container" "$(docker diff set-accounts | grep -cvE ' /(etc|run|proc|dev|sys)(/|$)' || true)" 0
  right "MiB of memory at the most, with a job of 2,001 resources" "$(($(field VmHWM | tr -dc 0-9) / 1024))" 40 MiB or less
}

# A child of somebody else's in the container, whose parent ends first, becomes PID 1's.
reap() {
  docker exec set-accounts bash -c '(sleep 0.2 &) ; exit 0'
  wait_for "the child to be adopted and to end" no_children
  right "zombies that PID 1 leaves" "$(children_of_pid1 | wc -l)" 0
}

stop_at_work() {
  local began
  redis-cli --raw XADD '{set-accounts}:inbox' '*' target Patient/long accounts Organization/00000000-0000-4000-8000-0000000000c1 \
    propagate true >/dev/null
  wait_for "a job to be at work" at_work
  began=$(now_ms)
  by_the_readme 4 >stopped 2>&1 || { cat stopped >&2; return 1; }
  right "ms from SIGTERM to its end, a job at work (--grace: 25 s)" "$(($(now_ms) - began))" 25000 ms or less
  is "exit code" "$(sed -n 2p stopped)" 0
  is "its job" "$(redis-cli --raw HMGET "$(job_key 0)" state attempt | paste -sd ' ')" "queued 0"
}

at_work() { (($(redis-cli --raw HGET "$(job_key 0)" resourcesWritten) > 50)); }
job_key() { echo "{set-accounts}:job:$(redis-cli --raw ZREVRANGE '{set-accounts}:jobs' "$1" "$1")"; }
field() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status"; }
now_ms() { date +%s%3N; }
status_of() { curl -sS -m 5 -o "$folder/answer" -w '%{http_code}' "http://127.0.0.1:8089$1" 2>/dev/null || true; }
answers() { [[ $(status_of "$1") == "$2" ]]; }

children_of_pid1() { ps -o pid=,stat=,comm= --ppid "$(docker inspect --format '{{.State.Pid}}' set-accounts)" || true; }
no_children() { [[ -z $(children_of_pid1) ]]; }

# Sockets, pipes and timers are no files.
open_for_writing() {
  local fd count=0
  for fd in "/proc/$pid"/fd/*; do
    [[ -f $fd && $(readlink "$fd") == /* ]] && ! grep -qE '^flags:[[:space:]]+0[0-7]*0$' "/proc/$pid/fdinfo/${fd##*/}" && ((++count))
  done
  echo "$count"
}

say() {
  printf '%-82s %14s  %s\n' "$1" "$2" "$3"
  [[ $3 == ok ]] || wrong=1
}

# is WHAT FOUND EXPECTED
is() { if [[ $2 == "$3" ]]; then say "$1" "$2" ok; else say "$1" "$2, not $3" WRONG; fi; }

# right WHAT FOUND EXPECTED [UNIT or less]
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
  docker logs --tail 20 set-accounts >&2 || true
  return 1
}

summary() {
  ((!wrong)) || { echo "not all is right" >&2; exit 1; }
}

clean_up_inside() {
  local status=$? child
  trap - EXIT
  docker rm --force --time 0 set-accounts >/dev/null 2>&1 || true
  for child in "${children[@]}"; do
    kill "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  done
  exit "$status"
}

clean_up() {
  local status=$?
  trap - EXIT
  docker umount --all >/dev/null 2>&1 || true
  rm -rf "$folder"
  exit "$status"
}

wrong=0
fhir=http://127.0.0.1:8103/fhir/R4
case ${1-} in
  --inside) inside ;;
  *) main "$@" ;;
esac
