#!/usr/bin/env bash
# Asks systemd-analyze what is wrong with the unit, and how much of the system it leaves open.
#   tests/deploy/unit_test.sh UNIT PROGRAM
set -euo pipefail

unit=$1
program=$2
command -v systemd-analyze >/dev/null || { echo "skipped: systemd is not installed"; exit 77; }
most=1.5
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
wrong=0

# The program is not installed here, nor are its man pages.
copy=$folder/set-accounts.service
sed "s|^ExecStart=/usr/bin/set-accounts|ExecStart=$program|" "$unit" >"$copy"
grep -qF "ExecStart=$program worker" "$copy" || { echo "the unit starts something else"; wrong=1; }
said=$(systemd-analyze verify --man=no "$copy" 2>&1) || wrong=1
[[ -z $said ]] || { printf '%s\n' "$said"; wrong=1; }

exposure=$(systemd-analyze security --offline=true --no-pager "$copy" 2>/dev/null |
  sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p')
echo "exposure: $exposure, at most $most"
awk -v is="$exposure" -v most="$most" 'BEGIN { exit !(is != "" && is <= most) }' || wrong=1

setting() { grep -qx "$1" "$unit" || { echo "the unit has no line $1"; wrong=1; }; }
setting 'Type=notify'
setting 'NotifyAccess=main'
setting 'WatchdogSec=30s'
setting 'KillMode=mixed'
setting 'TimeoutStartSec=infinity'
setting 'RestartPreventExitStatus=2'
setting 'DynamicUser=yes'

# A credential whose file is missing would keep the service from starting, unless a blank stands in for it.
while read -r name; do
  setting "SetCredential=$name:\\\\n"
done < <(sed -n 's/^LoadCredential=\([^:]*\):.*/\1/p' "$unit")
exit "$wrong"
