// SPDX-License-Identifier: Apache-2.0

package acctest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// amounts are the US dollars that a forecast or a line of a README names.
var amounts = regexp.MustCompile(`\b[0-9]+\.[0-9]{2}\b`)

// costLine begins the line of a README's table that says what the devnet's Akash providers would take.
const costLine = "| on the project's devnet |"

// requireCosts compares what READMEs say with the lowest price in the forecast of the system's main lease, or where
// there is none before apply, as for GPUs that are yet to be found, with the price of the lease. A forecast comes from
// bids of the minutes before, so a quarter more or less is the same; what dearer Akash providers take varies by more.
func requireCosts(t *testing.T, told map[string]string, outputs map[string]map[string]any) {
	t.Helper()
	for _, folder := range systemFolders(t) {
		text, err := os.ReadFile(filepath.Join(systemsDir, folder, "README.md"))
		require.NoError(t, err)
		said := ""
		for line := range strings.Lines(string(text)) {
			if rest, ok := strings.CutPrefix(line, costLine); ok {
				said = amounts.FindString(rest)
			}
		}
		actual, _ := outputs[folder]["usd_per_month"].(string)
		for resource, summary := range told {
			if strings.HasPrefix(resource, folder+".akash_lease.") {
				summary, _, _ = strings.Cut(summary, ", ceiling")
				actual = amounts.FindString(summary)
			}
		}
		assert.True(t, near(said, actual), "%s/README.md says %q, the devnet %q", folder, said, actual)
	}
}

// near reports whether two amounts differ by a quarter of the larger at most.
func near(a, b string) bool {
	x, err := math.LegacyNewDecFromStr(a)
	if err != nil {
		return false
	}
	y, err := math.LegacyNewDecFromStr(b)
	if err != nil {
		return false
	}
	return x.Sub(y).Abs().MulInt64(4).LTE(math.LegacyMaxDec(x, y))
}
