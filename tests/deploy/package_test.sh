#!/usr/bin/env bash
# Makes the Debian package from what is built, and looks into it.
#   tests/deploy/package_test.sh CPACK-CONFIGURATION VERSION
#   tests/deploy/package_test.sh --lintian CPACK-CONFIGURATION
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
wrong=0

# make_package FOLDER: its path is on stdout. Times are not today's, as for the target deb.
make_package() {
  local log=$folder/cpack.log
  SOURCE_DATE_EPOCH=1700000000 cpack --config "$configuration" -B "$1" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
  echo "$1"/*.deb
}

skip_without() { command -v "$1" >/dev/null || { echo "skipped: $1 is not installed"; exit 77; }; }

contents() {
  cat <<'LINES'
drwx------ ./etc/set-accounts/credentials/
-rw-r--r-- ./etc/set-accounts/set-accounts.toml
-rw-r--r-- ./lib/systemd/system/set-accounts.service
-rwxr-xr-x ./usr/bin/set-accounts
-rw-r--r-- ./usr/share/bash-completion/completions/set-accounts
-rw-r--r-- ./usr/share/doc/set-accounts/README.md
-rw-r--r-- ./usr/share/doc/set-accounts/changelog.Debian.gz
-rw-r--r-- ./usr/share/doc/set-accounts/copyright
-rw-r--r-- ./usr/share/doc/set-accounts/deploy/README.md
-rw-r--r-- ./usr/share/doc/set-accounts/deploy/grafana/set-accounts.json
-rw-r--r-- ./usr/share/doc/set-accounts/deploy/prometheus/alerts.yaml
-rw-r--r-- ./usr/share/doc/set-accounts/deploy/prometheus/scrape.yaml
-rw-r--r-- ./usr/share/doc/set-accounts/queue/README.md
-rw-r--r-- ./usr/share/lintian/overrides/set-accounts
-rw-r--r-- ./usr/share/man/man1/set-accounts-cancel.1.gz
-rw-r--r-- ./usr/share/man/man1/set-accounts-check.1.gz
-rw-r--r-- ./usr/share/man/man1/set-accounts-enqueue.1.gz
-rw-r--r-- ./usr/share/man/man1/set-accounts-jobs.1.gz
-rw-r--r-- ./usr/share/man/man1/set-accounts-owed.1.gz
-rw-r--r-- ./usr/share/man/man1/set-accounts-pause.1.gz
-rw-r--r-- ./usr/share/man/man1/set-accounts-resume.1.gz
-rw-r--r-- ./usr/share/man/man1/set-accounts-retry.1.gz
-rw-r--r-- ./usr/share/man/man1/set-accounts-status.1.gz
-rw-r--r-- ./usr/share/man/man1/set-accounts-worker.1.gz
-rw-r--r-- ./usr/share/man/man1/set-accounts.1.gz
-rw-r--r-- ./usr/share/man/man5/set-accounts.toml.5.gz
LINES
}

# Folders are listed only where they are ours; everything is root's.
listed() {
  dpkg-deb -c "$1" | awk '$2 != "root/root" { print "not of root: " $0 } $1 !~ /^drwxr-xr-x/ { print $1, $6 }' | LC_ALL=C sort -k 2
}

expect() {
  [[ $2 == *"$3"* ]] || { printf '%s: %s\n  should have: %s\n' "$1" "$2" "$3"; wrong=1; }
}

insides() {
  dpkg-deb --ctrl-tarfile "$1"
  dpkg-deb --fsys-tarfile "$1"
}

look_into() {
  local package again
  skip_without dpkg-shlibdeps
  package=$(make_package "$folder/once")
  diff <(contents | LC_ALL=C sort -k 2) <(listed "$package") || { echo "what is in the package is not what should be"; wrong=1; }
  expect version "$(dpkg-deb -f "$package" Version)" "$1-"
  expect "what it depends on" "$(dpkg-deb -f "$package" Depends)" "libssl3"
  expect recommendations "$(dpkg-deb -f "$package" Recommends)" "redis-server"
  expect conffiles "$(dpkg-deb --ctrl-tarfile "$package" | tar -xO ./conffiles)" "/etc/set-accounts/set-accounts.toml"
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$folder" ./usr/bin/set-accounts
  expect "the program says" "$("$folder/usr/bin/set-accounts" --version)" "set-accounts $1"
  again=$(umask 077 && make_package "$folder/again")
  cmp <(insides "$package") <(insides "$again") || { echo "the same sources gave another package"; wrong=1; }
}

ask_lintian() {
  skip_without dpkg-shlibdeps
  skip_without lintian
  lintian --allow-root --fail-on error,warning "$(make_package "$folder/once")" || wrong=1
}

if [[ $1 == --lintian ]]; then
  configuration=$2
  ask_lintian
else
  configuration=$1
  look_into "$2"
fi
exit "$wrong"
