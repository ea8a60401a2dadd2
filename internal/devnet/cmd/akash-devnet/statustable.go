// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/page"
)

// row is one line of the table: a heading, or cells that line up with those of the rows around it.
type row struct {
	heading string
	cells   []string
	style   string
}

// Styles, as terminals number them.
const (
	styleNone = ""
	styleBold = "1"
	styleDim  = "2"
	styleGood = "32"
	styleWarn = "33"
)

// table puts a view into rows.
func table(v page.View, base string) []row {
	head := fmt.Sprintf("%s  height %d  a block every %s  %s", v.ChainID, v.Height, v.BlockTime, base)
	rows := []row{{heading: head, style: styleBold}, {heading: "leases cost " + burnText(v)}}
	if len(v.Faults) > 0 {
		rows = append(rows, row{heading: "faults of the endpoints: " + strings.Join(v.Faults, ", "), style: styleWarn})
	}
	rows = append(rows, auctionRows(v)...)
	rows = append(rows, leaseRows(v)...)
	rows = append(rows, escrowRows(v)...)
	rows = append(rows, sellerRows(v)...)
	return append(rows, blockRows(v)...)
}

func burnText(v page.View) string {
	text := v.Burn.String()
	if text == "" {
		text = "nothing"
	}
	if v.More {
		text += " and more"
	}
	return text
}

// section begins a part of the table.
func section(title string) []row { return []row{{}, {heading: title, style: styleBold}} }

func auctionRows(v page.View) []row {
	rows := section("ORDERS AND BIDS")
	if len(v.Auctions) == 0 {
		rows = append(rows, row{heading: "  none yet", style: styleDim})
	}
	for _, a := range v.Auctions {
		rows = append(rows, row{heading: fmt.Sprintf("  %s  %s  block %d, pays at most %s: %s",
			orderText(a.Order), a.State, a.Height, a.Ceiling, strings.Join(a.Wants, "; "))})
		for _, o := range a.Opinions {
			rows = append(rows, row{
				cells: []string{
					"    " + page.Short(o.AkashProvider), string(o.Verdict), priceOf(o.Price), monthOf(o.Price), o.Reason,
				},
				style: verdictStyle(o.Verdict),
			})
		}
		if a.LeftOut > 0 {
			rows = append(rows, row{heading: fmt.Sprintf("    and %d more Akash providers", a.LeftOut), style: styleDim})
		}
	}
	return rows
}

func verdictStyle(v page.Verdict) string {
	switch v {
	case page.VerdictActive:
		return styleGood
	case page.VerdictBidding, page.VerdictUndecided:
		return styleWarn
	case page.VerdictOpen:
		return styleNone
	default:
		return styleDim
	}
}

func leaseRows(v page.View) []row {
	rows := section("LEASES")
	if len(v.Leases) == 0 {
		rows = append(rows, row{heading: "  none yet", style: styleDim})
	}
	for _, l := range v.Leases {
		r := row{style: styleGood, cells: []string{
			"  " + orderText(l.Order), page.Short(l.AkashProvider), page.Words(l.State), priceOf(l.Price), monthOf(l.Price),
			fmt.Sprintf("since block %d", l.Since),
		}}
		if l.ClosedOn > 0 {
			r.style = styleDim
			r.cells[5] = fmt.Sprintf("until block %d: %s", l.ClosedOn, page.Words(l.Reason))
		}
		rows = append(rows, r)
	}
	return rows
}

func escrowRows(v page.View) []row {
	rows := section("ESCROW")
	if len(v.Escrows) == 0 {
		rows = append(rows, row{heading: "  no deployment has a lease or an open order", style: styleDim})
	}
	for _, e := range v.Escrows {
		lasts := "nothing is paid from it"
		if e.Blocks >= 0 {
			lasts = fmt.Sprintf("lasts %s, here %s (%d blocks)", e.Lasts, e.LastsHere, e.Blocks)
		}
		rows = append(rows, row{cells: []string{
			fmt.Sprintf("  %s/%d", page.Short(e.Owner), e.DSeq), e.State, e.Balance, priceOf(e.Burn), monthOf(e.Burn), lasts,
		}})
	}
	return rows
}

// maxSellerRows keeps a market of hundreds from pushing all else off the screen.
const maxSellerRows = 12

func sellerRows(v page.View) []row {
	rows := section("AKASH PROVIDERS")
	for _, p := range v.AkashProviders[:min(len(v.AkashProviders), maxSellerRows)] {
		r := row{cells: []string{
			"  " + p.Name, page.Short(p.Address), p.HostURI, count(p.Leases, "lease"),
			count(p.Bids, "open bid"), strings.Join(p.Faults, ", "),
		}}
		if len(p.Faults) > 0 {
			r.style = styleWarn
		}
		rows = append(rows, r)
	}
	if more := len(v.AkashProviders) - maxSellerRows; more > 0 {
		rows = append(rows, row{heading: fmt.Sprintf("  and %d more", more), style: styleDim})
	}
	return rows
}

func blockRows(v page.View) []row {
	rows := section("LATEST BLOCKS")
	for _, b := range v.Blocks {
		rows = append(rows, row{cells: []string{
			fmt.Sprintf("  %d", b.Height), b.Time.UTC().Format("15:04:05 UTC"), strings.Join(b.Txs, " · "),
		}})
	}
	return rows
}

func orderText(o page.Order) string {
	return fmt.Sprintf("%s/%d/%d/%d", page.Short(o.Owner), o.DSeq, o.GSeq, o.OSeq)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func priceOf(p page.Price) string {
	if p.PerBlock == "" {
		return "-"
	}
	return p.PerBlock + " " + p.Denom + "/block"
}

func monthOf(p page.Price) string {
	if p.USDPerMonth == "" {
		return "-"
	}
	return p.USDPerMonth + " USD/month"
}

// render writes rows, cells of neighbouring rows in columns, lines cut at width and the whole at height; 0 is no
// limit.
func render(rows []row, width, height int, color bool) string {
	cut := ""
	if height > 0 && len(rows) > height {
		cut = fmt.Sprintf("… %d more lines: make the window higher, or open the address above in a browser",
			len(rows)-height+1)
		rows = rows[:max(0, height-1)]
	}
	var out strings.Builder
	for from := 0; from < len(rows); {
		to := from + 1
		for len(rows[from].cells) > 0 && to < len(rows) && len(rows[to].cells) > 0 {
			to++
		}
		widths := columns(rows[from:to])
		for _, r := range rows[from:to] {
			writeLine(&out, layOut(r, widths), r.style, width, color)
		}
		from = to
	}
	if cut != "" {
		writeLine(&out, cut, styleDim, width, color)
	}
	return out.String()
}

// columns are the widths that rows of cells need.
func columns(rows []row) []int {
	var widths []int
	for _, r := range rows {
		for i, cell := range r.cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(printable(cell)))
		}
	}
	return widths
}

func layOut(r row, widths []int) string {
	if len(r.cells) == 0 {
		return printable(r.heading)
	}
	var line strings.Builder
	for i, cell := range r.cells {
		cell = printable(cell)
		line.WriteString(cell)
		line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
	}
	return strings.TrimRight(line.String(), " ")
}

func writeLine(out *strings.Builder, line, style string, width int, color bool) {
	if runes := []rune(line); width > 0 && len(runes) > width {
		line = string(runes[:width-1]) + "…"
	}
	if color && style != styleNone && line != "" {
		line = "\x1b[" + style + "m" + line + "\x1b[0m"
	}
	out.WriteString(line + "\n")
}

// printable takes from a text what could move the cursor or turn the direction of writing: texts come from the chain.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, text)
}
