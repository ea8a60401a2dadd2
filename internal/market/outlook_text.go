// SPDX-License-Identifier: Apache-2.0

package market

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// Headline is the outlook in a line, for what name says, e.g. "web: 12 can run this, 4.10–7.80 USD/month, ceiling 10".
func (o Outlook) Headline(name string, blockTime time.Duration) string {
	prospect, _ := o.Prospect()
	var text string
	switch prospect {
	case Unreadable:
		return name + ": who would run this is not known, the market could not be read"
	case Nobody:
		text = "nobody can run this"
		if len(o.Excluded) > 0 {
			most := o.Excluded[0]
			text += fmt.Sprintf(": %q rules out %d of %d", most.Constraint, len(most.Sellers), o.Registered)
		}
		return name + ": " + text
	case PriceUnknown:
		text = count(len(o.Offers)) + " can run this, prices are not known yet"
	case TooDear:
		text = fmt.Sprintf("too dear: %s can run this, from about %s USD/month", count(len(o.Offers)),
			o.Low.USDPerMonth(blockTime))
	case Likely:
		text = o.likely(blockTime)
	}
	switch limit := o.Limit.Limit.USDPerMonth(blockTime); {
	case o.Limit.None():
	case o.Limit.Text == sdlPrice:
		text += ", the SDL allows " + limit
	default:
		text += ", ceiling " + limit
	}
	return name + ": " + text
}

// likely tells how many fit, and for how much.
func (o Outlook) likely(blockTime time.Duration) string {
	refused := 0
	for _, offer := range o.Offers {
		if offer.Refusal != "" {
			refused++
		}
	}
	who := count(len(o.Offers)) + " can run this"
	if refused > 0 {
		who = fmt.Sprintf("%d of %d that can run this fit", len(o.Offers)-refused, len(o.Offers))
	}
	low, high := o.Low.USDPerMonth(blockTime), o.High.USDPerMonth(blockTime)
	if low == high {
		return who + ", about " + low + " USD/month"
	}
	return who + ", " + low + "–" + high + " USD/month"
}

func count(n int) string {
	if n == 1 {
		return "1 Akash provider"
	}
	return fmt.Sprintf("%d Akash providers", n)
}

// rows of each table that people are shown; data.akash_forecast has all.
const rows = 8

// Tables lists who can run the group and what keeps the others away, as far as people read. Each line starts with a
// space, so that Terraform does not wrap it.
func (o Outlook) Tables(blockTime time.Duration, now time.Time) string {
	var b strings.Builder
	if len(o.Offers) > 0 {
		b.WriteString(o.offersTable(blockTime))
	}
	if len(o.Excluded) > 0 {
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString(o.excludedTable())
	}
	for _, capability := range o.Capabilities {
		fmt.Fprintf(&b, "\n %s.\n", capability)
	}
	for _, missing := range o.Partial {
		fmt.Fprintf(&b, "\n Not read: %s.\n", missing)
	}
	if !o.ReadAt.IsZero() {
		fmt.Fprintf(&b, "\n Read %s, at block %d.", age(now.Sub(o.ReadAt)), o.Height)
	}
	return strings.TrimRight(b.String(), "\n")
}

func (o Outlook) offersTable(blockTime time.Duration) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, " Can run it\tUSD/month\tprice from\tnote")
	for i, offer := range o.Offers {
		if i == rows && len(o.Offers) > rows+1 {
			fmt.Fprintf(w, " and %d more, up to\t%s\t\t\n", len(o.Offers)-rows, o.High.USDPerMonth(blockTime))
			break
		}
		price := "?"
		if offer.Basis != NoPrice {
			price = offer.Price.USDPerMonth(blockTime)
		}
		note := offer.Unsure
		switch {
		case offer.Refusal != "":
			note = offer.Refusal
		case o.overtakes(offer):
			note = "first by bid_policy"
		}
		fmt.Fprintf(w, " %s\t%s\t%s\t%s\n", offer.Seller.Addr, price, offer.Basis, note)
	}
	return flush(w, &b)
}

func (o Outlook) excludedTable() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, " Cannot\tbecause")
	for i, e := range o.Excluded {
		if i == rows && len(o.Excluded) > rows+1 {
			others := 0
			for _, rest := range o.Excluded[i:] {
				others += len(rest.Sellers)
			}
			fmt.Fprintf(w, " %d of %d\t%d other reasons\n", others, o.Registered, len(o.Excluded)-rows)
			break
		}
		fmt.Fprintf(w, " %d of %d\t%s\n", len(e.Sellers), o.Registered, e.Constraint)
	}
	return flush(w, &b)
}

// flush writes a table; cells that stay empty at the end of a line leave no spaces behind.
func flush(w *tabwriter.Writer, b *strings.Builder) string {
	if err := w.Flush(); err != nil {
		return " (the table could not be written: " + err.Error() + ")\n"
	}
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

// age tells how long ago something was, in whole units.
func age(d time.Duration) string {
	switch {
	case d < 5*time.Second:
		return "just now"
	case d < time.Minute:
		return fmt.Sprintf("%d seconds ago", int(d.Seconds()))
	case d < 2*time.Minute:
		return "a minute ago"
	default:
		return fmt.Sprintf("%d minutes ago", int(d.Minutes()))
	}
}

// WindowText writes a duration as SDLs have it: "24h" and not "24h0m0s".
func WindowText(d time.Duration) string {
	text := d.String()
	if d%time.Minute == 0 && d != 0 {
		text = strings.TrimSuffix(text, "0s")
	}
	if d%time.Hour == 0 && d != 0 {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
