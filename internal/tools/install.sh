#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/install.sh TOOL
#
# Builds one pinned tool from its Go module in internal/tools, keeps the binary outside the clone under a key made of
# everything that decides its bytes, links it as .bin/TOOL and prints that path. A second clone, or a second run, finds
# the kept binary and builds nothing. AKASH_TOOLS_CACHE moves the place where binaries are kept.
set -euo pipefail

tool=${1:?usage: install.sh tofu|golangci-lint|tfplugindocs}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

ldflags="-s -w"
case $tool in
tofu)
	family=tofu
	package=github.com/opentofu/opentofu/cmd/tofu
	# Without this the binary calls itself a -dev build and version constraints read it as a prerelease.
	ldflags+=" -X github.com/opentofu/opentofu/version.dev=no"
	;;
golangci-lint)
	family=lint
	package=github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	;;
tfplugindocs)
	family=docs
	package=github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs
	;;
*)
	echo "install.sh: unknown tool $tool" >&2
	exit 2
	;;
esac

module=$root/internal/tools/$family
# git, unlike sha256sum, has the same name everywhere.
key=$({
	cat "$module/go.mod" "$module/go.sum"
	echo "$package $ldflags"
	cd "$module" && go env GOVERSION GOOS GOARCH
} | git hash-object --stdin | cut -c 1-16)

cache=${AKASH_TOOLS_CACHE:-${XDG_CACHE_HOME:-${HOME:-$root/.bin}/.cache}/akash-iac/tools}
binary=$cache/$tool-$key/$tool

if [[ ! -x $binary ]]; then
	version=$(cd "$module" && go list -mod=readonly -f '{{.Module.Version}}' "$package")
	echo "building $tool $version from its Go module, once for this machine" >&2
	mkdir -p "$cache"
	scratch=$(mktemp -d "$cache/.build.XXXXXX")
	trap 'rm -rf "$scratch"' EXIT
	(cd "$module" && GOWORK=off CGO_ENABLED=0 GOFLAGS='' \
		go build -mod=readonly -buildvcs=false -trimpath -ldflags "$ldflags" -o "$scratch/$tool" "$package")
	mkdir -p "$(dirname "$binary")"
	# A rename is atomic: two builds at once leave one whole binary, never half of one.
	mv "$scratch/$tool" "$binary"
fi

mkdir -p "$root/.bin"
ln -sfn "$binary" "$root/.bin/$tool"
echo "$root/.bin/$tool"
