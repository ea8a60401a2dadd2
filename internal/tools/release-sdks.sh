#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/release-sdks.sh VERSION FOLDER
#
# Writes the SDKs as VERSION and packs them into FOLDER, sdk/ of the clone untouched:
#
#   akash-iac-akash-VERSION.tgz                     npm
#   akash_iac_pulumi_akash-VERSION.tar.gz, .whl     PyPI
#   akash-VERSION.jar, akash-VERSION.pom            Maven, where there are javac and mvn
#   pulumi-akash-sdk-go-vVERSION.zip                what Go's proxy makes of the tag sdk/vVERSION
#
# Nothing is published. VERSION of a prerelease gets the spelling that each of these wants.
set -euo pipefail

version=${1:?usage: release-sdks.sh VERSION FOLDER}
folder=$(mkdir -p "${2:?usage: release-sdks.sh VERSION FOLDER}" && cd "$2" && pwd)
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$tools/../.." && pwd)
cache=${AKASH_TOOLS_CACHE:-${XDG_CACHE_HOME:-${HOME:-$root/.bin}/.cache}/akash-iac/tools}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
say() { echo "== $*" >&2; }

say "SDKs as $version"
mkdir -p "$root/.bin"
(cd "$root/provider" && GOWORK=off CGO_ENABLED=0 go build -buildvcs=false -o ../.bin/ ./cmd/sdkgen)
(cd "$root/provider" && ../.bin/sdkgen -version "$version" -out "$scratch/sdk")

say "npm package"
"$tools/with-node.sh" "$tools/pulumi-node" bash -euo pipefail -c '
	sdk=$1/sdk/nodejs
	ln -s "$(readlink "$2/node_modules")" "$sdk/node_modules"
	"$sdk/node_modules/.bin/tsc" --project "$sdk" --outDir "$1/npm"
	cp "$sdk"/{package.json,README.md,LICENSE} "$1/npm/"
	cd "$1/npm" && npm pack --silent --pack-destination "$3" >/dev/null' bash "$scratch" "$tools/pulumi-node" "$folder"
tar -tzf "$folder/akash-iac-akash-$version.tgz" | grep -x package/index.js >/dev/null

say "Python packages"
requirements=$tools/release/requirements.txt
venv=$cache/release-python-$({ cat "$requirements" && python3 --version && uname -sm; } | git hash-object --stdin | cut -c 1-16)
if [[ ! -x $venv/bin/python ]]; then
	mkdir -p "$cache"
	python3 -m venv "$scratch/venv"
	"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --only-binary :all: \
		--require-hashes --requirement "$requirements"
	mv "$scratch/venv" "$venv"
fi
# Modules are found beside the interpreter, wherever the environment was moved from. Times in archives are the commit's.
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
export SOURCE_DATE_EPOCH
"$venv/bin/python" -m build --no-isolation --outdir "$folder" "$scratch/sdk/python" >"$scratch/log" 2>&1 || {
	cat "$scratch/log" >&2
	exit 1
}
ls "$folder"/akash_iac_pulumi_akash-*.whl "$folder"/akash_iac_pulumi_akash-*.tar.gz >/dev/null

if command -v mvn >/dev/null && javac -version >/dev/null 2>&1; then
	say "Maven package"
	mvn --quiet --batch-mode --file "$scratch/sdk/java/pom.xml" package >"$scratch/log" 2>&1 || {
		cat "$scratch/log" >&2
		exit 1
	}
	cp "$scratch/sdk/java/target/akash-$version.jar" "$folder/"
	cp "$scratch/sdk/java/pom.xml" "$folder/akash-$version.pom"
else
	say "no Maven package: install javac and mvn"
fi

say "Go module"
# The tag of a module in a folder is the folder's name and the version. Its zip has the folder's files below
# MODULE@VERSION, as Go's proxy serves them.
module=$(cd "$root/sdk" && GOWORK=off go list -m)
mkdir -p "$scratch/go/$module@v$version"
cp "$root"/sdk/go.mod "$root"/sdk/go.sum "$scratch/go/$module@v$version/"
cp -R "$scratch/sdk/go" "$scratch/go/$module@v$version/"
(cd "$scratch/go" && find . -type f | LC_ALL=C sort | sed 's,^\./,,' |
	zip --quiet -X -@ "$folder/pulumi-akash-sdk-go-v$version.zip")
