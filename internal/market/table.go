// SPDX-License-Identifier: Apache-2.0

package market

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"cosmossdk.io/math"
)

// Table lists every bid with its price and the reason, one a line. Each line
// starts with a space, so that Terraform does not wrap it.
func Table(verdicts []Verdict, blockTime time.Duration) string {
	if len(verdicts) == 0 {
		return " (no bid came in)"
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, " Akash provider\tper block\tUSD/month\tscore\tverdict")
	for _, v := range verdicts {
		fmt.Fprintf(w, " %s\t%s\t%s\t%s\t%s\n",
			v.Bid.ID.ProviderAddr, v.Bid.Price, v.Bid.Price.USDPerMonth(blockTime), v.ScoreText(), v.Reason)
	}
	if err := w.Flush(); err != nil {
		return " (the table could not be written: " + err.Error() + ")"
	}
	return strings.TrimRight(b.String(), "\n")
}

// ScoreText is the score with three decimals, rounded, e.g. "0.875"; "-" where there is none.
func (v Verdict) ScoreText() string {
	if v.Score.IsNil() {
		return "-"
	}
	thousandths := v.Score.MulInt64(1000).Add(math.LegacyNewDecWithPrec(5, 1)).TruncateInt64()
	return fmt.Sprintf("%d.%03d", thousandths/1000, thousandths%1000)
}
