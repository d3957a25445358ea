#!/usr/bin/env bash
# Installs what is missing, builds EtcSync, and plays its main job in a sandbox directory: upstream, six clients, the server's files, a rollout,
# an override, drift, a merge by meaning, and a conflict that is settled once. Nothing outside the sandbox is touched.
#
# usage: bash src/demo.sh [OPTION…]     what 'etcsync demo --help' lists
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bash "$root/src/install-dependencies.sh"
# With the real etckeeper where it can be had; the demonstration knows what to do without it.
if etckeeper=$(bash "$root/src/unpack-etckeeper.sh"); then export ETCSYNC_ETCKEEPER=$etckeeper; fi
bash "$root/src/publish.sh"
exec "$root/out/etcsync" demo "$@"
