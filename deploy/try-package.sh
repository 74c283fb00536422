#!/usr/bin/env bash
# Tries the Debian package as an operator would: in a fresh Debian 12 with a real systemd, by the very lines of
# deploy/README.md, against the sandbox FHIR server. One line a claim; exit status 0 only if all hold. As root, since it
# makes namespaces; some minutes. Nothing is left but build/release and the Debian that it keeps for the next time.
#   --package FILE  tries this package, and builds nothing (build/release/fhir-sandbox must be there)
#   --base FILE     where that Debian is kept, default ~/.cache/set-accounts/debian-12.tar
#   --shell         instead of trying: a shell in that Debian (or lines from stdin), the package at /tmp, and the
#                   sandbox at http://127.0.0.1:8103/fhir/R4 (client "client", secret "secret", Patient/f1dc)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source deploy/debian-system.sh

package=""
base=${XDG_CACHE_HOME:-$HOME/.cache}/set-accounts/debian-12.tar
only_shell=0
while (($#)); do
  case $1 in
    --package) package=$(realpath "$2"); shift ;;
    --base) base=$(realpath -m "$2"); shift ;;
    --shell) only_shell=1 ;;
    *) echo "usage: $0 [--package FILE] [--base FILE] [--shell]" >&2; exit 2 ;;
  esac
  shift
done
((EUID == 0)) || { echo "as root, please: it makes namespaces" >&2; exit 1; }

folder=$(mktemp -d)
system=$folder/debian
sandbox_pid=""
job=""
wrong=0
readonly inbox='{set-accounts}:inbox' clinic=Organization/00000000-0000-4000-8000-0000000000c1
readonly registry=Organization/00000000-0000-4000-8000-0000000000c2

main() {
  [[ -n $package ]] || build
  say "A Debian 12 of its own, with the package's dependencies at hand"
  make_system "$system" "$base" "$package"
  boot_system "$system"
  inside sh -c 'mv /root/*.deb /tmp' # there everybody may read it, as apt wants
  if ((only_shell)); then
    start_sandbox 20
    inside bash
    return
  fi
  look_at_the_package
  install_it
  start_before_the_others
  run_a_job
  look_at_its_walls
  reload_it
  hang_it
  stop_in_the_middle
  reboot_it
  upgrade_it
  encrypt_a_secret
  embed_redis
  remove_it
  finish
}

build() {
  say "The package"
  run_lines "Install on Debian" 1 here | tail -n 5
  package=$(realpath build/release/set-accounts_*.deb)
  cmake --build --preset release --target fhir-sandbox >/dev/null
}

look_at_the_package() {
  local found
  if command -v lintian >/dev/null; then
    found=$(lintian --allow-root "$package" || true)
    [[ -z $found ]] || printf '%s\n' "$found"
    claim "what lintian finds to be wrong or doubtful" "$(grep -c '^[EW]:' <<<"$found" || true)" -eq 0
  fi
}

install_it() {
  say "Install and set up"
  files_of_all >"$folder/before"
  packages >"$folder/packages-before"
  run_lines "Install on Debian" 2 | tail -n 3
  claim "packages installed" "$(inside dpkg -l set-accounts redis-server | grep -c '^ii')" -eq 2
  holds "installed, it is neither enabled nor started" test "$(is enabled) $(is active)" = "disabled inactive"
  run_lines "Install on Debian" 3
  inside systemctl stop redis-server
  printf secret | run_lines "Install on Debian" 4
}

start_before_the_others() {
  say "Start before Redis and the FHIR server are there"
  inside systemctl start --no-block set-accounts
  wait_until "it says what it waits for" 30 status_says 'Status:.*(Redis|FHIR)'
  shown | grep -E 'Active:|Status:' || true
  holds "it waits and was not started again" test "$(property NRestarts) $(is active)" = "0 activating"
  inside systemctl start redis-server
  start_sandbox 20
  timed wait_until "it is ready" 60 is_active
  claim "seconds from then until it was ready" "$seconds" -le 30
  shown | grep -E 'Active:|Status:' || true
  holds "set-accounts check finds all well" run_lines "Install on Debian" 5
  run_lines "Install on Debian" 6 | sed -n 1,4p
  holds "enabled and active" test "$(is enabled) $(is active)" = "enabled active"
}

run_a_job() {
  say "A job by redis-cli"
  run_lines "Install on Debian" 7 | tee "$folder/job"
  job=$(head -n 1 "$folder/job")
  wait_until "the job is done" 60 newest_job_is completed
  claim "resources that it brought in line" "$(newest_job resourcesUpdated)" -eq 601
}

look_at_its_walls() {
  say "What it may"
  local user exposure
  user=$(inside systemctl show -P UID set-accounts)
  user=$(inside stat -c %u "/proc/$(property MainPID)")
  claim "user id, one of systemd's dynamic ones" "$user" -ge 61184
  holds "there is no such user in /etc/passwd" test -z "$(inside grep set-accounts /etc/passwd || true)"
  exposure=$(inside systemd-analyze security --no-pager set-accounts | sed -n 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p')
  claim "tenths of exposure, by systemd-analyze security" "${exposure/./}" -le 15
  probe_from_inside
}

# What a shell could do that runs as the service does, right before it.
probe_from_inside() {
  local found
  inside mkdir -p /home/somebody /srv/data
  inside sh -c 'echo private >/home/somebody/file; echo private >/srv/data/file; chmod 640 /srv/data/file'
  inside tee /usr/local/bin/probe >/dev/null <<'END'
for file in /etc/shadow /etc/set-accounts/credentials/client-secret /root/.bashrc /home/somebody/file /srv/data/file \
  /var/lib/redis/dump.rdb /var/log/redis/redis-server.log /proc/1/environ; do
  [ -r $file ] && echo "reads $file"
done
for place in / /bin /boot /etc /etc/set-accounts /home /lib /opt /root /run /srv /usr /usr/bin /var /var/lib /var/log /proc/sys/kernel; do
  [ -w $place ] && echo "writes $place"
done
for program in /bin/ls /usr/bin/perl /usr/bin/redis-cli /usr/bin/apt; do
  $program --version >/dev/null 2>&1 && echo "runs $program"
done
[ -w /var/lib/set-accounts ] && echo "its state" && [ -r $CREDENTIALS_DIRECTORY/client-secret ] && echo "its secret"
true
END
  inside mkdir -p /run/systemd/system/set-accounts.service.d
  inside tee /run/systemd/system/set-accounts.service.d/probe.conf >/dev/null <<<$'[Service]\nExecStartPre=/bin/sh /usr/local/bin/probe'
  inside systemctl daemon-reload
  inside systemctl restart set-accounts
  inside rm -r /run/systemd/system/set-accounts.service.d /usr/local/bin/probe /home/somebody /srv/data
  inside systemctl daemon-reload
  found=$(inside journalctl -u set-accounts -o cat -n 60 | grep -E '^(reads|writes|runs|its) ' || true)
  grep -E '^(reads|writes|runs) ' <<<"$found" || true
  claim "files of others that it may read, of 8" "$(grep -c '^reads' <<<"$found" || true)" -eq 0
  claim "places of others that it may write, of 17" "$(grep -c '^writes' <<<"$found" || true)" -eq 0
  claim "programs of others that it may run, of 4" "$(grep -c '^runs' <<<"$found" || true)" -eq 0
  claim "of its state and its secret it may use" "$(grep -c '^its' <<<"$found" || true)" -eq 2
}

reload_it() {
  say "Reload"
  local before
  before=$(property MainPID)
  inside sh -c 'echo "log-level = \"debug\"" >>/etc/set-accounts/set-accounts.toml'
  inside systemctl reload set-accounts
  wait_until "the log says that the level changed" 30 journal_says 'log-level'
  holds "it took over the log level, as the same process" test "$(property MainPID)" = "$before"
  inside sed -i 's/^jobs = .*//; $ a jobs = "many"' /etc/set-accounts/set-accounts.toml
  inside systemctl reload set-accounts || true
  wait_until "the log says what is wrong with the file" 30 journal_says 'many'
  holds "a file that is wrong changes nothing" test "$(property MainPID) $(is active)" = "$before active"
  inside sed -i '/^jobs = /d; /^log-level/d' /etc/set-accounts/set-accounts.toml
  inside systemctl reload set-accounts
}

hang_it() {
  say "Watchdog: the main process is stopped (SIGSTOP) in the middle of a job"
  enqueue "$clinic,$registry"
  wait_until "the job writes" 60 newest_job_writes
  inside kill -STOP "$(property MainPID)"
  claim "resources it had written by then, as far as it said, of 601" "$(newest_job resourcesWritten)" -lt 601
  holds "its job was not done" newest_job_is running
  timed wait_until "systemd started it again" 60 was_restarted 1
  claim "seconds until it was killed and started again (watchdog: 30)" "$seconds" -le 35
  timed wait_until "the job is done" 60 newest_job_is completed
  claim "seconds from then until its job was done (lease: 15)" "$seconds" -le 45
  claim "attempts that the job used" "$(newest_job attempt)" -eq 1
}

stop_in_the_middle() {
  say "Stop in the middle of a job"
  enqueue "$clinic"
  wait_until "the job writes" 60 newest_job_writes
  timed inside systemctl stop set-accounts
  claim "seconds until it had stopped (grace: 25)" "$seconds" -le 45
  holds "it ended well" test "$(property Result) $(property ExecMainStatus)" = "success 0"
  holds "the job went back to the queue" test "$(newest_job state)" = queued
  inside systemctl start set-accounts
  wait_until "the job is done" 60 newest_job_is completed
  claim "attempts that the job used" "$(newest_job attempt)" -eq 1
}

reboot_it() {
  say "Reboot, while the FHIR server is away"
  stop_sandbox
  stop_system
  boot_system "$system"
  wait_until "it says what it waits for" 30 status_says 'Status:.*(no answer|FHIR)'
  holds "boot does not wait for it, and it waits" \
    test "$(inside systemctl is-active multi-user.target) $(is active)" = "active activating"
  start_sandbox 20
  wait_until "it is ready" 60 is_active
  holds "it is there again" is_active
}

upgrade_it() {
  say "Upgrade, while the FHIR server is away"
  local settings before newer=$folder/newer.deb
  settings=$(inside md5sum /etc/set-accounts/set-accounts.toml)
  before=$(property InvocationID)
  make_newer "$newer"
  inside tee /tmp/newer.deb <"$newer" >/dev/null
  stop_sandbox
  timed inside apt-get -q -y -o Dpkg::Options::=--force-confold install /tmp/newer.deb >"$folder/upgrade.log" 2>&1
  claim "seconds that apt took" "$seconds" -le 30
  holds "the new version is there" test "$(inside dpkg -s set-accounts | grep '^Version: ')" = "Version: 99.0.0-1"
  holds "the settings are as they were" test "$(inside md5sum /etc/set-accounts/set-accounts.toml)" = "$settings"
  wait_until "it was restarted" 60 invocation_is_not "$before"
  start_sandbox 20
  wait_until "it is ready" 60 is_active
  holds "it was restarted, is enabled and active" test "$(is enabled) $(is active)" = "enabled active"
}

encrypt_a_secret() {
  say "A secret that is encrypted on disk"
  run_lines "Run under systemd" 1
  wait_until "it is ready" 60 is_active
  holds "it logs in with it" journal_says 'client credentials'
  holds "set-accounts check is given it, too" run_lines "Run under systemd" 2
}

embed_redis() {
  say "The embedded Redis"
  local socket=/var/lib/set-accounts/redis.sock
  inside sed -i '/^redis-url/d' /etc/set-accounts/set-accounts.toml
  inside systemctl restart set-accounts
  run_lines "Run under systemd" 3 >"$folder/embedded"
  holds "root reaches it at its socket" grep -qx PONG "$folder/embedded"
  job=$(inside redis-cli -s "$socket" XADD "$inbox" '*' target Patient/f1dc accounts "$registry" propagate true)
  wait_until "the job is done" 60 inside sh -c "redis-cli -s $socket HGET '{set-accounts}:job:$job' state | grep -qx completed"
  inside systemctl kill --kill-who=main --signal=KILL set-accounts
  wait_until "it was started again" 60 is_active
  holds "killed and started again, it still has its jobs" \
    inside sh -c "redis-cli -s $socket HGET '{set-accounts}:job:$job' state | grep -qx completed"
}

remove_it() {
  say "Remove and purge"
  timed inside apt-get -q -y remove set-accounts >"$folder/remove.log" 2>&1
  claim "seconds that removing took" "$seconds" -le 45
  claim "processes of it that are left" "$(inside sh -c 'cat /proc/[0-9]*/comm 2>/dev/null | grep -c set-accounts || true')" -eq 0
  holds "the settings are still there" inside test -s /etc/set-accounts/set-accounts.toml
  inside rm -r /etc/systemd/system/set-accounts.service.d # what the operator made, the operator takes away
  # Its state once more as a folder, as it is where an operator gave the service a user of its own.
  inside sh -c 'rm /var/lib/set-accounts && cp -a /var/lib/private/set-accounts /var/lib/set-accounts'
  inside apt-get -q -y purge set-accounts >"$folder/purge.log" 2>&1
  # What came along goes too, so that every file that is left is of the package.
  packages | comm -13 "$folder/packages-before" - | purge_all >>"$folder/purge.log" 2>&1
  files_of_all >"$folder/after"
  comm -13 "$folder/before" "$folder/after" >"$folder/left"
  head -n 20 "$folder/left"
  claim "files that are left of it" "$(grep -c . "$folder/left" || true)" -eq 0
}

packages() { inside dpkg -l | awk '/^ii/ { print $2 }' | LC_ALL=C sort; }
purge_all() {
  local came
  mapfile -t came
  inside apt-get -q -y purge "${came[@]}"
}

# The package as its next version would be: another number, and a changed configuration file.
make_newer() {
  local tree=$folder/newer
  dpkg-deb -R "$package" "$tree"
  sed -i 's/^Version: .*/Version: 99.0.0-1/' "$tree/DEBIAN/control"
  echo "# A line that the older one had not." >>"$tree/etc/set-accounts/set-accounts.toml"
  dpkg-deb --root-owner-group -b "$tree" "$1" >/dev/null
}

# What does not come and go by itself. /var/lib/private is systemd's own, and stays once a service had its state there.
files_of_all() {
  find "$system" -xdev -printf '/%P\n' |
    grep -vE '^/(dev|proc|run|sys|tmp|root|var/(log|cache|tmp)|var/lib/(apt|dpkg|private$|systemd))(/|$)|-$' |
    LC_ALL=C sort
}

# run_lines SECTION N [here]: the Nth block of commands there, in that Debian or here. Sets what only the operator knows.
run_lines() {
  local lines
  lines=$(awk -v section="## $1" -v wanted="$2" '
    /^## / { here = $0 == section }
    /^```$/ { inside = 0 }
    inside && n == wanted
    here && /^```sh$/ { inside = 1; ++n }' deploy/README.md |
    sed "s|https://api.example.org/fhir/R4|http://127.0.0.1:8103/fhir/R4|; s|CLIENT-ID|client|; s|^apt-get update$|true|
      s|^apt-get install|apt-get -q -y install|; s|Organization/a|$clinic|")
  [[ -n $lines ]] || { echo "deploy/README.md has no block $2 of commands under '$1'" >&2; exit 1; }
  printf '%s\n' "$lines" | sed 's/^/$ /' >&2
  if [[ ${3-} == here ]]; then
    bash -euo pipefail -c "$lines" 2>&1
  else
    inside env SET_ACCOUNTS_CONFIG=/etc/set-accounts/set-accounts.toml bash -euo pipefail -c "$lines" 2>&1
  fi
}

# start_sandbox LATENCY-MS: a FHIR server that this Debian reaches at its own loopback address. Not by `beside`: a function in
# the background is a shell of its own, and the server would outlive it.
start_sandbox() {
  nsenter --target "$leader" --net build/release/fhir-sandbox --port 8103 --real-time --auth --client-id client --client-secret secret \
    --seed-patient f1dc --members 600 --latency-ms "$1" >"$folder/sandbox.log" 2>&1 &
  sandbox_pid=$!
}

stop_sandbox() {
  [[ -n $sandbox_pid ]] || return 0
  kill "$sandbox_pid" 2>/dev/null || true
  wait "$sandbox_pid" 2>/dev/null || true
  sandbox_pid=""
}

# For what is to be caught in the middle of a job: every request takes its time.
enqueue() {
  stop_sandbox
  start_sandbox 300
  wait_until "the FHIR server" 30 beside bash -c 'exec 3<>/dev/tcp/127.0.0.1/8103'
  job=$(inside redis-cli XADD "$inbox" '*' target Patient/f1dc accounts "$1" propagate true)
}

newest_job() { inside redis-cli HGET "{set-accounts}:job:$job" "$1"; }
newest_job_is() { [[ $(newest_job state) == "$1" ]]; }
newest_job_writes() { (($(newest_job resourcesWritten) > 0)) && newest_job_is running; }

property() { inside systemctl show --value -p "$1" set-accounts; }
is() { inside systemctl "is-$1" set-accounts || true; }
is_active() { [[ $(is active) == active ]]; }
was_restarted() { (($(property NRestarts) >= $1)) && is_active; }
invocation_is_not() { [[ -n $(property InvocationID) && $(property InvocationID) != "$1" ]]; }
shown() { inside systemctl status --no-pager --full set-accounts || true; }
status_says() { grep -qE "$1" <<<"$(shown)"; }
journal_says() { grep -q "$1" <<<"$(inside journalctl -u set-accounts -o cat -n 60)"; }

say() { printf '\n== %s\n' "$*"; }

# claim WHAT FIGURE COMPARISON BOUND
claim() {
  local verdict=ok
  test "$2" "$3" "$4" 2>/dev/null || { verdict=WRONG; wrong=1; }
  printf '%-80s %6s  %s\n' "$1" "$2" "$verdict"
}

# holds WHAT COMMAND…
holds() {
  local what=$1 verdict=ok
  shift
  "$@" || { verdict=WRONG; wrong=1; }
  printf '%-80s %6s  %s\n' "$what" "" "$verdict"
}

timed() {
  local began=$SECONDS
  "$@"
  seconds=$((SECONDS - began))
}

# wait_until WHAT SECONDS COMMAND…: at most so long; then it is an end of all.
wait_until() {
  local what=$1 until=$((SECONDS + $2))
  shift 2
  while ((SECONDS <= until)); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  echo "WRONG: in vain waited until $what" >&2
  shown >&2
  inside journalctl -u set-accounts -o cat -n 30 >&2 || true
  exit 1
}

finish() {
  ((!wrong)) || { printf '\nSomething is WRONG, see above.\n'; exit 1; }
  say "All of it holds."
}

clean_up() {
  local status=$?
  trap - EXIT
  stop_sandbox
  stop_system
  rm -rf "$folder"
  exit "$status"
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
main
