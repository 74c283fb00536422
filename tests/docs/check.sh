#!/usr/bin/env bash
# Holds the documents to it that each of their commands is run by somebody: every code block has a language; those of `sh` and of
# programs are run by run.sh, or stand in elsewhere.txt with the script that runs them, or why nobody does; JSON is JSON; each
# file that a text names is there.
#   tests/docs/check.sh [DOCUMENT…]   all of the repository unless named
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

here=tests/docs
wrong=0
documents=("$@")
((${#documents[@]})) || mapfile -t documents < <(find . -name '*.md' -not -path './build/*' -not -path './.*' | sed 's|^\./||' | sort)

complain() { echo "$*" >&2; wrong=1; }

check_document() {
  local file=$1 number line language first
  grep -qF -e "$file" "$here/CMakeLists.txt" || complain "$file: no test of $here/CMakeLists.txt runs it"
  while IFS=$'\t' read -r number line _ language first; do
    case $language in
      sh | text | yaml | toml | dockerfile | ini | mermaid) ;;
      json) awk -v want="$number" -f "$here/blocks.awk" "$file" | jq -e . >/dev/null || complain "$file:$line: no JSON" ;;
      python | javascript | go | java) [[ $first == *.* ]] || complain "$file:$line: names no file in its first line" ;;
      *) complain "$file:$line: a code block without a known language ($language): sh is run, text is not" ;;
    esac
  done < <(awk -f "$here/blocks.awk" "$file")
}

# Each file of ours that a text names is there. What the reader is to make himself is not.
check_names() {
  local name each
  while read -r name; do
    case $name in deploy/.env | deploy/secrets/ | *_) continue ;; esac
    for each in $(eval "echo $name"); do  # a{b,c}; there is nothing else in it than what grep lets through
      [[ -e $each ]] || complain "$1: there is no $each"
    done
  done < <(grep -oE '`(config|queue|fhir|worker|tests|deploy)/[A-Za-z0-9_./{},-]+' "$1" | tr -d '`' | sort -u)
}

# An entry that fits nothing any more, and a script that is not there or does not look for its section.
check_elsewhere() {
  local entry file first who
  while read -r entry; do
    [[ -n $entry && $entry != \#* ]] || continue
    file=${entry%%: *} who=${entry##* => }
    first=${entry#*: }
    first=${first% => *}
    case $first in
      '## '*) check_section "$file" "${first#* }" "$who" ;;
      *) check_block "$file" "$first" "$who" ;;
    esac
  done <"$here/elsewhere.txt"
}

check_section() {
  local section=${2%: *} blocks=${2##*: } found
  found=$(awk -f "$here/blocks.awk" "$1" | awk -F '\t' -v section="$section" '$3 == section && $4 == "sh"' | wc -l)
  ((found == blocks)) || complain "elsewhere.txt: $1's section $section has $found blocks, not $blocks: are all of them run?"
  grep -qF -e "$section" "$3" || complain "elsewhere.txt: $3 does not look for $1's section $section"
}

check_block() {
  awk -f "$here/blocks.awk" "$1" | cut -f 5 | grep -qxF -e "$2" ||
    complain "elsewhere.txt: $1 has no block that begins with: $2"
  [[ $3 == *' '* || -f $3 ]] || complain "elsewhere.txt: there is no script $3"
}

for document in "${documents[@]}"; do
  check_document "$document"
  check_names "$document"
done
check_elsewhere
exit "$wrong"
