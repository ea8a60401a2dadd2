#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/with-cli.sh test|demo|pinned COMMAND [ARG...]
#
# Runs COMMAND with a Terraform-compatible CLI chosen and with an environment that is the same on every machine:
#
#   AKASH_CLI                the chosen binary, for whoever runs a CLI by itself
#   TF_ACC_TERRAFORM_PATH    the same, for terraform-plugin-testing; TF_ACC=1 switches its tests on
#   TF_ACC_PROVIDER_HOST     set for OpenTofu, which resolves short addresses at a registry of its own
#
# AKASH_TEST_CLI names a CLI and wins. Otherwise CI and "pinned" use the OpenTofu of internal/tools/tofu; other runs use
# an installed terraform or tofu that is new enough, and build that OpenTofu when there is none.
set -euo pipefail

purpose=${1:?usage: with-cli.sh test|demo|pinned COMMAND [ARG...]}
shift
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The oldest CLI that can run everything: the tests use resource identity (1.12), the demo write-only arguments (1.11).
case $purpose in
test) floor=12 ;;
demo) floor=11 ;;
pinned) floor=none ;;
*)
	echo "with-cli.sh: unknown purpose $purpose" >&2
	exit 2
	;;
esac

explicit=${AKASH_TEST_CLI:-}
# Settings of the person at the keyboard must not reach a test: a configuration file changes where providers come from,
# AKASH_* may name a real account. What only makes a run more talkative stays, and what tests are told of chain and faults.
for name in ${!TF_@} ${!AKASH_@}; do
	case $name in
	TF_LOG* | TF_ACC_LOG* | TF_ACC_PERSIST_WORKING_DIR | AKASH_TOOLS_CACHE | AKASH_CONFORMANCE_* | AKASH_TEST_FAULTS) ;;
	*) unset "$name" ;;
	esac
done
# An empty file, not an unset variable: unset would read the home directory's configuration.
export TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1

# new_enough CLI: does it answer with a version 1.N, N at or above the floor, or with a later major version?
new_enough() {
	local answer
	answer=$("$1" version 2>/dev/null) || return 1
	[[ $answer =~ v([0-9]+)\.([0-9]+)\. ]] || return 1
	((BASH_REMATCH[1] > 1 || (BASH_REMATCH[1] == 1 && BASH_REMATCH[2] >= floor)))
}

cli=
if [[ -n $explicit ]]; then
	cli=$(command -v "$explicit") || {
		echo "with-cli.sh: AKASH_TEST_CLI=$explicit is not an executable" >&2
		exit 2
	}
elif [[ $purpose != pinned && -z ${CI:-} ]]; then
	for name in terraform tofu; do
		if found=$(command -v "$name") && new_enough "$found"; then
			cli=$found
			break
		fi
	done
fi
if [[ -z $cli ]]; then
	cli=$("$tools/install.sh" tofu)
fi

answer=$("$cli" version)
if [[ $answer == OpenTofu* ]]; then
	export TF_ACC_PROVIDER_HOST=registry.opentofu.org
fi
echo "using ${answer%%$'\n'*} ($cli)" >&2
export AKASH_CLI=$cli TF_ACC_TERRAFORM_PATH=$cli TF_ACC=1
exec "$@"
