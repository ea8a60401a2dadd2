// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
)

// "make test-typescript" shows that the witness confirms what is true; this shows that it can do otherwise.
func TestWitnessContradicts(t *testing.T) {
	t.Parallel()
	network, err := devnet.Start(t.Context(), devnet.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, network.Stop()) })
	owner, err := wallet.Derive(devnet.TestMnemonic, defaultPath)
	require.NoError(t, err)
	w := &witness{network: network, owner: owner}
	require.NoError(t, w.holds(t.Context(), "0"))

	of := `"dseq":"7","provider":"` + network.AkashProviders()[0].Address() + `"`
	for _, c := range []struct{ question, want string }{
		{`{"at":"minted","uact":"0","burnt":"5"}`, "0 executed records with a credit, want one"},
		{`{"at":"leased",` + of + `,"price":"1","hash":""}`, "lease not found"},
		{`{"at":"closed",` + of + `,"spent":"0","uact":"0"}`, "lease not found"},
		{`{"at":"running",` + of + `,"env":"A=b","images":["i"]}`, "nothing runs"},
		{`{"at":"running","dseq":"7","provider":"` + owner + `"}`, "no Akash provider has the address"},
		{`{"at":"sunset"}`, "no such point of the story"},
		{`{"at":"minted","gold":"much"}`, `unknown field "gold"`},
		{`{"at":"leased","dseq":"-1"}`, "statement"},
		{`at noon`, "statement"},
	} {
		require.ErrorContains(t, w.confirm(t.Context(), c.question), c.want, c.question)
	}
	require.EqualError(t, w.holds(t.Context(), "1"), "uact of the owner: the client says 1, the devnet has 0")
}

func TestListen(t *testing.T) {
	t.Parallel()
	var answers, people bytes.Buffer
	said := "ok  1 connect\nwitness {\"at\":\"sunset\"}\nwitnesses are no question\n"
	err := (&witness{}).listen(t.Context(), strings.NewReader(said), &answers, &people)
	require.ErrorContains(t, err, `the client asked at ["sunset"], want`)
	require.JSONEq(t, `{"error":"no such point of the story"}`, answers.String())
	require.Equal(t, "ok  1 connect\nwitnesses are no question\n", people.String())

	done := &witness{heard: every}
	require.NoError(t, done.listen(t.Context(), strings.NewReader(""), &answers, &people))
}

// Packages come from the public registry, are known by hash, and have nothing to run when they are installed.
func TestLockFile(t *testing.T) {
	t.Parallel()
	var lock struct {
		Packages map[string]struct {
			Version, Resolved, Integrity string
			Dependencies                 map[string]string
			HasInstallScript, Link       bool
		}
	}
	text, err := os.ReadFile("package-lock.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &lock))
	require.Greater(t, len(lock.Packages), 1)
	for name, version := range lock.Packages[""].Dependencies {
		require.Regexp(t, `^[0-9]`, version, name)
		require.Equal(t, version, lock.Packages["node_modules/"+name].Version, name)
	}
	delete(lock.Packages, "")
	for name, p := range lock.Packages {
		require.True(t, strings.HasPrefix(p.Resolved, "https://registry.npmjs.org/"), "%s is from %q", name, p.Resolved)
		require.True(t, strings.HasPrefix(p.Integrity, "sha512-"), name)
		require.False(t, p.HasInstallScript || p.Link, name)
	}
}
