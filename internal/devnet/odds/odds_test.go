// SPDX-License-Identifier: Apache-2.0

package odds_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/odds"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"", "always"},
		{"always", "always"},
		{"1", "1"},
		{"1000000", "1000000"},
		{"1/20", "1/20"},
		{"03/20", "3/20"},
		{"7/7", "always"},
	} {
		o, err := odds.Parse(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, o.String())
		again, err := odds.Parse(o.String())
		require.NoError(t, err)
		require.Equal(t, o, again)
	}
	for _, text := range []string{"0", "-1", "+1", "1.5", "often", "1/0", "0/1", "2/1", "1/2/3", "1000001", "1/", " 1"} {
		_, err := odds.Parse(text)
		require.ErrorContains(t, err, odds.Forms, text)
	}
	require.Equal(t, "never", odds.Odds{}.String())
}

func draw(d *odds.Dice, n int) (out []bool) {
	for range n {
		out = append(out, d.Next())
	}
	return out
}

func TestDice(t *testing.T) {
	t.Parallel()
	parse := func(text string) odds.Odds {
		o, err := odds.Parse(text)
		require.NoError(t, err)
		return o
	}
	counted := odds.NewDice(parse("2"), 1, "x")
	require.Equal(t, []bool{true, true, false, false}, draw(counted, 4))
	require.Equal(t, odds.Odds{}, counted.Left())
	require.Equal(t, []bool{true, true}, draw(odds.NewDice(odds.Always(), 1, "x"), 2))
	require.Equal(t, []bool{false}, draw(nil, 1))
	require.Equal(t, odds.Odds{}, (*odds.Dice)(nil).Left())

	twentieth := parse("1/20")
	first := draw(odds.NewDice(twentieth, 7, "x"), 2000)
	require.Equal(t, first, draw(odds.NewDice(twentieth, 7, "x"), 2000), "the same seed, the same draws")
	require.NotEqual(t, first, draw(odds.NewDice(twentieth, 8, "x"), 2000))
	require.NotEqual(t, first, draw(odds.NewDice(twentieth, 7, "y"), 2000))
	hits := 0
	for _, hit := range first {
		if hit {
			hits++
		}
	}
	require.InDelta(t, 100, hits, 40)
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "1/20", "3", "always", "x/1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o, err := odds.Parse(text)
		if err != nil {
			return
		}
		again, err := odds.Parse(o.String())
		require.NoError(t, err)
		require.Equal(t, o, again)
	})
}
