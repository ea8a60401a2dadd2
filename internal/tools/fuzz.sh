#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: internal/tools/fuzz.sh TIME [PATTERN]
#
# Runs every fuzz target of the repository for TIME (1m, 10s, 1000x), one after the other, those whose name matches
# PATTERN if there is one. Goes on after a failure, names all that failed at the end. An input that fails is kept by Go
# in testdata/fuzz of its package, where every "go test" runs it from then on.
set -euo pipefail
time=${1:?usage: fuzz.sh TIME [PATTERN]}
pattern=${2:-.}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

ran=0
failed=()
while IFS=: read -r file declaration; do
	name=$(sed -E 's/^func (Fuzz[A-Za-z0-9_]*).*/\1/' <<<"$declaration")
	[[ $name =~ $pattern ]] || continue
	package=./$(dirname "$file")
	echo "== $package $name"
	ran=$((ran + 1))
	go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 20x "$package" || failed+=("$package $name")
done < <(grep -rE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*\(' internal | sort)

if ((ran == 0)); then
	echo "fuzz.sh: no target matches $pattern" >&2
	exit 1
fi
if ((${#failed[@]})); then
	printf 'failed: %s\n' "${failed[@]}" >&2
	exit 1
fi
echo "$ran targets, none failed"
