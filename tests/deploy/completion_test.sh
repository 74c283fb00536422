#!/usr/bin/env bash
# Types beginnings of command lines, as a person would before pressing Tab, and looks at what bash would offer.
#   tests/deploy/completion_test.sh SCRIPT
set -euo pipefail

script=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
touch secret-file 'with blank'
wrong=0

# offered WORD…: the last of them is what the cursor stands behind. A bash of its own answers, a word a line.
offered() {
  bash --norc -c '
    compopt() { :; }
    source "$1"
    shift
    COMP_WORDS=(set-accounts "$@")
    COMP_CWORD=$#
    _set_accounts
    (( ! ${#COMPREPLY[@]} )) || printf "%s\n" "${COMPREPLY[@]}"' _ "$script" "$@" | sort | paste -sd ' '
}

# offers EXPECTED WORD…
offers() {
  local expected=$1 found
  shift
  found=$(offered "$@")
  [[ $found == "$expected" ]] && return
  printf 'set-accounts %s<Tab>\n  offers:    %s\n  should be: %s\n' "$*" "$found" "$expected"
  wrong=1
}

offers "--help --version -h cancel check enqueue jobs owed pause resume retry status worker" ""
offers "worker" w
offers "resume retry" re
offers "--help --version" --
offers "--page-size --public-url" worker --p
offers "--priority --propagate" enqueue Patient/f1dc --p
offers "debug error info warning" worker --log-level ""
offers "json text" worker --log-format ""
offers "full none" enqueue --verify ""
offers "full none" worker --verify ""
offers "cancelled completed" jobs --state c
offers "cancelled completed failed queued running scheduled" jobs --state ""
offers "failed" jobs --state = f
offers "secret-file" worker --client-secret-file se
offers "with blank" check --config wi
offers "" worker --jobs ""
offers "--queue" cancel --q
offers "--batch" status --b

complete -p set-accounts >/dev/null 2>&1 && { echo "this shell knew the command before"; wrong=1; }
# shellcheck source=/dev/null
source "$script"
[[ $(complete -p set-accounts) == "complete -F _set_accounts set-accounts" ]] || { echo "nothing is registered"; wrong=1; }
exit "$wrong"
