# shellcheck shell=bash
# Read by a reader's shell in place of `npm install PACKAGE@VERSION`: the very packages of the lock file, installed once for
# this build folder. Without npm's registry the test is skipped, and says so.
#   . install.sh BUILD PACKAGE@VERSION
ours=$(dirname "${BASH_SOURCE[0]}")
store=$1/node_packages
jq -e --arg package "${2%@*}" --arg version "${2##*@}" '.dependencies[$package] == $version' "$ours/package.json" >/dev/null ||
  { echo "$2 is not what $ours/package.json has" >&2; exit 1; }
mkdir -p "$store"
exec 9>"$store/lock"
flock 9
if ! cmp -s "$ours/package-lock.json" "$store/installed"; then
  cp "$ours/package.json" "$ours/package-lock.json" "$store"
  if ! npm ci --prefix "$store" --no-audit --no-fund --ignore-scripts >"$store/npm.log" 2>&1; then
    cat "$store/npm.log"
    ! grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH' "$store/npm.log" ||
      { echo "skipped: npm's registry is not to be reached"; exit 77; }
    exit 1
  fi
  cp "$store/package-lock.json" "$store/installed"
fi
exec 9>&-
ln -s "$store/node_modules" node_modules
