#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/release.sh VERSION
#
# A release but for publishing: goreleaser makes everything of .goreleaser.yml in dist/, as VERSION, signed by a key that
# lives as long as this script; then the files are looked at as the registries and a user's CLI do:
#
#   checksums and signatures hold; every platform's archive is there, with what belongs in it and nothing else
#   the bill of materials of each archive names what is linked
#   the binaries know their version, and a second build, in another folder, is the same bytes
#   a CLI installs the Terraform provider from the archive alone, validates, plans and applies on the devnet of its archive
#   the Pulumi plugin of its archive tells its schema
#   SDK packages for npm, PyPI, Maven and Go's proxy, as far as this machine has the tools
#
# It builds for this machine alone; RELEASE_FULL=1 builds all platforms, and the second build without Go's build cache.
set -euo pipefail

version=${1:?usage: release.sh VERSION}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || {
	echo "release.sh: $version is no version: write 1.2.3 or 1.2.3-rc.1" >&2
	exit 2
}
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$tools/../.." && pwd)
cd "$root"
unset TF_CLI_CONFIG_FILE
export CGO_ENABLED=0 GOWORK=off RELEASE_VERSION=$version
full=${RELEASE_FULL:-}
dist=$root/dist
name=terraform-provider-akash
os=$(go env GOOS)
arch=$(go env GOARCH)

scratch=$(mktemp -d)
devnet=
cleanup() {
	[[ -z $devnet ]] || { kill "$devnet" && wait "$devnet"; } 2>/dev/null || true
	gpgconf --kill all 2>/dev/null || true
	rm -rf "$scratch"
}
trap cleanup EXIT
say() { echo "== $*" >&2; }
die() {
	echo "release.sh: $*" >&2
	exit 1
}

say "build $version${full:+ for all platforms}"
export GNUPGHOME=$scratch/gnupg
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-generate-key 'release dry run' rsa3072 sign 1d 2>/dev/null
GPG_FINGERPRINT=$(gpg --batch --list-keys --with-colons | awk -F: '$1 == "fpr" && !n++ { print $10 }')
export GPG_FINGERPRINT

goreleaser=$("$tools/install.sh" goreleaser)
config=$scratch/goreleaser.yml
if [[ -n $full ]]; then
	cp .goreleaser.yml "$config"
else
	sed -E "s/^( *goos): .*/\1: [$os]/; s/^( *goarch): .*/\1: [$arch]/" .goreleaser.yml >"$config"
fi
"$goreleaser" check --quiet .goreleaser.yml
"$goreleaser" release --config "$config" --snapshot --clean --parallelism 2 >"$scratch/log" 2>&1 || {
	cat "$scratch/log" >&2
	die "goreleaser failed"
}

say "checksums and signatures"
cd "$dist"
# The manifest gets its name when it is uploaded; here it has none yet.
cp "$root/terraform-registry-manifest.json" "${name}_${version}_manifest.json"
sums=${name}_${version}_SHA256SUMS
sha256sum --check --quiet "$sums"
for signature in *.sig; do
	gpg --batch --quiet --verify "$signature" "${signature%.sig}" 2>/dev/null || die "$signature does not hold"
done

# expect ARCHIVE FILE...: the archive is there, has exactly these files besides the licence, a bill of materials, and is
# either among the checksums or signed.
expect() {
	local archive=$1 listed
	shift
	[[ -f $archive ]] || die "there is no $archive"
	case $archive in
	*.zip)
		listed=$(unzip -Z1 "$archive")
		grep -q "  $archive\$" "$sums" || die "$sums leaves $archive out"
		;;
	*)
		listed=$(tar -tzf "$archive")
		[[ -f $archive.sig ]] || die "$archive is not signed"
		;;
	esac
	diff <(printf '%s\n' LICENSE "$@" | LC_ALL=C sort) <(LC_ALL=C sort <<<"$listed") >&2 || die "$archive: other files than these"
	grep -q '"specVersion": "1.6"' "$archive.sbom.json" || die "$archive has no bill of materials"
	grep -q '"name": "std"' "$archive.sbom.json" || die "$archive.sbom.json does not know Go itself"
}

# platforms BUILD: the platforms that a build of .goreleaser.yml is for.
platforms() {
	awk -v id="$1" '
		$1 == "-" && $2 == "id:" { inside = $3 == id }
		inside && ($1 == "goos:" || $1 == "goarch:") { kind = $1; gsub(/.*\[|\].*|,/, ""); list[kind] = $0 }
		inside && list["goos:"] != "" && list["goarch:"] != "" {
			n = split(list["goos:"], o, " "); m = split(list["goarch:"], a, " ")
			for (i = 1; i <= n; i++) for (j = 1; j <= m; j++) print o[i], a[j]
			exit
		}' "$config"
}

say "archives"
count=0
for build in "$name" akash-devnet sdlcheck pulumi-resource-akash; do
	while read -r goos goarch; do
		suffix=
		[[ $goos != windows ]] || suffix=.exe
		case $build in
		"$name") expect "${name}_${version}_${goos}_$goarch.zip" "${name}_v$version$suffix" ;;
		pulumi-*) expect "$build-v$version-$goos-$goarch.tar.gz" "$build$suffix" ;;
		*) expect "${build}_${version}_${goos}_$goarch.tar.gz" "$build$suffix" ;;
		esac
		count=$((count + 1))
	done < <(platforms "$build")
done
((count >= 4)) || die "$count archives are too few: are the builds of .goreleaser.yml still found?"
zip=${name}_${version}_${os}_$arch.zip
grep -q '"name": "github.com/cosmos/cosmos-sdk"' "$zip.sbom.json" || die "$zip.sbom.json leaves cosmos-sdk out"
manifest=${name}_${version}_manifest.json
grep -q "  $manifest\$" "$sums" || die "$sums leaves $manifest out"
[[ $(wc -l <"$sums") == "$(($(find . -maxdepth 1 -name '*.zip' | wc -l) + 1))" ]] || die "$sums: other lines than archives and manifest"
# Ours are addresses of the module proxy and relative paths; a path of this machine would say where it was built.
mkdir "$scratch/zip" && unzip -q "$zip" -d "$scratch/zip"
binary=$scratch/zip/${name}_v$version
! grep -qaF "$root" "$binary" || die "the binary knows the folder it was built in"

say "a second build is the same bytes"
mkdir "$scratch/elsewhere"
# The files as they are here, committed or not, since that is what was built above.
(cd "$root" && git ls-files -z --cached --others --exclude-standard -- '*.go' go.mod go.sum internal | sort -zu |
	while IFS= read -rd '' file; do [[ ! -f $file ]] || printf '%s\0' "$file"; done |
	tar --null --files-from - -cf -) | tar -C "$scratch/elsewhere" -xf -
(cd "$scratch/elsewhere" && { [[ -z $full ]] || export GOCACHE=$scratch/gocache; } &&
	GOFLAGS='-mod=readonly -buildvcs=false' go build -trimpath -ldflags "-s -w -X main.version=$version" \
		-o "$scratch/second" .)
cmp "$scratch/second" "$binary" || die "two builds of the Terraform provider differ"
rm -rf "$scratch/gocache" "$scratch/second" "$scratch/elsewhere"

say "install from the archive, validate, plan and apply"
tar -xzf "akash-devnet_${version}_${os}_$arch.tar.gz" -C "$scratch" akash-devnet
"$scratch/akash-devnet" --env-file "$scratch/devnet.env" --block-time 300ms >"$scratch/devnet.log" 2>&1 &
devnet=$!
"$tools/with-cli.sh" test "$tools/release-install.sh" "$scratch" "$dist/$zip" "$version"

say "the Pulumi plugin"
tar -xzf "pulumi-resource-akash-v$version-$os-$arch.tar.gz" -C "$scratch" pulumi-resource-akash
[[ $("$scratch/pulumi-resource-akash" -get-provider-info | grep -c '"akash"') -ge 1 ]] || die "the Pulumi plugin does not know itself"

"$tools/release-sdks.sh" "$version" "$dist"
say "everything of $version that a machine without accounts can make is in dist/"
ls -l "$dist" | awk 'NR > 1 && !/^d/ { printf "%11d  %s\n", $5, $9 }' >&2
