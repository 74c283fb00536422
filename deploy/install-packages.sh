#!/usr/bin/env bash
# Installs what a bare Debian 12 lacks to build and run set-accounts; nothing if nothing is missing. As root, or by sudo.
#   --tests  also what the tests need: sanitizers, a symbolizer, openssl, Google Benchmark, Valgrind, promtool, curl, jq, Chromium,
#            redis-py, dpkg-dev, lintian, mandoc, systemd-analyze
#   --package  also what makes a Debian package, and what tries it in a Debian of its own
#   --lint   also clang-format and clang-tidy
# Nothing is left running: the services of the packages redis-server and prometheus are neither started nor enabled.
set -euo pipefail

wanted=(
  clang-19 lld-19 cmake ninja-build
  libboost1.81-dev libboost-url1.81-dev libcli11-dev libhiredis-dev libspdlog-dev libssl-dev rapidjson-dev
  prometheus-cpp-dev zlib1g-dev libgtest-dev
  redis-server redis-tools ca-certificates
)
arguments=("$@")
while (($#)); do
  case $1 in
    --tests) wanted+=(libclang-rt-19-dev llvm-19 openssl libbenchmark-dev valgrind prometheus curl jq chromium python3-redis
      dpkg-dev file binutils lintian mandoc systemd) ;;
    --package) wanted+=(dpkg-dev file binutils lintian mmdebstrap systemd-container) ;;
    --lint) wanted+=(clang-format-19 clang-tidy-19) ;;
    *) echo "usage: $0 [--tests] [--package] [--lint]" >&2; exit 2 ;;
  esac
  shift
done

missing_packages() {
  local package
  for package in "${wanted[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done
}

# Debian starts a package's service as it is installed, unless policy-rc.d forbids it.
forbid_services() {
  policy=/usr/sbin/policy-rc.d
  [[ -e $policy ]] && return
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
}

quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status)); then
    tail -n 30 "$log" >&2
    echo "failed: $*" >&2
  fi
  rm -f "$log"
  return "$status"
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "not Debian: nothing installed here; the build wants these, by Debian 12's names: ${wanted[*]}" >&2
  exit 0
fi

read -ra missing <<<"$(missing_packages | tr '\n' ' ')"
((${#missing[@]})) || exit 0

if ((EUID != 0)); then
  if ! command -v sudo >/dev/null || ! { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
    echo "these packages are missing and neither root nor sudo is at hand; install them as root, then run this again:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  exec sudo bash "$0" "${arguments[@]}"
fi

echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
patient=(-q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
forbid_services
quietly apt-get "${patient[@]}" update
quietly apt-get "${patient[@]}" install --no-install-recommends "${missing[@]}"
for service in redis-server prometheus; do
  if [[ " ${missing[*]} " == *" $service "* ]] && command -v systemctl >/dev/null; then
    systemctl disable --quiet "$service.service" 2>/dev/null || true
  fi
done
