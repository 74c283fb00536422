#!/usr/bin/env bash
# Runs the commands of a document as they stand there, one block after the other in one shell, beside a worker, a Redis and
# the sandbox FHIR server. Where the text names an address or a file of the reader's, ours is put in its place.
#   tests/docs/run.sh BUILD FILE [--only SECTION | --without 'SECTION|SECTION…']
# Blocks of `sh` are run; those of a language are saved under the name in their first line, `# name.py` or `// name.mjs`,
# and what the document then runs is run. Blocks of elsewhere.txt are left out. Exit status 77: a tool is missing, which one
# is said.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
file=$2
which=all sections=""
(($# == 2)) || { which=${3#--} sections=$4; }
folder=$(mktemp -d)
children=()

main() {
  mkdir -p "$folder/reader" "$folder/bin"
  need curl jq redis-server redis-cli
  start_fhir_server
  start_redis
  start_worker
  collect
  [[ $which != only ]] || become_a_producer
  cd "$folder/reader"
  # As its own process: `set -e` of a reader's shell, and nothing of ours in it.
  local status=0
  bash -euo pipefail "$folder/lines.sh" 2>&1 | tee "$folder/said" || status=$?
  ((status != 77)) || exit 77
  ((!status)) || fail "$file: a command failed; the last block that was begun is it"
  echo "$(wc -l <"$folder/ran") blocks of $file"
  [[ $which == only ]] || look_for_what_it_should_say
}

# said.txt has, by document, what must have been printed.
look_for_what_it_should_say() {
  local text
  while IFS= read -r text; do
    grep -qF -e "$text" "$folder/said" || fail "$file: was not said: $text"
  done < <(sed -n "s|^$file: ||p" "$here/said.txt")
}

# The blocks that are run here, as one script; what is to be saved is saved.
collect() {
  local number line section language first
  : >"$folder/ran"
  while IFS=$'\t' read -r number line section language first; do
    is_wanted "$section" || continue
    ! runs_elsewhere "$section" "$first" || continue
    case $language in
      sh) add_lines "$number" "$line" ;;
      python | javascript | go | java) save "$number" "$first" ;;
      *) ;;
    esac
  done < <(awk -f "$here/blocks.awk" "$top/$file")
  [[ -s $folder/ran ]] || fail "$file has nothing to run"
}

is_wanted() {
  case $which in
    only) [[ $1 == "$sections" ]] ;;
    without) [[ ! $1 =~ ^($sections)$ ]] ;;
    *) true ;;
  esac
}

runs_elsewhere() { grep -qF -e "$file: ## $1: " -e "$file: $2 => " "$here/elsewhere.txt"; }

block() { awk -v want="$1" -f "$here/blocks.awk" "$top/$file"; }

add_lines() {
  local tool
  for tool in python3 npm go java promtool; do
    ! block "$1" | grep -qE "^$tool( |\$)" || need "$tool"
  done
  printf 'echo "== %s:%d"\n' "$file" "$2" >>"$folder/lines.sh"
  block "$1" | in_our_place >>"$folder/lines.sh"
  echo "$2" >>"$folder/ran"
}

# A fence of a language begins with the name of its file, as a comment.
save() {
  local name=${2##* }
  [[ $name == *.* ]] || fail "$file: this block names no file in its first line: $2"
  block "$1" >"$folder/reader/$name"
}

# Who the reader is, and where the things are that he has.
in_our_place() {
  sed -e "s|http://127\.0\.0\.1:8089|http://$OUR_WORKER|g" -e "s|https://worker\.example\.org:8089|http://$OUR_WORKER|g" \
    -e "s|https://api\.example\.org|http://$OUR_FHIR|g" -e "s|http://127\.0\.0\.1:8103|http://$OUR_FHIR|g" \
    -e "s|/etc/set-accounts/set-accounts.toml|$folder/set-accounts.toml|g" \
    -e "s|^npm install \\(.*\\)|. $here/node/install.sh '$build' \\1|"
}

start_fhir_server() {
  local patient patients=()
  for patient in f1dc 0a9b 77e2; do patients+=(--seed-patient "$patient"); done
  "$build/fhir-sandbox" --port-file "$folder/port" --real-time --auth --client-id ID --client-secret SECRET "${patients[@]}" \
    --members 30 --latency-ms 5 2>"$folder/fhir.log" &
  children+=($!)
  wait_for "the FHIR server" test -s "$folder/port"
  OUR_FHIR=127.0.0.1:$(<"$folder/port")
}

# At a port that nobody has; another one if somebody was quicker.
start_redis() {
  local tries
  for ((tries = 0; tries < 20; ++tries)); do
    port=$((RANDOM % 20000 + 30000))
    redis-server --port "$port" --bind 127.0.0.1 --dir "$folder" --appendonly yes --save '' >"$folder/redis.log" 2>&1 &
    local server=$!
    wait_for "Redis" answers_or_gave_up "$server"
    kill -0 "$server" 2>/dev/null || continue
    children+=("$server")
    export REDIS_URL=redis://127.0.0.1:$port OUR_REDIS=$port
    return
  done
  fail "no port for Redis"
}

answers_or_gave_up() { ! kill -0 "$1" 2>/dev/null || redis-cli -p "$port" ping; }

# The reader's commands: redis-cli and set-accounts as they are called there, with where ours are.
start_worker() {
  cat >"$folder/bin/redis-cli" <<END
#!/bin/sh
exec $(command -v redis-cli) -p $OUR_REDIS "\$@"
END
  cat >"$folder/bin/set-accounts" <<END
#!/bin/sh
exec $build/set-accounts "\$@"
END
  chmod +x "$folder/bin/redis-cli" "$folder/bin/set-accounts"
  printf %s SECRET >"$folder/reader/FILE"
  printf '%s\n' "fhir-url = \"http://$OUR_FHIR/fhir/R4\"" 'client-id = "ID"' "client-secret-file = \"$folder/reader/FILE\"" \
    >"$folder/set-accounts.toml"
  SET_ACCOUNTS_CLIENT_SECRET=SECRET "$build/set-accounts" worker --redis-url "$REDIS_URL" --fhir-url "http://$OUR_FHIR/fhir/R4" \
    --client-id ID --listen 127.0.0.1:0 --status-token-file "$folder/reader/FILE" --log-format text 2>"$folder/worker.log" &
  children+=($!)
  wait_for "the worker" is_ready
  OUR_WORKER=$(address)
  export OUR_WORKER CLIENT_ID=ID CLIENT_SECRET=SECRET SET_ACCOUNTS_REDIS_URL=$REDIS_URL PATH=$folder/bin:$PATH
}

# The examples of one language get by on the rights that the page says are enough.
become_a_producer() {
  awk -v want="$(awk -f "$here/blocks.awk" "$top/$file" | awk -F '\t' '$3 == "Who may" { print $1 }')" \
    -f "$here/blocks.awk" "$top/$file" | sed '/[^\\]$/q' >"$folder/user.sh"
  [[ $(bash "$folder/user.sh") == OK ]] || fail "$file: the producer's user cannot be made"
  REDIS_URL=redis://producer:PASSWORD@127.0.0.1:$OUR_REDIS
}

is_ready() { curl -fsS "http://$(address)/readyz"; }
address() { grep -om 1 'address=[^ ]*' "$folder/worker.log" | cut -d = -f 2; }

# Whoever has a second Python, without the package, gets Debian's.
need() {
  local tool
  python3 -c 'import redis' 2>/dev/null || { [[ ! -x /usr/bin/python3 ]] || ln -sf /usr/bin/python3 "$folder/bin/python3"; }
  for tool in "$@"; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
    case $tool in
      python3) PATH=$folder/bin:$PATH python3 -c 'import redis' 2>/dev/null || skip "python3 has no module redis (python3-redis)" ;;
      go) [[ -d ${GOPATH:-/usr/share/gocode}/src/github.com/gomodule/redigo ]] ||
        skip "go has no redigo (golang-github-gomodule-redigo-dev)" ;;
      npm) (($(node -p 'process.versions.node.split(".")[0]') >= 20)) || skip "node is older than 20" ;;
      java) (($(java -XshowSettings:properties -version 2>&1 | sed -n 's/.*java.specification.version = //p') >= 17)) ||
        skip "java is older than 17" ;;
      *) ;;
    esac
  done
}

# wait_for WHAT COMMAND…: at most a minute.
wait_for() {
  local what=$1 tries
  shift
  for ((tries = 0; tries < 1200; ++tries)); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.05
  done
  fail "in vain waited for $what"
}

skip() { echo "skipped: $1"; exit 77; }

fail() {
  echo "$1" >&2
  tail -n 20 "$folder"/*.log >&2 2>/dev/null || true
  exit 1
}

clean_up() {
  local status=$?
  ((${#children[@]} == 0)) || kill "${children[@]}" 2>/dev/null || true
  wait || true
  rm -rf "$folder"
  exit "$status"
}
trap clean_up EXIT
main
