#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/install.sh TOOL
#
# Builds one pinned tool from its Go module in internal/tools, keeps the binary outside the clone under a key made of
# everything that decides its bytes, links it as .bin/TOOL and prints that path. A second clone, or a second run, finds
# the kept binary and builds nothing. AKASH_TOOLS_CACHE moves the place where binaries are kept.
set -euo pipefail

tool=${1:?usage: install.sh tofu|golangci-lint|tfplugindocs|goreleaser|pulumi|pulumi-language-...}
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
goreleaser)
	family=release
	package=github.com/goreleaser/goreleaser/v2
	;;
pulumi)
	family=pulumi
	package=github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
	# A CLI without a version refuses plugins and SDKs that ask for one.
	ldflags+=" -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.256.0"
	;;
pulumi-language-yaml)
	family=pulumi
	package=github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml
	;;
pulumi-language-java)
	family=pulumi
	package=github.com/pulumi/pulumi-java/pkg/cmd/pulumi-language-java
	;;
pulumi-language-nodejs | pulumi-language-python)
	# The last versions that are modules one can build by themselves; they run the newest programs.
	family=pulumi-hosts
	language=${tool##*-}
	package=github.com/pulumi/pulumi/sdk/v3/$language/cmd/$tool
	ldflags+=" -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.68.0"
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
	if [[ $tool == pulumi-language-python ]]; then
		# The host starts this script of its own module, from the folder it is in itself.
		cp "$(cd "$module" && go list -mod=readonly -f '{{.Dir}}' "$package")-exec" "$(dirname "$binary")/"
		chmod 755 "$(dirname "$binary")/$tool-exec"
	fi
	# A rename is atomic: two builds at once leave one whole binary, never half of one.
	mv "$scratch/$tool" "$binary"
fi

mkdir -p "$root/.bin"
ln -sfn "$binary" "$root/.bin/$tool"
echo "$root/.bin/$tool"
