// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/page"
)

const hostile = "dcloud\x1b[2J\u202eevil\n\x07"

// busy is a view with something in every part.
func busy() page.View {
	price := page.Price{PerBlock: "2.43944", Denom: "uact", USDPerMonth: "1.07"}
	order := page.Order{ID: "akash1a/7/1/1", Owner: "tenant", DSeq: 7, GSeq: 1, OSeq: 1}
	past := order
	past.ID, past.Owner, past.DSeq = "akash1a/6/1/1", "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c", 6
	at := time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)
	return page.View{
		ChainID: "akash-devnet-1", Height: 321, Time: at, BlockTime: "200ms", Burn: price,
		Faults: []string{"lag-blocks=2"},
		Blocks: []page.Block{
			{Height: 321, Time: at, Txs: []string{"CreateLease", "CreateBid, CreateBid"}}, {Height: 320, Time: at},
		},
		Auctions: []page.Auction{{
			Order: order, State: "active", Height: 300, Group: hostile, Wants: []string{"1 × 0.5 cpu of " + hostile},
			Ceiling: page.Price{PerBlock: "100", Denom: "uact", USDPerMonth: "43.83"},
			Opinions: []page.Opinion{
				{AkashProvider: "amber", Address: "akash1b", Verdict: page.VerdictActive, Price: price},
				{AkashProvider: "birch", Address: "akash1c", Verdict: page.VerdictLost, Price: price},
				{AkashProvider: "cedar", Address: "akash1d", Verdict: page.VerdictNo, Reason: "fault: it never bids"},
			},
			LeftOut: 3,
		}},
		Leases: []page.Lease{
			{Order: order, AkashProvider: "amber", Address: "akash1b", State: "active", Price: price, Since: 310},
			{
				Order: past, AkashProvider: "birch", Address: "akash1c", State: "closed", Price: price, Since: 1, ClosedOn: 9,
				Reason: "lease_closed_owner",
			},
		},
		Escrows: []page.Escrow{
			{
				Deployment: "akash1a/7", Owner: "tenant", DSeq: 7, State: "open", Balance: "4.9 ACT", Burn: price,
				Blocks: 2_000_000, Lasts: "138d 21h", LastsHere: "4d 15h",
			},
			{Deployment: "akash1a/8", Owner: "tenant", DSeq: 8, State: "open", Balance: "5 ACT", Blocks: -1},
		},
		AkashProviders: []page.AkashProvider{
			{Name: "amber", Address: "akash1b", HostURI: "https://127.0.0.1:4433", Leases: 1},
			{Name: "cedar", Address: "akash1d", HostURI: "https://127.0.0.1:4435", Faults: []string{"never-bid"}},
		},
	}
}

func checkGolden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), text)
}

func TestTable(t *testing.T) {
	t.Parallel()
	rows := table(busy(), "http://127.0.0.1:26600")
	checkGolden(t, "table.txt", render(rows, 0, 0, false))
	empty := table(page.View{ChainID: "c-1", BlockTime: "1s"}, "http://127.0.0.1:1")
	checkGolden(t, "table-empty.txt", render(empty, 0, 0, false))

	narrow := render(rows, 40, 12, false)
	lines := strings.Split(strings.TrimSuffix(narrow, "\n"), "\n")
	require.Len(t, lines, 12)
	require.Contains(t, lines[11], "more lines")
	for _, line := range lines {
		require.LessOrEqual(t, utf8.RuneCountInString(line), 40, line)
	}
	require.NotContains(t, render(rows, 0, 0, false), "\x1b", "no colour, and none from the chain")
	colored := render(rows, 0, 0, true)
	require.Contains(t, colored, "\x1b[32m")
	require.NotContains(t, colored, "\x1b[2J")
	require.Equal(t, strings.Count(colored, "\x1b[")/2, strings.Count(colored, "\x1b[0m"), "every style ends on its line")
}

func TestLinesTellChangesOnce(t *testing.T) {
	t.Parallel()
	told := news{}
	var out bytes.Buffer
	require.NoError(t, told.tell(&out, busy()))
	checkGolden(t, "lines.txt", out.String())

	out.Reset()
	next := busy()
	next.Height++
	require.NoError(t, told.tell(&out, next))
	require.Empty(t, out.String(), "nothing but the height has changed")

	next.Leases[0].State, next.Leases[0].Reason = "closed", "lease_closed_owner"
	next.Burn = page.Price{}
	require.NoError(t, told.tell(&out, next))
	require.Equal(t, "322  lease tenant/7/1/1 with amber closed: 2.43944 uact/block, 1.07 USD/month, lease closed owner\n"+
		"322  leases cost nothing\n", out.String())
}

func TestATerminalIsAskedFor(t *testing.T) {
	t.Parallel()
	_, ok := terminal(&bytes.Buffer{}, bare)
	require.False(t, ok)
	file, err := os.Open(os.DevNull)
	require.NoError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	_, ok = terminal(file, bare)
	require.False(t, ok)
}
