#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/with-pulumi.sh LANGUAGE internal/tools/demo-pulumi.sh DEVNET
#
# Runs examples/pulumi/quickstart in LANGUAGE (ts, py, go, java or yaml) against a devnet of its own: preview with the
# forecast, up, the address and the price, destroy. DEVNET is the akash-devnet to start. The state, the stack and
# PULUMI_HOME are in a folder that goes with the demo; the account, stacks and settings of whoever runs it are not used.
set -euo pipefail

devnet=${1:?usage: demo-pulumi.sh DEVNET}
language=$AKASH_PULUMI_LANGS
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
place=$(mktemp -d)
running=
finish() {
	[[ -z $running ]] || kill "$running" 2>/dev/null || true
	wait 2>/dev/null || true
	rm -rf "$place"
}
trap finish EXIT
say() { printf '\n==> %s\n' "$*"; }

say "starting a devnet: a chain and three Akash providers, no real coins"
"$devnet" --env-file "$place/devnet.env" >"$place/devnet.log" 2>&1 &
running=$!
until [[ -s $place/devnet.env ]]; do
	kill -0 "$running" 2>/dev/null || { cat "$place/devnet.log" >&2 && exit 1; }
	sleep 0.2
done
# shellcheck source=/dev/null
. "$place/devnet.env"

cp -R "$root/examples/pulumi/quickstart/$language" "$place/program"
cd "$place/program"
rm -rf node_modules venv target __pycache__
export PATH="$AKASH_PULUMI_BIN:$PATH" PULUMI_HOME=$place/home PULUMI_BACKEND_URL="file://$place/state"
export PULUMI_CONFIG_PASSPHRASE=demo PULUMI_SKIP_UPDATE_CHECK=true PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true
export AKASH_STATE_DIR=$place/journal
plugins=$PULUMI_HOME/plugins/resource-akash-v0.1.0-dev
mkdir -p "$place/state" "$plugins"
ln -s "$AKASH_PULUMI_PLUGIN" "$plugins/pulumi-resource-akash"

# What a user gets from a registry, from this clone; internal/pulumitest does the same.
case $language in
ts) ln -s "$AKASH_PULUMI_NODE" node_modules ;;
py)
	ln -s "$AKASH_PULUMI_VENV" venv
	export PULUMI_PYTHON_CMD=$PWD/venv/bin/python PYTHONPATH=$AKASH_PULUMI_PYTHON
	;;
go)
	go mod edit -replace "github.com/akash-iac/terraform-provider-akash/sdk=$AKASH_PULUMI_SDK"
	export GOWORK=off GOFLAGS=-mod=mod
	;;
java)
	mkdir -p .mvn
	printf -- '-Dmaven.repo.local=%s\n--offline\n' "$AKASH_PULUMI_MAVEN" >.mvn/maven.config
	;;
esac

pulumi stack init demo --non-interactive
pulumi config set --secret dbPassword not-a-real-one --non-interactive --stack demo
say "pulumi preview"
pulumi preview --non-interactive --stack demo
say "pulumi up"
pulumi up --yes --skip-preview --non-interactive --stack demo
say "running at $(pulumi stack output uri --stack demo) for $(pulumi stack output usdPerMonth --stack demo) USD a month"
say "pulumi destroy: what is left of the deposit comes back"
pulumi destroy --yes --skip-preview --non-interactive --stack demo
