#!/usr/bin/env bash
# Whether the image could be compiled: what the Dockerfile copies is in its context, and CMake reads nothing else.
#   tests/deploy/image/sources_test.sh TREE
set -euo pipefail
tree=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Of the first stage; the second copies from the first.
copied() { sed -nE '/^FROM .* AS compiled$/,/^FROM .*slim$/s/^COPY (.*)$/\1/p' "$tree/deploy/Dockerfile"; }

while read -ra words; do
  target=$folder/${words[-1]}
  for source in "${words[@]:0:${#words[@]}-1}"; do
    grep -qxF "!$source" "$tree/.dockerignore" || { echo ".dockerignore keeps $source out" >&2; exit 1; }
    mkdir -p "$target"
    if [[ -d $tree/$source ]]; then cp -r "$tree/$source/." "$target"; else cp "$tree/$source" "$target"; fi
  done
done < <(copied)

# The command of the Dockerfile, without building.
command=$(sed -nE 's/^RUN (cmake --preset release .*) \\$/\1/p' "$tree/deploy/Dockerfile")
[[ -n $command ]] || { echo "the Dockerfile does not configure" >&2; exit 1; }
cd "$folder"
bash -euc "$command" >configured 2>&1 || { tail -n 20 configured >&2; exit 1; }
