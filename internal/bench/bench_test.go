// SPDX-License-Identifier: Apache-2.0

package bench_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/bench"
)

// actAs makes this test binary play a program to be measured.
const actAs = "AKASH_TEST_BENCH_PROGRAM"

func TestMain(m *testing.M) {
	switch os.Getenv(actAs) {
	case "":
		os.Exit(m.Run())
	case "plugin":
		_, _ = io.WriteString(os.Stdout, "1|6|unix|/tmp/socket|grpc|\n")
	case "broken":
		_, _ = io.WriteString(os.Stderr, "why it broke\n")
		os.Exit(3)
	}
	select {} // until it is told to go
}

func TestStartTakesTheSampleWhenReady(t *testing.T) {
	t.Parallel()
	sample, err := bench.Start(t.Context(), bench.Handshake, []string{actAs + "=plugin"}, os.Args[0])
	require.NoError(t, err)
	require.Positive(t, sample.Ready)
	require.Equal(t, "1|6|unix|/tmp/socket|grpc|", sample.Announce)
	if runtime.GOOS == "linux" {
		require.Greater(t, sample.PeakRSS, int64(1<<20), "a Go program has more than a mebibyte")
	}
}

func TestStartTellsWhyAProgramWasNotReady(t *testing.T) {
	t.Parallel()
	_, err := bench.Start(t.Context(), bench.Handshake, []string{actAs + "=broken"}, os.Args[0])
	require.ErrorIs(t, err, io.EOF)
	require.ErrorContains(t, err, "why it broke")

	_, err = bench.Start(t.Context(), bench.Handshake, nil, "/nonexistent/program")
	require.ErrorIs(t, err, os.ErrNotExist)

	silent, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err = bench.Start(silent, bench.Handshake, []string{actAs + "=silent"}, os.Args[0])
	require.Error(t, err)
}

func TestAnnouncements(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, stdout, want, message string
		read                        bench.Announcement
	}{
		{"handshake", "1|6|unix|/x|grpc|\nmore", "1|6|unix|/x|grpc|", "", bench.Handshake},
		{"with carriage return", "1|6|tcp|127.0.0.1:1|grpc|cert\r\n", "1|6|tcp|127.0.0.1:1|grpc|cert", "", bench.Handshake},
		{"old protocol", "1|5|unix|/x|grpc|\n", "", "protocol 6", bench.Handshake},
		{"a person's answer", "This binary is a plugin.\n", "", "protocol 6", bench.Handshake},
		{"cut short", "1|6|unix", "", "ended after", bench.Handshake},
		{"object over lines", "{\n \"rpc\": \"http://x\"\n}\n", `{"rpc":"http://x"}`, "", bench.Object},
		{"not an object", "[1]\n", "", "JSON object", bench.Object},
		{"a banner first", "akash-devnet\n", "", "JSON object", bench.Object},
	} {
		got, err := c.read(strings.NewReader(c.stdout))
		if c.message == "" {
			require.NoError(t, err, c.name)
			require.Equal(t, c.want, got, c.name)
		} else {
			require.ErrorContains(t, err, c.message, c.name)
		}
	}
}

func TestSummariseTakesMedians(t *testing.T) {
	t.Parallel()
	samples := []bench.Sample{
		{Ready: 30 * time.Millisecond, PeakRSS: 10 << 20},
		{Ready: 900 * time.Millisecond, PeakRSS: 12 << 20},
		{Ready: 20 * time.Millisecond, PeakRSS: 14 << 20},
	}
	require.Equal(t, bench.Figures{Ready: 30 * time.Millisecond, PeakRSS: 12 << 20, Size: 7, Runs: 3},
		bench.Summarise(samples, 7))
	require.Equal(t, 20*time.Millisecond, bench.Summarise(samples[1:], 0).Ready, "the lower middle of two")
	require.Equal(t, bench.Figures{}, bench.Summarise(nil, 0))
}

func TestPrint(t *testing.T) {
	t.Parallel()
	small := bench.Figures{Ready: 8 * time.Millisecond, PeakRSS: 16 << 20, Size: 18_000_000, Runs: 3}
	large := bench.Figures{Ready: 20 * time.Millisecond, PeakRSS: 40 << 20, Size: 45_000_000, Runs: 3}
	var text strings.Builder
	require.NoError(t, bench.Print(&text, []bench.Row{
		{Name: "minimal", Figures: small},
		{Name: "ours", Figures: large, Against: &small},
		{Name: "devnet", Figures: bench.Figures{Ready: 800 * time.Millisecond, Runs: 1}},
	}))
	require.Equal(t, strings.Join([]string{
		"program  ready (median)  peak memory      binary          runs",
		"minimal  8.0 ms          16.0 MiB         18.0 MB         3",
		"ours     20.0 ms (2.5x)  40.0 MiB (2.5x)  45.0 MB (2.5x)  3",
		"devnet   800.0 ms        unknown          unknown         1",
		"",
	}, "\n"), text.String())

	require.Error(t, bench.Print(failing{}, nil))
}

// failing is a writer that is full.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, fmt.Errorf("write: %w", errors.ErrUnsupported) }
