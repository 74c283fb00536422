#!/usr/bin/env bash
# Who may know whom: holds every folder's lines against the architecture and prints those that break it.
#   tests/architecture_test.sh [TREE]       the tree this stands in, or another
#   tests/architecture_test.sh --violated   breaks each rule, one at a time, and fails if one goes unnoticed
set -euo pipefail

own_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
keys='(inbox|job:|ready|scheduled|running|line:|finished|workers|wake|owed:|stats|events|batch:)'

# What a step of the machine's clock would move. (Log lines get their time from spdlog; the record's times are Redis'.)
wall_clocks='system_clock|utc_clock|file_clock|high_resolution_clock|gettimeofday|CLOCK_REALTIME|localtime|gmtime|[^_[:alnum:]]time\((nullptr|NULL|0|&)'

check() {
  cd "$1"
  broken=0
  forbid "config knows no other folder" "$(includes '(queue|fhir|worker|tests|sandbox)/')" config
  forbid "config knows the standard library and CLI11, nothing else" \
    "$(includes '(boost|hiredis|rapidjson|openssl|spdlog|fmt)/')" config
  forbid "queue knows neither fhir nor worker" "$(includes '(fhir|worker|tests|sandbox)/')" queue
  forbid "fhir knows neither queue nor worker" "$(includes '(queue|worker|tests|sandbox)/')" fhir
  forbid "worker knows no test" "$(includes '(tests|sandbox)/')" worker
  forbid "worker asks the FHIR server through fhir/client only" \
    "$(includes '(boost/beast|fhir/http_)')" worker --but '^worker/http/'
  forbid "worker's own server is no client" 'response_parser|request_serializer|async_connect' worker/http
  forbid "worker names no key of the queue" "\"[^\" ]*:$keys" worker
  forbid "no wall clock decides anything" "$wall_clocks" queue worker --but '^worker/(cli/record_text\.cc:.*localtime_r|http/date\.cc:)'
  forbid "hiredis stands in one file" "$(includes 'hiredis/')" config queue fhir worker tests \
    --but '^queue/redis_protocol\.cc:'
  forbid "only worker logs" "$(includes 'spdlog/')" config queue fhir
  forbid "the sandbox shares no code with what it checks" "$(includes '(config|queue|fhir|worker)/')" tests/sandbox
  return $broken
}

includes() { printf '#[[:space:]]*include[[:space:]]*[<"]%s' "$1"; }

# forbid SENTENCE PATTERN FOLDER… [--but ALLOWED]: ALLOWED matches the beginning of file:line:text.
forbid() {
  local sentence=$1 pattern=$2 folders=() allowed='^$' lines
  shift 2
  while (($#)); do
    case $1 in
      --but) allowed=$2; shift 2 ;;
      *) [[ -d $1 ]] && folders+=("$1"); shift ;;
    esac
  done
  ((${#folders[@]})) || return 0
  lines=$(grep -rnE --include='*.cc' --include='*.h' -e "$pattern" "${folders[@]}" | grep -vE "$allowed" || true)
  [[ -n $lines ]] || return 0
  printf 'broken: %s\n%s\n' "$sentence" "$lines"
  broken=1
}

# The rule that must notice it | the file | the only line in it.
violations() {
  cat <<'LINES'
config knows no other folder|config/a.h|#include "queue/job.h"
config knows the standard library and CLI11, nothing else|config/a.cc|#include <boost/asio/io_context.hpp>
queue knows neither fhir nor worker|queue/a.cc|#include "fhir/client.h"
queue knows neither fhir nor worker|queue/a.h|  #  include "worker/log.h"
fhir knows neither queue nor worker|fhir/a.cc|#include "queue/job.h"
fhir knows neither queue nor worker|fhir/a.cc|#include <worker/progress.h>
worker knows no test|worker/a.cc|#include "sandbox/world.h"
worker asks the FHIR server through fhir/client only|worker/a.cc|#include <boost/beast/http/write.hpp>
worker asks the FHIR server through fhir/client only|worker/cli/a.cc|#include "fhir/http_pool.h"
worker's own server is no client|worker/http/a.cc|co_await socket.async_connect(endpoint);
worker names no key of the queue|worker/cli/a.cc|const std::string key = "{set-accounts}:inbox";
worker names no key of the queue|worker/a.cc|const auto key = prefix_ + ":job:" + id;
no wall clock decides anything|queue/a.cc|const auto now = std::chrono::system_clock::now();
no wall clock decides anything|worker/a.cc|const std::time_t now = std::time(nullptr);
no wall clock decides anything|worker/cli/record_text.cc|gettimeofday(&now, nullptr);
hiredis stands in one file|queue/redis_client.cc|#include <hiredis/read.h>
hiredis stands in one file|worker/a.cc|#include <hiredis/hiredis.h>
only worker logs|fhir/a.cc|#include <spdlog/spdlog.h>
the sandbox shares no code with what it checks|tests/sandbox/a.cc|#include "fhir/accounts.h"
LINES
}

check_each_violation() {
  local sentence file line noticed unnoticed=0
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  while IFS='|' read -r sentence file line; do
    rm -rf "$folder/tree"
    mkdir -p "$folder/tree/$(dirname "$file")"
    printf '%s\n' "$line" >"$folder/tree/$file"
    noticed=$(check "$folder/tree") && noticed=""
    [[ $noticed == "broken: $sentence"* ]] && continue
    echo "not noticed: $sentence: $file: $line"
    unnoticed=1
  done < <(violations)
  return $unnoticed
}

case ${1-} in
  --violated) check_each_violation ;;
  *)
    tree=${1-$own_tree}
    for folder in config queue fhir worker tests/sandbox; do
      [[ -d $tree/$folder ]] || { echo "$tree has no folder $folder: nothing to check there" >&2; exit 1; }
    done
    check "$tree"
    ;;
esac
