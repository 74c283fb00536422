#!/usr/bin/env bash
# Builds the image and shows that it is as small and as harmless as is said, and that it works: as PID 1, without root,
# capabilities or a file system to write to, beside a Redis and a FHIR server, by the lines of deploy/README.md; then the
# same by deploy/compose.yaml. A line for each claim with its figure. Exit status 0 only if all hold; 77 if it cannot be
# tried here, and why.
#   deploy/try-image.sh [--program FILE] [--sandbox FILE] [--base TAR] [--pull]
#     --program  puts this program into the image; without it the image compiles one, as users' do: minutes
#     --base     keeps Debian's base there and takes it from there the next time; build/image/base.tar unless given
#     --pull     takes Debian's base from its registry instead of making one of Debian's packages
# As root. All that runs is in a network of its own, which reaches nothing; nothing is left behind but the base.
set -euo pipefail
tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$tree"
program="" sandbox="" base=$tree/build/image/base.tar pull=0
while (($#)); do
  case $1 in
    --program) program=$(realpath "${2?}"); shift 2 ;;
    --sandbox) sandbox=$(realpath "${2?}"); shift 2 ;;
    --base) base=${2?}; shift 2 ;;
    --pull) pull=1; shift ;;
    *) echo "usage: $0 [--program FILE] [--sandbox FILE] [--base TAR] [--pull]" >&2; exit 2 ;;
  esac
done
unset "${!SET_ACCOUNTS_@}"
wanted=(podman buildah crun mmdebstrap iproute2 procps curl jq redis-server)
wanted_by_compose=(podman-compose netavark aardvark-dns)

main() {
  need_tools
  folder=$(mktemp -d)
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # shellcheck source-path=SCRIPTDIR source=../tests/deploy/image/saying.sh
  source tests/deploy/image/saying.sh
  export folder tree sandbox
  make_docker
  [[ -n $sandbox ]] || build_sandbox
  get_base
  build_image
  apart tests/deploy/image/claims.sh || wrong=1
  try_compose || wrong=1
}

need_tools() {
  local tool
  ((EUID == 0)) || skip "this wants root"
  for tool in podman buildah crun mmdebstrap unshare ip ps curl jq redis-server redis-cli; do
    command -v "$tool" >/dev/null || skip "$tool is missing: apt-get install --no-install-recommends ${wanted[*]}"
  done
}

skip() {
  echo "skipped: $1" >&2
  exit 77
}

# `docker`, as the README's lines call it, and `podman`, as podman-compose does: Podman with images of its own, which are
# gone afterwards. Its limits on files and processes are what a machine allows that lets nobody raise them.
make_docker() {
  mkdir "$folder/bin"
  cat >"$folder/bin/podman" <<END
#!/usr/bin/env bash
set -euo pipefail
store=(--root "$folder/store" --runroot "$folder/run" --storage-driver overlay)
podman=("$(command -v podman)" "\${store[@]}" --cgroup-manager cgroupfs --network-config-dir "$folder/networks")
verb=\$1
shift
case \$verb in
  build) exec buildah "\${store[@]}" build --isolation chroot --network host --pull=never \${BUILD_CONTEXT-} "\$@" ;;
  run) exec "\${podman[@]}" run --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --read-only-tmpfs=false "\${@/%host-gateway/10.99.0.1}" ;;
  *) exec "\${podman[@]}" "\$verb" "\$@" ;;
esac
END
  chmod 755 "$folder/bin/podman"
  ln -s podman "$folder/bin/docker"
  printf '[network]\nnetwork_backend = "netavark"\n' >"$folder/containers.conf"
  PATH=$folder/bin:$PATH
}

build_sandbox() {
  bash deploy/install-packages.sh
  cmake --preset release >/dev/null
  cmake --build --preset release --target fhir-sandbox -- --quiet
  sandbox=$tree/build/release/fhir-sandbox
}

# Debian 12 without the documentation, as its slim image is; both stages begin with it.
get_base() {
  local slim=docker.io/library/debian:bookworm-slim full=docker.io/library/debian:bookworm
  local without=() path
  if ((pull)); then
    docker pull --quiet "$slim" >/dev/null
    docker pull --quiet "$full" >/dev/null
    return
  fi
  for path in doc man info locale; do without+=(--dpkgopt="path-exclude=/usr/share/$path/*"); done
  if [[ ! -s $base ]]; then
    mkdir -p "$(dirname "$base")"
    quietly "$folder/base.log" mmdebstrap --quiet --format=tar --variant=minbase "${without[@]}" bookworm "$base.new"
    mv "$base.new" "$base"
  fi
  docker import --quiet "$base" "$slim" >/dev/null
  docker tag "$slim" "$full"
}

build_image() {
  local began=$SECONDS how="compiled in it"
  if [[ -n $program ]]; then
    mkdir "$folder/program"
    cp "$program" "$folder/program/set-accounts"
    export BUILD_CONTEXT="--build-context compiled=$folder/program"
    how="of a program that was there"
  fi
  quietly "$folder/build.log" by_the_readme 1
  say "s that the image took to build, $how" $((SECONDS - began)) ok
}

try_compose() {
  local package
  for package in "${wanted_by_compose[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || {
      echo "compose.yaml is not tried: apt-get install --no-install-recommends ${wanted_by_compose[*]}"
      return
    }
  done
  # In the place of the image redis:7.2: Debian's Redis, with the same user and the same folder.
  mkdir "$folder/redis"
  printf '%s\n' 'FROM docker.io/library/debian:bookworm-slim' \
    'RUN apt-get update && apt-get install -y --no-install-recommends redis-server && mkdir /data && chown redis /data' \
    'WORKDIR /data' 'VOLUME /data' >"$folder/redis/Dockerfile"
  BUILD_CONTEXT="" quietly "$folder/redis.log" docker build -t docker.io/library/redis:7.2 "$folder/redis"
  docker tag localhost/set-accounts:0.1.0 docker.io/library/set-accounts:0.1.0
  CONTAINERS_CONF=$folder/containers.conf apart tests/deploy/image/compose.sh
}

# In a network and a mount namespace of its own. There crun does not meet a cgroup2 beside cgroups of version 1, which it
# does not bear.
apart() {
  # shellcheck disable=SC2016  # is expanded in there
  unshare --net --mount --fork --kill-child bash -c \
    '[[ ! -d /sys/fs/cgroup/unified ]] || umount /sys/fs/cgroup/unified; ip link set lo up; exec bash "$1"' bash "$tree/$1"
}

quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || { tail -n 30 "$log" >&2; return 1; }
}

clean_up() {
  local status=$?
  trap - EXIT
  rm -rf "$folder"
  exit "$status"
}

main
((!wrong))
