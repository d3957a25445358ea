#!/usr/bin/env bash
# Installs the packages that building, testing and running EtcSync need and that are missing here: git, libgit2, ssh-keygen and
# perl. Says what and why before it does. The .NET SDK is checked for, never installed.
#
# usage: bash src/install-dependencies.sh
#
# Knows Debian, Ubuntu and what is made from them, and Arch. Elsewhere it lists what is missing and exits with 1.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# ldconfig is not in every user's path.
PATH=$PATH:/usr/sbin:/sbin

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# What of the system is asked for: the words of ID and ID_LIKE in /etc/os-release, the closest first.
distribution() {
  local release=${ETCSYNC_OS_RELEASE:-/etc/os-release} word
  [ -r "$release" ] || { echo unknown; return; }
  # shellcheck source=/dev/null
  for word in $(. "$release" && echo "${ID:-} ${ID_LIKE:-}"); do
    case $word in
      debian | ubuntu | arch) echo "$word"; return ;;
    esac
  done
  echo unknown
}

has() { command -v "$1" >/dev/null 2>&1; }

# The versions that src/EtcSync/Git/LibGit2.cs binds.
has_libgit2() {
  [ -n "${ETCSYNC_LIBGIT2:-}" ] && return 0
  has ldconfig || return 1
  # Read whole: a grep that stops early would end ldconfig with an error.
  [[ $(ldconfig -p) =~ libgit2\.so\.1\.[5-9] ]]
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif ! has sudo; then
    fail "This needs root, and there is no sudo. Run as root: $*"
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@" || fail "sudo cannot ask for a password here. Run first, where it can: sudo $*"
  fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@"; }

apt_knows() { apt-cache show "$1" >/dev/null 2>&1; }

# The names of what is missing, one a line: the package, then what it is for.
missing() {
  local libgit2=$1
  has git || echo "git      reads and writes repositories, in the tests and for maintenance"
  has_libgit2 || echo "$libgit2      reads and writes git's objects and references inside EtcSync"
  has ssh-keygen || echo "$2      ssh-keygen makes the host keys of new clients"
  has perl || echo "perl      the real etckeeper, which the tests compare with, needs it"
}

# The libgit2 that fits best: 1.7 is what LibGit2Sharp was built for.
debian_libgit2() {
  local version
  for version in 1.7 1.5 1.6 1.8 1.9; do
    if apt_knows "libgit2-$version"; then echo "libgit2-$version"; return; fi
  done
}

install_debian() {
  local libgit2 list packages=()
  list=$(missing libgit2 openssh-client)
  [ -n "$list" ] || return 0
  libgit2=$(debian_libgit2)
  if [ -z "$libgit2" ]; then
    echo "The lists of packages are missing; they are fetched first (apt-get update)."
    apt update
    libgit2=$(debian_libgit2)
  fi
  if [ -z "$libgit2" ] && ! has_libgit2; then
    fail "No package libgit2-1.5 to libgit2-1.9 is known here (Debian 12 has 1.5, Ubuntu 24.04 has 1.7, Debian 13 has 1.9)." \
      "Install libgit2 1.5 to 1.9 another way and name the library in ETCSYNC_LIBGIT2, for instance ETCSYNC_LIBGIT2=/opt/lib/libgit2.so.1.7."
  fi
  list=$(missing "$libgit2" openssh-client)
  announce "$list"
  mapfile -t packages < <(awk '{ print $1 }' <<<"$list")
  echo "Installing: apt-get install ${packages[*]}"
  if ! apt install -y --no-install-recommends "${packages[@]}"; then
    echo "That failed; the lists of packages may be old. Once more after apt-get update."
    apt update
    apt install -y --no-install-recommends "${packages[@]}"
  fi
}

install_arch() {
  local list packages=()
  list=$(missing libgit2 openssh)
  [ -n "$list" ] || return 0
  announce "$list"
  mapfile -t packages < <(awk '{ print $1 }' <<<"$list")
  # A list that is there is left as it is: newer lists with older packages are what breaks an Arch system.
  if ! compgen -G '/var/lib/pacman/sync/*.db' >/dev/null; then
    echo "There are no lists of packages; they are fetched first (pacman -Sy)."
    as_root pacman -Sy --noconfirm
  fi
  echo "Installing: pacman -S ${packages[*]}"
  as_root pacman -S --needed --noconfirm "${packages[@]}" \
    || fail "pacman could not install them. If its lists are old, bring the system up to date (pacman -Syu) and run again."
}

announce() {
  echo "EtcSync needs packages that are missing here:"
  local line
  while read -r line; do echo "  $line"; done <<<"$1"
}

check_packages() {
  local list
  list=$(missing libgit2 openssh)
  [ -z "$list" ] || fail "EtcSync needs programs that are missing here, and only Debian, Ubuntu and Arch are known to this script:" "$list" \
    "Install them (libgit2 in a version from 1.5 to 1.9) and run again."
}

check_sdk() {
  # In the project's directory, because global.json says there which version is needed.
  if has dotnet && (cd "$root" && dotnet --version >/dev/null 2>&1); then return; fi
  if has dotnet; then
    echo "The .NET SDK 10.0 is needed. Installed are: $(dotnet --list-sdks 2>/dev/null | awk '{ print $1 }' | paste -sd ' ')." >&2
  else
    echo "The .NET SDK 10.0 is needed, and there is no 'dotnet' in the path." >&2
  fi
  case $1 in
    ubuntu) echo "Install it: sudo apt-get install dotnet-sdk-10.0" >&2 ;;
    debian)
      # shellcheck source=/dev/null
      echo "Install it from Microsoft's packages:" \
        "wget https://packages.microsoft.com/config/debian/$(. /etc/os-release && echo "${VERSION_ID:-12}")/packages-microsoft-prod.deb" \
        "&& sudo dpkg -i packages-microsoft-prod.deb && sudo apt-get update && sudo apt-get install dotnet-sdk-10.0" >&2
      ;;
    arch) echo "Install it: sudo pacman -S dotnet-sdk" >&2 ;;
  esac
  fail "On any distribution, into your home directory: download https://dot.net/v1/dotnet-install.sh," \
    "run 'bash dotnet-install.sh --channel 10.0', and put ~/.dotnet in front of PATH."
}

system=$(distribution)
case $system in
  debian | ubuntu) install_debian ;;
  arch) install_arch ;;
  *) check_packages ;;
esac
check_sdk "$system"
