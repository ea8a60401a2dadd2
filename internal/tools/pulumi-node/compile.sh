#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/with-node.sh internal/tools/pulumi-node internal/tools/pulumi-node/compile.sh FOLDER
#
# Compiles the TypeScript SDK in FOLDER with the packages of this folder, and writes nothing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(cd "${1:?usage: compile.sh FOLDER}" && pwd)

# Node.js looks for packages beside the file that asks for them, so the SDK is compiled where there are some.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -R "$folder/." "$scratch/"
ln -s "$(readlink "$here/node_modules")" "$scratch/node_modules"
"$here/node_modules/.bin/tsc" --project "$scratch" --outDir "$scratch/bin"
