#!/usr/bin/env bash
# Holds the man pages against what mandoc and groff know to be wrong.
#   tests/deploy/man_pages_test.sh FOLDER
set -euo pipefail
cd "$1"

readers=0
wrong=0
if command -v mandoc >/dev/null; then
  readers=1
  mandoc -T lint -W warning ./*.1 ./*.5 || wrong=1
fi
if command -v man >/dev/null && command -v groff >/dev/null; then
  readers=1
  for page in ./*.1 ./*.5; do
    said=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null) || wrong=1
    [[ -z $said ]] || { printf '%s: %s\n' "$page" "$said"; wrong=1; }
  done
fi
((readers)) || { echo "skipped: neither mandoc nor man is installed"; exit 77; }
exit "$wrong"
