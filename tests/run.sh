#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests. The last line says how it went: "N passed, N failed".
#
# usage: bash tests/run.sh [FILTER…]
#
# FILTER is a part of a test's name, or an expression of 'dotnet test --filter'; with several, tests that fit any of them run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
projects=(EtcSync.Core.Tests EtcSync.Tests EtcSync.EndToEnd)
passed=0
failed=0
skipped=0

summary() {
  local line="$passed passed, $failed failed"
  if [ "$skipped" -gt 0 ]; then line+=", $skipped skipped"; fi
  echo "$line"
}

# What ends early has failed: the last line must not look like success.
give_up() {
  failed=$((failed + 1))
  echo "$1" >&2
  summary
  exit 1
}

# Adds up what a project's runner counted. Skipped tests are those that were found but not executed.
count() { # TRX
  local counters total executed good
  # Anchored at the element: test output in the same file is escaped and cannot hold one.
  counters=$(grep -o '<Counters [^>]*>' "$1" | tail -n 1)
  [ -n "$counters" ] || return 1
  total=$(attribute total "$counters")
  executed=$(attribute executed "$counters")
  good=$(attribute passed "$counters")
  ran=$((ran + executed))
  passed=$((passed + good))
  skipped=$((skipped + total - executed))
  bad=$((bad + executed - good))
}

attribute() { # NAME ELEMENT
  local value
  value=$(sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2")
  echo "${value:-0}"
}

run_project() { # PROJECT
  local status=0 ran=0 bad=0 trx=$results/$1.trx
  echo "== $1"
  # A test that hangs ends its project after this time instead of the whole run never.
  dotnet test "$root/tests/$1" -c Release --no-build --nologo "${filter[@]}" \
    --blame-hang-timeout 20m --blame-hang-dump-type none \
    --results-directory "$results" --logger "trx;LogFileName=$1.trx" || status=$?
  if [ -f "$trx" ]; then count "$trx" || status=1; fi
  if [ "$bad" -eq 0 ] && [ "$status" -ne 0 ]; then
    echo "The tests of $1 ended with $status without a failed test: the test host crashed or did not start."
    bad=1
  elif [ "$ran" -eq 0 ] && [ ${#filter[@]} -eq 0 ]; then
    echo "No test of $1 ran."
    bad=1
  fi
  failed=$((failed + bad))
}

filter=()
if [ $# -gt 0 ]; then
  expression=$(printf '|%s' "$@")
  filter=(--filter "${expression:1}")
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# No server processes that outlive the run, and nothing of a git hook that may have started us.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_PREFIX

bash "$root/src/install-dependencies.sh" || give_up "Something that the tests need is missing; see above."
ETCSYNC_TEST_ETCKEEPER=$(bash "$root/src/unpack-etckeeper.sh") || give_up "etckeeper, which the tests compare with, could not be had; see above."
ETCSYNC_TEST_CHECKERS=$(bash "$root/tests/fixtures/checkers.sh" "${XDG_CACHE_HOME:-$HOME/.cache}/etcsync-tests/checkers") || give_up "visudo and sshd, which the tests run, could not be had; see above."
ETCSYNC_TEST_SERVER_PROGRAMS=$(bash "$root/tests/fixtures/server-programs.sh" "${XDG_CACHE_HOME:-$HOME/.cache}/etcsync-tests/server-programs") || give_up "dnsmasq, exportfs and what clients run, which the tests need, could not be had; see above."
export ETCSYNC_TEST_ETCKEEPER ETCSYNC_TEST_CHECKERS ETCSYNC_TEST_SERVER_PROGRAMS

echo "== Building"
dotnet restore "$root/EtcSync.sln" --locked-mode --nologo -v quiet || give_up "The packages could not be restored; no test ran."
dotnet build "$root/EtcSync.sln" -c Release --no-restore --nologo -v quiet -p:UseSharedCompilation=false || give_up "The build failed; no test ran."

for project in "${projects[@]}"; do run_project "$project"; done

if [ $((passed + failed)) -eq 0 ]; then echo "No test ran."; fi
summary
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
