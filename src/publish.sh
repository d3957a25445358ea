#!/usr/bin/env bash
# Builds the one executable, out/etcsync (it needs the .NET runtime 10.0 and libgit2 where it runs).
#
# usage: bash src/publish.sh [--install] [--prefix DIR]
#
# --install     also installs: DIR/bin/etcsync, the systemd unit (neither enabled nor started), and shell completion
# --prefix DIR  where to (default: /usr/local)
# DESTDIR       is put in front of every path, for making packages
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
prefix=/usr/local
install=no

fail() {
  printf 'publish.sh: %s\n' "$@" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    --install) install=yes ;;
    --prefix)
      [ $# -gt 1 ] || fail "--prefix needs a directory."
      prefix=$2
      shift
      ;;
    -h | --help)
      sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) fail "'$1' is not known. usage: bash src/publish.sh [--install] [--prefix DIR]" ;;
  esac
  shift
done
[[ $prefix == /* ]] || fail "The prefix '$prefix' is not an absolute path."

case $(uname -m) in
  x86_64) arguments=(-p:RestoreLockedMode=true) ;;
  aarch64) arguments=(-p:ExecutableRuntime=linux-arm64) ;;
  *) fail "EtcSync is built for x86_64 and aarch64, and this is $(uname -m)." ;;
esac

echo "Building $root/out/etcsync."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
dotnet publish "$root/src/EtcSync" -p:PublishProfile=executable -p:UseSharedCompilation=false "${arguments[@]}" -o "$root/out" --nologo -v quiet

[ "$install" = yes ] || exit 0

destination=${DESTDIR:-}
run=()
# Where the nearest directory that exists is ours, no more rights are needed.
existing=$destination$prefix
while [ ! -e "$existing" ]; do existing=$(dirname "$existing"); done
if [ ! -w "$existing" ]; then
  command -v sudo >/dev/null || fail "Installing to $destination$prefix needs root, and there is no sudo. Run this as root."
  run=(sudo)
fi

put() { # FILE MODE PATH
  "${run[@]}" install -D -m "$2" "$1" "$destination$3"
  echo "Installed $destination$3"
}

packaging=$root/src/EtcSync/Packaging
unit=$(mktemp)
trap 'rm -f "$unit"' EXIT
sed "s|^ExecStart=/usr/local/bin/|ExecStart=$prefix/bin/|" "$packaging/etcsync.service" >"$unit"
put "$root/out/etcsync" 755 "$prefix/bin/etcsync"
put "$unit" 644 "$prefix/lib/systemd/system/etcsync.service"
put "$packaging/completion.bash" 644 "$prefix/share/bash-completion/completions/etcsync"
put "$packaging/completion.zsh" 644 "$prefix/share/zsh/site-functions/_etcsync"
put "$packaging/completion.fish" 644 "$prefix/share/fish/vendor_completions.d/etcsync.fish"

if [ -z "$destination" ] && [ -d /run/systemd/system ]; then
  "${run[@]}" systemctl daemon-reload
  echo "Next: 'etcsync init' writes the configuration; then 'systemctl enable --now etcsync' starts the controller."
fi
