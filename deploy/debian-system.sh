# A Debian 12 of its own with a real systemd as process 1, in namespaces of this machine: for scripts that source this.
# It has no network but its own loopback. Wants root, systemd-container and mmdebstrap.
# shellcheck shell=bash

# make_system FOLDER CACHE [FILE.deb…]: with the packages of Debian that those depend on or recommend at hand, not installed.
make_system() {
  local system=$1 cache=$2
  shift 2
  if [[ ! -s $cache ]]; then
    mkdir -p "$(dirname "$cache")"
    mmdebstrap --quiet --variant=apt --include=systemd,systemd-sysv,dbus,procps bookworm "$cache.part" --format=tar
    mv "$cache.part" "$cache"
  fi
  mkdir -p "$system"
  tar -C "$system" -xf "$cache"
  printf '127.0.0.1 localhost\n::1 localhost\n' >"$system/etc/hosts"
  (($#)) || return 0
  cp "$@" "$system/root/"
  cp /etc/resolv.conf "$system/etc/resolv.conf"
  chroot "$system" sh -c 'apt-get -q update && apt-get -q -y install --download-only /root/*.deb' >"$system/var/log/download" 2>&1 ||
    { tail -n 20 "$system/var/log/download" >&2; return 1; }
  rm "$system/etc/resolv.conf"
}

# boot_system FOLDER: sets system_pid and leader, that system's process 1 as seen from here.
boot_system() {
  local tries
  systemd-nspawn --quiet -D "$1" --boot --private-network --register=no --keep-unit --machine="set-accounts-$$" \
    </dev/null >"$1.console" 2>&1 &
  system_pid=$!
  for ((tries = 0; tries < 600; ++tries)); do
    leader=$(<"/proc/$system_pid/task/$system_pid/children") || break
    leader=${leader%% *}
    [[ -z $leader ]] || ! inside systemctl is-active --quiet multi-user.target 2>/dev/null || return 0
    sleep 0.1
  done
  echo "the system in $1 did not boot:" >&2
  tail -n 20 "$1.console" >&2
  return 1
}

# inside COMMAND…: as root, in that system.
inside() {
  nsenter --target "$leader" --mount --uts --ipc --net --pid --cgroup --root --wdns=/ \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# beside COMMAND…: a program of this machine, which shares that system's network.
beside() { nsenter --target "$leader" --net "$@"; }

stop_system() {
  local tries
  [[ -n ${leader-} ]] || return 0
  kill -RTMIN+4 "$leader" 2>/dev/null || true # systemd(1): power off
  for ((tries = 0; tries < 100; ++tries)); do
    kill -0 "$system_pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$leader" 2>/dev/null || true
  wait "$system_pid" 2>/dev/null || true
  leader=""
}
