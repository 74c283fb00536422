#!/usr/bin/env bash
# The whole job by the worker, by the bare client that is its limit, and by peers, in one table of ratios; in under five
# minutes. With --growth the second table: how time and memory grow, and what --concurrency gives.
#   tests/bench/run.sh [--growth] [--rounds N]
# As root it installs what the peers need (golang-go, libcurl4-openssl-dev, nodejs and npm by apt-get, undici by npm
# below build/bench); else, or where that fails, it leaves them out and says so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

peers=tests/bench/whole_job/peers
place=build/bench
arguments=("$@")
mkdir -p "$place"

has_package() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# A program that is there already, from wherever, needs no package.
missing=()
command -v go >/dev/null || missing+=(golang-go)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
has_package libcurl4-openssl-dev || missing+=(libcurl4-openssl-dev)
wants_peers=true
[[ " $* " == *" --growth "* ]] && wants_peers=false

if $wants_peers && ((${#missing[@]})) && ((EUID == 0)) && command -v apt-get >/dev/null; then
  echo "installing for the peers: ${missing[*]}"
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
    >"$place/apt.log" 2>&1 || echo "apt-get failed: $place/apt.log"
fi

cmake --preset release >"$place/build.log"
cmake --build --preset release --target whole-job-figures set-accounts >>"$place/build.log"

# Adds a peer, or says why it is left out.
add() { arguments+=("$1" "$2=$3"); }
leave_out() { echo "left out: $1 ($2)"; }

if $wants_peers; then
  if cmake --build --preset release --target curl-client >>"$place/build.log" 2>&1; then
    add --peer "libcurl multi" build/release/tests/bench/whole_job/curl-client
  else
    leave_out "libcurl multi" "no libcurl4-openssl-dev"
  fi
  if GOCACHE="$PWD/$place/go-cache" GO111MODULE=off go build -o "$place/go-client" "$peers/net_http.go" 2>"$place/go.log"; then
    add --peer "Go net/http" "env GOMAXPROCS=1 $place/go-client"
  else
    leave_out "Go net/http" "$place/go.log"
  fi
  if command -v node >/dev/null; then
    if [[ -d $place/node_modules/undici ]] || npm install --prefix "$place" --no-audit --no-fund undici@6 >"$place/npm.log" 2>&1; then
      add --peer "Node undici" "env UNDICI=$PWD/$place node $peers/undici.mjs"
    else
      leave_out "Node undici" "$place/npm.log"
    fi
    add --one-at-a-time "Node fetch, one at a time" "node $peers/one_at_a_time.mjs"
  else
    leave_out "Node undici and fetch" "no node"
  fi
fi

exec build/release/tests/bench/whole_job/whole-job-figures "${arguments[@]}"
