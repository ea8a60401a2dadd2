// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"cmp"
	"fmt"
	"slices"
)

// UpgradePreview lists the values that [Upgrade] would change, a line each and in the order of the text, such as
// "line 24, column 19: profiles.placement.dcloud.pricing.web.denom: uakt → uact". What a price in uakt becomes hangs on
// the rate, so it stands there as a product: "10000 → 10000 × usd_per_akt". Values of other keys, which may be secret,
// are never in it, even where the whole SDL is one line. It is nil when nothing would change or Upgrade would refuse.
func UpgradePreview(src []byte) []string {
	scratch := &reader{}
	root := scratch.parseYAML(src)
	if root == nil {
		return nil
	}
	scratch.nodes = countNodes(root)
	u := newUpgrader(scratch, src)
	u.worth = func(old string) string { return old + " × usd_per_akt" }
	u.document(root)
	u.checkShared(root)
	if u.report.errors > 0 {
		return nil
	}
	slices.SortStableFunc(u.changes, func(a, b upgradeChange) int {
		return cmp.Or(cmp.Compare(a.at.line, b.at.line), cmp.Compare(a.at.column, b.at.column))
	})
	var lines []string
	for _, c := range u.changes {
		lines = append(lines, c.String())
	}
	return lines
}

// upgradeChange is a value that an upgrade replaces.
type upgradeChange struct {
	at            *site
	before, after string
}

// String is a line of a preview.
func (c upgradeChange) String() string {
	return fmt.Sprintf("line %d, column %d: %s: %s → %s",
		c.at.line, c.at.column, c.at.path(), clip(c.before), clip(c.after))
}
