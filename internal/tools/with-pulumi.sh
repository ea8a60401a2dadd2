#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/with-pulumi.sh LANGUAGES COMMAND [ARG...]
#
# Runs COMMAND with what Pulumi programs of LANGUAGES, for example "yaml" or "ts,py,go,java,yaml", need to run:
#
#   AKASH_PULUMI_LANGS    LANGUAGES
#   AKASH_PULUMI_BIN      a folder with the Pulumi CLI and the language hosts, to be put first on a PATH
#   AKASH_PULUMI_PLUGIN   the plugin pulumi-resource-akash of this clone, freshly built
#   AKASH_PULUMI_NODE     ts: a node_modules folder with the TypeScript SDK of this clone, compiled; node is on the PATH
#   AKASH_PULUMI_VENV     py: a virtual environment with the packages of internal/tools/pulumi-python
#   AKASH_PULUMI_PYTHON   py: a folder for PYTHONPATH with the Python SDK of this clone, built as a wheel and installed
#   AKASH_PULUMI_MAVEN    java: a local Maven repository with the Java SDK of this clone; mvn and javac are on the PATH
#   AKASH_PULUMI_SDK      go: the folder of the module that has the Go SDK of this clone
#
# Everything but the plugin is kept outside the clone under a key of what decides its bytes: a second run builds nothing
# and needs no network. AKASH_TOOLS_CACHE moves that place. Node.js comes as in with-node.sh. Python 3.10 or newer has to be
# there; venv, and for Java a JDK with Maven, come from the system's packages where they are missing and we may install.
set -euo pipefail

languages=${1:?usage: with-pulumi.sh LANGUAGES COMMAND [ARG...]}
shift
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$tools/../.." && pwd)
cache=${AKASH_TOOLS_CACHE:-${XDG_CACHE_HOME:-${HOME:-$root/.bin}/.cache}/akash-iac/tools}
mkdir -p "$cache"

# The person's own account, stacks and settings must not reach a test. AKASH_CLI is from with-cli.sh.
for name in ${!PULUMI_@} ${!AKASH_@}; do
	case $name in
	AKASH_TOOLS_CACHE | AKASH_CONFORMANCE_* | AKASH_TEST_FAULTS | AKASH_CLI) ;;
	*) unset "$name" ;;
	esac
done

scratch=
trap 'rm -rf "$scratch"' EXIT

key() { git hash-object --stdin | cut -c 1-16; }

# contents FOLDER: the names and hashes of its files, without what building leaves there.
contents() (
	cd "$1"
	files=$(find . -type f ! -path '*/node_modules/*' ! -path '*/bin/*' ! -path '*/target/*' | LC_ALL=C sort)
	echo "$files"
	sed "s,^\.,$PWD," <<<"$files" | git hash-object --stdin-paths
)

# keep DIRECTORY PLACE: a rename is atomic, so that PLACE is whole or not there.
keep() { [[ -d $2 ]] || mv "$1" "$2"; }

# package NAME...: installs packages of a Debian.
package() {
	if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
		echo "with-pulumi.sh: install $*, or what your system calls it" >&2
		return 2
	fi
	apt-get update -q >&2 && apt-get install -qy --no-install-recommends "$@" >&2
}

bin=$root/.bin/pulumi-tools
mkdir -p "$bin"
tool() { ln -sfn "$(readlink "$("$tools/install.sh" "$1")")" "$bin/$1"; }

program() {
	(cd "$root/provider" && GOWORK=off CGO_ENABLED=0 go build -buildvcs=false -ldflags '-s -w' -o "$2/" "./cmd/$1")
}

typescript() {
	tool pulumi-language-nodejs
	local environment modules
	# with-node.sh knows which Node.js it is; its PATH is for its command alone.
	environment=$("$tools/with-node.sh" "$tools/pulumi-node" bash -c 'echo "$PATH"')
	PATH=$environment
	modules=$(readlink "$tools/pulumi-node/node_modules")
	AKASH_PULUMI_NODE=$cache/pulumi-sdk-node-$({ contents "$root/sdk/nodejs" && echo "$modules"; } | key)/node_modules
	export PATH AKASH_PULUMI_NODE
	[[ ! -d $AKASH_PULUMI_NODE ]] || return 0
	echo "compiling the TypeScript SDK" >&2
	scratch=$(mktemp -d "$cache/.node.XXXXXX")
	mkdir -p "$scratch/node_modules/@akash-iac"
	# Node.js looks for packages beside the file that asks for them, so everything else is linked beside the SDK.
	ln -s "$modules"/* "$modules/.bin" "$scratch/node_modules/"
	cp -R "$root/sdk/nodejs" "$scratch/sdk"
	ln -s "$scratch/node_modules" "$scratch/sdk/node_modules"
	"$modules/.bin/tsc" --project "$scratch/sdk" --outDir "$scratch/node_modules/@akash-iac/akash" >&2
	cp "$root"/sdk/nodejs/{package.json,README.md,LICENSE} "$scratch/node_modules/@akash-iac/akash/"
	rm -rf "$scratch/sdk"
	keep "$scratch" "${AKASH_PULUMI_NODE%/*}"
}

python() {
	tool pulumi-language-python
	local requirements=$tools/pulumi-python/requirements.txt
	AKASH_PULUMI_VENV=$cache/pulumi-python-$({ cat "$requirements" && python3 --version && uname -sm; } | key)
	AKASH_PULUMI_PYTHON=$cache/pulumi-sdk-python-$({ contents "$root/sdk/python" && echo "$AKASH_PULUMI_VENV"; } | key)
	export AKASH_PULUMI_VENV AKASH_PULUMI_PYTHON PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
	if [[ ! -d $AKASH_PULUMI_VENV ]]; then
		echo "getting Pulumi for Python from PyPI, once for this machine" >&2
		scratch=$(mktemp -d "$cache/.python.XXXXXX")
		python3 -m venv "$scratch" >&2 || { package python3-venv && python3 -m venv --clear "$scratch" >&2; }
		"$scratch/bin/python" -m pip install --quiet --only-binary :all: --require-hashes --requirement "$requirements" >&2
		keep "$scratch" "$AKASH_PULUMI_VENV"
	fi
	[[ ! -d $AKASH_PULUMI_PYTHON ]] || return 0
	echo "building the Python SDK" >&2
	scratch=$(mktemp -d "$cache/.python.XXXXXX")
	cp -R "$root/sdk/python" "$scratch/sdk"
	"$AKASH_PULUMI_VENV/bin/python" -m build --no-isolation --wheel --outdir "$scratch" "$scratch/sdk" >"$scratch/log" 2>&1 ||
		{ cat "$scratch/log" >&2 && return 1; }
	"$AKASH_PULUMI_VENV/bin/python" -m pip install --quiet --no-deps --target "$scratch/packages" "$scratch"/*.whl >&2
	keep "$scratch/packages" "$AKASH_PULUMI_PYTHON"
	rm -rf "$scratch"
}

java() {
	tool pulumi-language-java
	if ! command -v mvn >/dev/null || ! javac -version >/dev/null 2>&1; then
		package maven default-jdk-headless
	fi
	local pom=$tools/pulumi-java/pom.xml stamp
	AKASH_PULUMI_MAVEN=$cache/maven-$(cat "$pom" "$root/sdk/java/pom.xml" | key)
	export AKASH_PULUMI_MAVEN
	stamp=$AKASH_PULUMI_MAVEN/sdk-$(contents "$root/sdk/java" | key)
	[[ ! -e $stamp ]] || return 0
	echo "compiling the Java SDK, with what it takes from Maven Central" >&2
	scratch=$(mktemp -d "$cache/.java.XXXXXX")
	cp -R "$root/sdk/java" "$scratch/sdk"
	mvn --batch-mode --quiet -Dmaven.repo.local="$AKASH_PULUMI_MAVEN" --file "$scratch/sdk/pom.xml" install >&2
	# Running a program once brings what running any takes; this one does nothing.
	cp -R "$tools/pulumi-java" "$scratch/program"
	mvn --batch-mode --quiet -Dmaven.repo.local="$AKASH_PULUMI_MAVEN" --file "$scratch/program/pom.xml" compile exec:java >&2
	rm -rf "$scratch" "$AKASH_PULUMI_MAVEN"/sdk-*
	touch "$stamp"
}

tool pulumi
for language in ${languages//,/ }; do
	case $language in
	ts) typescript ;;
	py) python ;;
	java) java ;;
	yaml) tool pulumi-language-yaml ;;
	go)
		program pulumi-language-go "$bin"
		export AKASH_PULUMI_SDK=$root/sdk
		;;
	*)
		echo "with-pulumi.sh: unknown language $language: ts, py, go, java or yaml" >&2
		exit 2
		;;
	esac
done
program pulumi-resource-akash "$root/.bin"
export AKASH_PULUMI_LANGS=$languages AKASH_PULUMI_BIN=$bin AKASH_PULUMI_PLUGIN=$root/.bin/pulumi-resource-akash
scratch=

echo "using Pulumi $("$bin/pulumi" version) ($languages)" >&2
exec "$@"
