// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// Figures are what one program came to over all its samples.
type Figures struct {
	Ready   time.Duration // median
	PeakRSS int64         // bytes, median; 0 is unknown
	Size    int64         // bytes of the binary; 0 is unknown
	Runs    int
}

// Summarise takes the median of each figure, so that one slow run of a busy machine does not count. Of no samples it
// makes zero figures.
func Summarise(samples []Sample, sizeBytes int64) Figures {
	ready, rss := make([]time.Duration, 0, len(samples)), make([]int64, 0, len(samples))
	for _, s := range samples {
		ready, rss = append(ready, s.Ready), append(rss, s.PeakRSS)
	}
	return Figures{Ready: median(ready), PeakRSS: median(rss), Size: sizeBytes, Runs: len(samples)}
}

// median is the middle of the values, the lower middle of an even number of them, the zero value of none.
func median[T cmp.Ordered](values []T) T {
	if len(values) == 0 {
		var zero T
		return zero
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)/2]
}

// Row is one line of the report.
type Row struct {
	Name    string
	Figures Figures
	Against *Figures // whom to divide by; nil for a line that stands alone
}

// Print writes the rows as a table, each figure with its ratio where there is something to compare with.
func Print(w io.Writer, rows []Row) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "program\tready (median)\tpeak memory\tbinary\truns") // an error comes back from Flush
	for _, row := range rows {
		var against Figures
		if row.Against != nil {
			against = *row.Against
		}
		fmt.Fprintf(table, "%s\t%s%s\t%s%s\t%s%s\t%d\n", row.Name,
			fmt.Sprintf("%.1f ms", row.Figures.Ready.Seconds()*1000), ratio(int64(row.Figures.Ready), int64(against.Ready)),
			mebibytes(row.Figures.PeakRSS), ratio(row.Figures.PeakRSS, against.PeakRSS),
			megabytes(row.Figures.Size), ratio(row.Figures.Size, against.Size), row.Figures.Runs)
	}
	return table.Flush()
}

// ratio is " (2.5x)", or nothing when either side is unknown.
func ratio(value, against int64) string {
	if value == 0 || against == 0 {
		return ""
	}
	return fmt.Sprintf(" (%.1fx)", float64(value)/float64(against))
}

func mebibytes(bytes int64) string {
	if bytes == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
