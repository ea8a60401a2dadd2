// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShownFindsWhatIsNotMasked(t *testing.T) {
	t.Parallel()
	value := map[string]any{
		"open": "a secret", "masked": "the secret", "list": []any{"x", "secret", map[string]any{"deep": "secret"}},
	}
	marks := map[string]any{"masked": true, "list": []any{false, false, map[string]any{"deep": true}}}
	require.ElementsMatch(t, []string{".open", ".list[1]"}, shown(value, marks, "secret", ""))
	require.ElementsMatch(t, []string{".open", ".masked", ".list[1]", ".list[2].deep"}, shown(value, false, "secret", ""))
	require.Empty(t, shown(value, true, "secret", ""))
}

func TestSaysSeesThroughWrapping(t *testing.T) {
	t.Parallel()
	message := "Error: Insufficient funds\n│\n│ the deposit of 5 ACT\n│ needs 5 ACT more (have 0)\n"
	require.Regexp(t, Says("Insufficient funds", "5 ACT needs 5 ACT more (have 0)"), message)
	require.NotRegexp(t, Says("needs 5 ACT", "Insufficient funds"), message)
	require.Contains(t, Unwrapped(message), "of 5 ACT needs 5 ACT")
}
