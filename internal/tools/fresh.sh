#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/fresh.sh COMMAND [ARG...]
#
# Runs a command that writes generated files and fails when anything git can see has changed by it, untracked files
# included. Only the difference counts, so it can be used with other edits in the tree; on a fresh clone it means that
# everything generated is committed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# snapshot: one line for each path that is not as committed, with the hash of what it holds now.
snapshot() {
	{
		git diff HEAD --name-only -z
		git ls-files --others --exclude-standard -z
	} | while IFS= read -r -d '' path; do
		if [[ -f $path ]]; then
			printf '%s %s\n' "$(git hash-object --no-filters -- "$path")" "$path"
		else
			printf 'gone %s\n' "$path"
		fi
	done | LC_ALL=C sort
}

before=$(snapshot)
"$@"
after=$(snapshot)

if [[ $before != "$after" ]]; then
	echo "generated files were stale; commit what \"$*\" has just changed:" >&2
	diff <(echo "$before") <(echo "$after") | sed -n 's/^[<>] [0-9a-z]* /  /p' | LC_ALL=C sort -u >&2
	git --no-pager diff --stat >&2
	exit 1
fi
