#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/docs.sh
#
# Writes docs/ from the schema of the Terraform provider, templates/ and examples/. The schema is asked of the pinned
# OpenTofu, never of an installed CLI, so that everybody's pages are the same.
set -euo pipefail
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$tools/../.." && pwd)
cd "$root"

tfplugindocs=$("$tools/install.sh" tfplugindocs)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

CGO_ENABLED=0 go build -buildvcs=false -trimpath -o "$scratch/terraform-provider-akash" .

# The generator looks a provider up under this address only; the override makes it ours and needs no init.
cat >"$scratch/main.tf" <<'TF'
terraform {
  required_providers {
    akash = { source = "registry.terraform.io/hashicorp/akash" }
  }
}
TF
cat >"$scratch/tofu.rc" <<RC
provider_installation {
  dev_overrides { "registry.terraform.io/hashicorp/akash" = "$scratch" }
}
RC
"$tools/with-cli.sh" pinned env TF_CLI_CONFIG_FILE="$scratch/tofu.rc" \
	bash -c 'cd "$1" && "$AKASH_CLI" providers schema -json >schema.json' bash "$scratch"

for verb in generate validate; do
	"$tfplugindocs" "$verb" --provider-dir "$root" --provider-name akash --providers-schema "$scratch/schema.json" \
		>"$scratch/log" 2>&1 || {
		cat "$scratch/log" >&2
		exit 1
	}
done
