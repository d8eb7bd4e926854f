#!/bin/sh
# Install xterm.js and its add-on for pictures into build/xtermjs, in the versions that the terminal tests ran with.
# `make xtermjs` runs this. It needs npm; nothing of the packages is run.
set -eu
cd "$(dirname "$0")/.."
target=build/xtermjs
packages="@xterm/xterm@6.1.0-beta.337 @xterm/addon-image@0.10.0-beta.301"

if [ "$(cat "$target/.installed" 2>/dev/null)" = "$packages" ]; then
    echo "xterm.js: all there" >&2
    exit
fi
command -v npm >/dev/null || { echo "xterm.js: npm is not installed (Debian: apt install npm)" >&2; exit 2; }
# Node knows its own list of authorities only; a machine behind a proxy of its own has that one's here.
system=/etc/ssl/certs/ca-certificates.crt
if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "$system" ]; then
    export NODE_EXTRA_CA_CERTS="$system"
fi
mkdir -p "$target"
# shellcheck disable=SC2086  one word for each package
npm install --prefix "$target" --no-save --ignore-scripts --no-audit --no-fund $packages
echo "$packages" >"$target/.installed"
