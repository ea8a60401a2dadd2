#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/with-cli.sh test internal/tools/release-install.sh SCRATCH ARCHIVE VERSION
#
# Part of release.sh: installs ARCHIVE of the Terraform provider the way a mirror hands it out, packed, and lets the CLI
# use it on the devnet whose settings come in SCRATCH/devnet.env. The CLI reaches no registry.
set -euo pipefail

scratch=${1:?} archive=${2:?} version=${3:?}
examples=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../examples" && pwd)

for host in registry.terraform.io registry.opentofu.org; do
	mkdir -p "$scratch/mirror/$host/akash-iac/akash"
	cp "$archive" "$scratch/mirror/$host/akash-iac/akash/"
done
cat >"$scratch/cli.rc" <<RC
provider_installation {
  filesystem_mirror { path = "$scratch/mirror" }
}
RC
for ((i = 0; i < 120; i++)); do
	[[ ! -s $scratch/devnet.env ]] || break
	sleep 0.5
done
[[ -s $scratch/devnet.env ]] || {
	cat "$scratch/devnet.log" >&2
	exit 1
}
# shellcheck disable=SC1091 # written by akash-devnet
. "$scratch/devnet.env"
export TF_CLI_CONFIG_FILE=$scratch/cli.rc TF_VAR_db_password=dry-run TF_IN_AUTOMATION=1 AKASH_STATE_DIR=$scratch/journal
mkdir "$scratch/work"
cp "$examples"/quickstart/*.tf "$examples"/quickstart/deploy.yaml "$scratch/work/"
cd "$scratch/work"
# run ARG...: what the CLI says is of interest when it fails.
run() {
	"$AKASH_CLI" "$@" -no-color >"$scratch/cli.log" 2>&1 || {
		cat "$scratch/cli.log" >&2
		exit 1
	}
}
run init -input=false
grep -q "akash v$version" "$scratch/cli.log" || {
	echo "the CLI installed another version than $version:" >&2
	cat "$scratch/cli.log" >&2
	exit 1
}
run validate
run plan -input=false -out=plan
grep -q 'Plan: 2 to add' "$scratch/cli.log"
run apply -input=false plan
run destroy -input=false -auto-approve
