// SPDX-License-Identifier: Apache-2.0

package forecast_test

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/forecast"
)

func TestTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	planning, applying := forecast.NewTold(dir, clock), forecast.NewTold(dir, clock)
	require.False(t, planning.Again("web: 12 can run this"))
	require.True(t, planning.Again("web: 12 can run this"), "the second planning call of a replacement")
	require.True(t, applying.Again("web: 12 can run this"), "another process of the same CLI")
	require.False(t, applying.Again("web: 11 can run this"))

	require.False(t, forecast.NewTold(dir, clock).Under("4711@1").Again("web: 12 can run this"), "another CLI")

	now = now.Add(2 * time.Hour)
	require.False(t, planning.Again("web: 12 can run this"), "in the same process")
	require.False(t, forecast.NewTold(dir, clock).Again("web: 11 can run this"), "in another")
	left, err := os.ReadDir(filepath.Join(dir, "told"))
	require.NoError(t, err)
	require.Len(t, left, 2, "what is too old is swept")
}

func TestTold_withoutDisk(t *testing.T) {
	t.Parallel()
	blocked := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(blocked, nil, 0o600))
	for _, dir := range []string{"", blocked} {
		told := forecast.NewTold(dir, nil)
		require.False(t, told.Again("a"))
		require.True(t, told.Again("a"))
		require.False(t, forecast.NewTold(dir, nil).Again("a"), "told twice rather than never")
	}
}

func TestTold_race(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var first atomic.Int64
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if !forecast.NewTold(dir, nil).Again("a") {
				first.Add(1)
			}
		})
	}
	all.Wait()
	require.Equal(t, int64(1), first.Load())
}
