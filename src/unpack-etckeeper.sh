#!/usr/bin/env bash
# Fetches etckeeper's package, unpacks it and prints the directory it is in. It is not installed: etckeeper's hooks would commit
# the /etc of this machine at every installation of a package.
#
# usage: bash src/unpack-etckeeper.sh [DIRECTORY]
#
# DIRECTORY is where it goes and stays (default: ~/.cache/etcsync-tests/etckeeper).
# ETCSYNC_TEST_ETCKEEPER names a tree that is unpacked already (with etc/etckeeper and usr/bin/etckeeper in it).
set -euo pipefail

script=etc/etckeeper/pre-commit.d/30store-metadata

fail() {
  printf 'unpack-etckeeper.sh: %s\n' "$@" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; elif [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
}

# Both leave the package in the current directory and unpack it to ./tree. All that they say goes to standard error.
from_debian() {
  if ! apt-cache show etckeeper >/dev/null 2>&1; then
    echo "The lists of packages are missing; they are fetched first (apt-get update)."
    as_root apt-get -q update
  fi
  # Root would first try as a user who may not write here, and say so.
  local options=()
  if [ "$(id -u)" -eq 0 ]; then options=(-o APT::Sandbox::User=root); fi
  apt-get -q "${options[@]}" download etckeeper \
    || { as_root apt-get -q update && apt-get -q "${options[@]}" download etckeeper; }
  dpkg -x etckeeper_*.deb tree
}

from_arch() {
  compgen -G '/var/lib/pacman/sync/*.db' >/dev/null || as_root pacman -Sy --noconfirm
  # -dd: the package alone.
  as_root pacman -Swdd --noconfirm --cachedir . etckeeper
  bsdtar -xf etckeeper-*.pkg.tar.zst -C tree
}

if [ -n "${ETCSYNC_TEST_ETCKEEPER:-}" ]; then
  [ -f "$ETCSYNC_TEST_ETCKEEPER/$script" ] \
    || fail "ETCSYNC_TEST_ETCKEEPER is $ETCSYNC_TEST_ETCKEEPER, but there is no $script in it."
  echo "$ETCSYNC_TEST_ETCKEEPER"
  exit 0
fi

cache=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/etcsync-tests/etckeeper}
mkdir -p "$(dirname "$cache")"
cache=$(cd "$(dirname "$cache")" && pwd)/$(basename "$cache")
if [ -f "$cache/$script" ]; then
  echo "$cache"
  exit 0
fi

# Not in the cache: pacman downloads as a user who may not be let into somebody's home.
work=$(mktemp -d "${TMPDIR:-/tmp}/etcsync-etckeeper.XXXXXX")
trap 'rm -rf "$work" || as_root rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
mkdir tree
echo "Fetching etckeeper's package (unpacked to $cache, not installed)." >&2
if has apt-get && has dpkg; then
  from_debian >&2
elif has pacman && has bsdtar; then
  from_arch >&2
else
  fail "etckeeper's package can be fetched with apt-get and dpkg, or with pacman and bsdtar, and neither is here." \
    "Unpack it somewhere by other means and set ETCSYNC_TEST_ETCKEEPER to that directory."
fi

[ -f "tree/$script" ] || fail "The package that was fetched has no $script in it."
# Complete before it has its name, so that two runs at once do not see half of it.
staged=$(mktemp -d "$cache.XXXXXX")
cp -R tree/. "$staged"
chmod 755 "$staged"
if ! mv -T "$staged" "$cache" 2>/dev/null; then
  rm -rf "$staged"
  [ -f "$cache/$script" ] || fail "Could not put etckeeper into $cache. Remove what is there and run again."
fi
echo "$cache"
