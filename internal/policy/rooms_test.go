// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// direction says who may import whom inside this module, in the notation of go/build's own dependency test:
// "a < b" lets b import a, "a, b < c" lets c import both, "a < b < c" is "a < b" and "b < c", and the relation is
// transitive. Names are folders below internal; each covers the folders below it that have no line of their own.
// "main" is the root package. "provider/NOUN" is any folder of provider that has no line of its own; two nouns are
// never related. The words after "#" are the reason for the lines that follow.
const direction = `
# wire types, identifiers and amounts are what everything stands on, and know nothing of each other
NONE < pb, ids, coin;

# pure: no network, no clock, no files
pb, ids, coin < sdl, market;

# files, no network
pb, ids, coin < keys, journal;

# the transaction engine stands on the node client, never the other way round
pb, ids, coin, keys < chain < chain/tx;

# a gateway is asked with a key and a manifest; it knows nothing of the chain client
pb, ids, coin, keys, sdl < gateway;

# a workload is asked as a visitor would, who knows no lease
NONE < visit;

# what a confidential machine says of itself is judged from bytes; the key server beside it is asked over the network
NONE < attest, attest/keyserver;

# the forecast reads the market (chain, gateways) and asks market for the verdict
sdl, market, chain, gateway < forecast;

# use cases are the only place where the parts below meet; no Terraform in them
sdl, market, forecast, chain, chain/tx, gateway, journal, visit, attest, attest/keyserver < deploy;

# other formats become SDL text and nothing else
sdl < migrate;

# what a website says, for whoever wants to hear it
coin < console;

# inside the Terraform provider: helpers, then one folder per noun, then the registry that lists the nouns
deploy, migrate, console < provider/diags < provider/customtypes < provider/validators < provider/planmodifiers,
provider/ceiling < provider/bidpolicy;
deploy, provider/validators < provider/secrets;
deploy, provider/diags < provider/providerdata;
provider/planmodifiers, provider/bidpolicy, provider/secrets, provider/providerdata < provider/NOUN < provider < main;

# the simulator shares wire types and identifiers with the client, never logic: one built on the code under test
# agrees with its bugs
pb, ids, coin < devnet;

# the checks that any chain is held to know endpoints; they start a devnet where no other chain is named
devnet < devnet/conformance;

# what only tests and commands of the devnet use
devnet, provider < acctest;
acctest < devnet/cmd;
acctest < crash, pulumitest;
devnet < demo;

# programs and tests that stand beside the product
NONE < bench, policy, proto, protogen, release;
`

// nounClass is the name in [direction] that stands for every noun of the Terraform provider.
const nounClass = "provider/NOUN"

// table is the parsed form of [direction].
type table struct {
	below map[string]map[string]bool // room to every room it may import
	why   map[string]string          // room to the reason given where it stands on the right
}

// parseTable reads the notation described at [direction] and closes the relation.
func parseTable(text string) (table, error) {
	t := table{below: map[string]map[string]bool{}, why: map[string]string{}}
	reason, fresh := "", true
	var statement strings.Builder
	for number, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if comment, ok := strings.CutPrefix(line, "#"); ok {
			if fresh {
				reason, fresh = "", false
			}
			reason = strings.TrimSpace(reason + comment)
			continue
		}
		fresh = true
		statement.WriteString(line + " ")
		if !strings.HasSuffix(line, ";") {
			continue
		}
		if reason == "" {
			return table{}, fmt.Errorf("line %d: a rule needs a reason", number)
		}
		if err := t.add(strings.TrimSuffix(strings.TrimSpace(statement.String()), ";"), reason); err != nil {
			return table{}, fmt.Errorf("line %d: %w", number, err)
		}
		statement.Reset()
	}
	if rest := strings.TrimSpace(statement.String()); rest != "" {
		return table{}, fmt.Errorf("unfinished rule %q", rest)
	}
	t.close()
	return t, nil
}

// add enters one statement, "a, b < c < d".
func (t table) add(statement, reason string) error {
	var left []string
	for position, side := range strings.Split(statement, "<") {
		var right []string
		for name := range strings.SplitSeq(side, ",") {
			name = strings.TrimSpace(name)
			switch {
			case name == "":
				return fmt.Errorf("empty name in %q", statement)
			case name == "NONE" && position == 0:
				continue
			case position == 0 && t.below[name] == nil:
				return fmt.Errorf("%q is used before it has a line of its own", name)
			}
			right = append(right, name)
			if position == 0 {
				continue
			}
			if t.below[name] == nil {
				t.below[name] = map[string]bool{}
				t.why[name] = reason
			}
			for _, lower := range left {
				t.below[name][lower] = true
			}
		}
		left = right
	}
	return nil
}

// close makes the relation transitive.
func (t table) close() {
	for changed := true; changed; {
		changed = false
		for _, lower := range t.below {
			for room := range maps.Clone(lower) {
				for lowest := range t.below[room] {
					if !lower[lowest] {
						lower[lowest], changed = true, true
					}
				}
			}
		}
	}
}

// room names the room of a package, given its path relative to the module ("." or "internal/x/y"), as the folder it
// really is and as the class it has in the table. ok is false for a folder no line covers.
func (t table) room(relative string) (folder, class string, ok bool) {
	if relative == "." {
		return "main", "main", true
	}
	path, inside := strings.CutPrefix(relative, "internal/")
	if !inside {
		return "", "", false
	}
	parts := strings.Split(path, "/")
	for n := len(parts); n > 0; n-- {
		candidate := strings.Join(parts[:n], "/")
		switch {
		case t.below[candidate] != nil && candidate == "provider" && len(parts) > 1:
			noun := "provider/" + parts[1]
			return noun, nounClass, true
		case t.below[candidate] != nil:
			return candidate, candidate, true
		}
	}
	return "", "", false
}

// refusal says why the package at one relative path may not import the one at another, or "" when it may.
func (t table) refusal(from, to string) string {
	fromFolder, fromClass, ok := t.room(from)
	if !ok {
		return fmt.Sprintf("%s has no line in the table of rooms_test.go: say where it belongs and why", from)
	}
	toFolder, toClass, ok := t.room(to)
	if !ok {
		return fmt.Sprintf("%s has no line in the table of rooms_test.go: say where it belongs and why", to)
	}
	if fromFolder == toFolder || t.below[fromClass][toClass] {
		return ""
	}
	allowed := slices.Sorted(maps.Keys(t.below[fromClass]))
	return fmt.Sprintf("%s may not import %s: %s; it may import %s",
		from, to, t.why[fromClass], strings.Join(allowed, ", "))
}

// rooms is the table every test here works with.
func rooms(t *testing.T) table {
	t.Helper()
	parsed, err := parseTable(direction)
	require.NoError(t, err)
	return parsed
}

func TestDirectionRefusesWhatItShould(t *testing.T) {
	t.Parallel()
	parsed := rooms(t)
	for _, c := range []struct {
		from, to string
		refused  string
	}{
		{"internal/sdl", "internal/ids", ""},
		{"internal/sdl/units", "internal/sdl", ""},
		{"internal/sdl", "internal/keys", "no network, no clock, no files"},
		{"internal/sdl", "internal/market", "may not import"},
		{"internal/ids", "internal/coin", "know nothing of each other"},
		{"internal/chain/tx", "internal/chain", ""},
		{"internal/chain", "internal/chain/tx", "may not import"},
		{"internal/chain/tx", "internal/pb/akash/market/v1beta5", ""},
		{"internal/gateway", "internal/chain", "knows nothing of the chain client"},
		{"internal/deploy", "internal/provider/diags", "no Terraform in them"},
		{"internal/provider/lease", "internal/deploy", ""},
		{"internal/provider/lease", "internal/provider/diags", ""},
		{"internal/provider/lease", "internal/provider/deployment", "may not import"},
		{"internal/provider/lease", "internal/provider", "may not import"},
		{"internal/provider", "internal/provider/lease", ""},
		{"internal/provider", "internal/devnet", "may not import"},
		{"internal/devnet/akashprovider", "internal/devnet/wallet", ""},
		{"internal/devnet/app", "internal/sdl", "agrees with its bugs"},
		{"internal/devnet/cmd/akash-devnet", "internal/devnet", ""},
		{"internal/devnet/conformance", "internal/devnet/wallet", ""},
		{"internal/devnet/conformance", "internal/chain", "know endpoints"},
		{"internal/devnet", "internal/devnet/conformance", "may not import"},
		{".", "internal/provider", ""},
		{".", "internal/acctest", "may not import"},
		{"internal/newroom", "internal/ids", "has no line"},
		{"internal/sdl", "internal/newroom", "has no line"},
	} {
		got := parsed.refusal(c.from, c.to)
		if c.refused == "" {
			require.Empty(t, got, "%s to %s", c.from, c.to)
		} else {
			require.Contains(t, got, c.refused, "%s to %s", c.from, c.to)
		}
	}
}

func TestParseTableRefusesMistakes(t *testing.T) {
	t.Parallel()
	for text, message := range map[string]string{
		"a < b;":                        "needs a reason",
		"# r\nNONE < a;\nb < c;":        `"b" is used before`,
		"# r\nNONE < a\n":               "unfinished rule",
		"# r\nNONE < a, , b;":           "empty name",
		"# r\nNONE < a;\n\n# r\na < ;":  "empty name",
		"# r\nNONE < a;\na, zz < b < c": "unfinished rule",
	} {
		_, err := parseTable(text)
		require.ErrorContains(t, err, message, "%q", text)
	}
}
