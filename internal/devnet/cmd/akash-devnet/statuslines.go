// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/page"
)

// news tells of each thing once, and again when it has changed: the last text by what it is about.
type news map[string]string

// tell writes a line for everything that the view says otherwise than the ones before.
func (n news) tell(w io.Writer, v page.View) error {
	var out strings.Builder
	for _, f := range facts(v) {
		if before, known := n[f.about]; known && before == f.text {
			continue
		}
		n[f.about] = f.text
		fmt.Fprintf(&out, "%d  %s\n", v.Height, printable(f.text))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// fact is something that can be told in a line.
type fact struct{ about, text string }

// facts puts a view into lines, in the order in which things come about.
func facts(v page.View) []fact {
	list := []fact{
		{"chain", fmt.Sprintf("chain %s, a block every %s", v.ChainID, v.BlockTime)},
		{"faults", "faults of the endpoints: " + listText(v.Faults)},
	}
	for _, p := range v.AkashProviders {
		text := fmt.Sprintf("Akash provider %s, faults: %s", p.Name, listText(p.Faults))
		list = append(list, fact{"seller " + p.Address, text})
	}
	for i := len(v.Blocks) - 1; i >= 0; i-- {
		if b := v.Blocks[i]; len(b.Txs) > 0 {
			about := fmt.Sprintf("block %d", b.Height)
			list = append(list, fact{about, about + ": " + strings.Join(b.Txs, " · ")})
		}
	}
	for i := len(v.Auctions) - 1; i >= 0; i-- {
		a := v.Auctions[i]
		list = append(list, fact{"order " + a.Order.ID, fmt.Sprintf("order %s %s, pays at most %s: %s",
			orderText(a.Order), a.State, a.Ceiling, strings.Join(a.Wants, "; "))})
		for _, o := range a.Opinions {
			text := fmt.Sprintf("bid of %s on %s %s: %s", page.Short(o.AkashProvider), orderText(a.Order), o.Verdict, o.Price)
			switch o.Verdict {
			case page.VerdictUndecided:
				continue // worth a line once it is decided
			case page.VerdictNo:
				text = fmt.Sprintf("no bid of %s on %s: %s", page.Short(o.AkashProvider), orderText(a.Order), o.Reason)
			default:
			}
			list = append(list, fact{"opinion " + a.Order.ID + " " + o.Address, text})
		}
	}
	for i := len(v.Leases) - 1; i >= 0; i-- {
		l := v.Leases[i]
		text := fmt.Sprintf("lease %s with %s %s: %s",
			orderText(l.Order), page.Short(l.AkashProvider), page.Words(l.State), l.Price)
		if l.Reason != "" {
			text += ", " + page.Words(l.Reason)
		}
		list = append(list, fact{"lease " + l.Order.ID + " " + l.Address, text})
	}
	for _, e := range v.Escrows {
		text := fmt.Sprintf("escrow of %s/%d %s, pays %s",
			page.Short(e.Owner), e.DSeq, e.State, orNothing(e.Burn.String()))
		list = append(list, fact{"escrow " + e.Deployment, text})
	}
	return append(list, fact{"burn", "leases cost " + burnText(v)})
}

func listText(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}
