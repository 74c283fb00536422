#!/usr/bin/env bash
# Holds what deploy/README.md says of troubles against the program and the alerts: every text in the first column of its tables
# stands in the code, every alert there is one, and every alert has its line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

wrong=0
complain() { echo "$*" >&2; wrong=1; }

# What the program may say: all its sources, with texts that are broken over lines joined.
code=$(mktemp)
trap 'rm -f "$code"' EXIT
find config queue fhir worker \( -name '*.cc' -o -name '*.h' -o -name '*.lua' \) -print0 | xargs -0 cat | tr '\n' ' ' |
  sed -E 's/" +"//g' >"$code"

# shellcheck disable=SC2016  # backquotes as they stand in the text
# The texts in backquotes of a table's first column, a line each.
texts_of() {
  awk -v section="### $1" '/^##/ { here = $0 == section } here && /^\| / && !/^\| (alert|the )/ { print $0 }' deploy/README.md |
    awk -F ' \\| ' '{ print substr($1, 3) }' | grep -oE '`[^`]+`' | tr -d '`'
}

count=0
# shellcheck disable=SC2016
while IFS= read -r text; do
  count=$((count + 1))
  grep -qF -e "$text" "$code" || complain "no source says: $text"
done < <(texts_of "Not ready, because"; texts_of 'A job failed, and its `error` says')

alerts=$(grep -oE 'alert: [A-Za-z]+' deploy/prometheus/alerts.yaml | cut -d ' ' -f 2 | sort)
in_table=$(texts_of "By alert" | sort)
[[ $alerts == "$in_table" ]] || complain "the alerts and their table differ: $(diff <(echo "$alerts") <(echo "$in_table") || true)"
((count > 40)) || complain "the tables were not found"
((wrong)) || echo "$count texts, $(wc -w <<<"$alerts") alerts"
exit "$wrong"
