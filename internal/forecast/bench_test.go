// SPDX-License-Identifier: Apache-2.0

package forecast_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// BenchmarkRead reads a market of 200 Akash providers of which a tenth refuses connections, a tenth takes them and
// never answers, a tenth answers after 1.5 s, and the rest at once: for the first time, by another process that finds
// the files, and again by the same process. Beside it stands the same market without those. The devnet takes its share
// of the machine. Run it with -benchtime 1x.
func BenchmarkRead(b *testing.B) {
	const sellers = 200
	for _, c := range []struct {
		name    string
		trouble []akashprovider.Faults
	}{
		{"all-well", nil},
		{"30-percent-dead-or-slow", []akashprovider.Faults{
			{Dead: true}, {Delay: time.Minute}, {Delay: 1500 * time.Millisecond},
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			n, reader := running(b, devnet.Options{AkashProviders: akashprovider.GenerateSpecs(sellers, 1)})
			for i, p := range n.AkashProviders() {
				if i%10 < len(c.trouble) {
					p.SetFaults(c.trouble[i%10])
				}
			}
			for b.Loop() {
				dir := b.TempDir()
				first := reader(dir)
				read := func(from string) float64 {
					r := first
					if from == "another" {
						r = reader(dir)
					}
					began := time.Now()
					got, err := r.Read(b.Context(), nil)
					took := time.Since(began)
					require.NoError(b, err)
					require.Len(b, got.Candidates, sellers)
					require.Empty(b, got.Partial)
					told := 0
					for _, candidate := range got.Candidates {
						if candidate.Inventory != nil {
							told++
						}
					}
					b.ReportMetric(float64(told), "told")
					return float64(took.Microseconds()) / 1000
				}
				cold, warm, again := read("first"), read("another"), read("first")
				b.ReportMetric(cold, "cold-ms")
				b.ReportMetric(warm, "warm-ms")
				b.ReportMetric(again, "again-ms")
				b.ReportMetric(cold/warm, "cold/warm")
			}
		})
	}
}
