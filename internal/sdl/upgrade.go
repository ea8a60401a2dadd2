// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"regexp"
	"strconv"
	"strings"

	"cosmossdk.io/math"
	"gopkg.in/yaml.v3"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// UpgradeOptions say what [Upgrade] cannot know.
type UpgradeOptions struct {
	// USDPerAKT is what one AKT is worth in US dollars, a positive decimal. The
	// zero value means that it is not known; then a price in uakt is an error.
	USDPerAKT math.LegacyDec
}

// usdc is USDC as it came to Akash over IBC: an old denomination of prices, worth a millionth of a dollar like uact.
const usdc = "ibc/170C677610AC31DF0904FFE09CD3B5C657492170E7E52372E48756B71E56F2F1"

// maxOldPrice bounds a price that is converted, so that the product cannot overflow. The chain allows far less.
const maxOldPrice = 1_000_000_000_000

// Upgrade writes an SDL the way today's network wants it: prices in uakt become
// uact of the same value, prices in the network's USDC become uact, and sizes
// the network refuses for their suffix get the one that was meant ("512mi" is
// 512Mi, "4GB" is 4G, "80GB" of GPU memory is 80Gi, "500M" of CPU is 500m).
//
// Only those values change; comments, order, quotes and everything else stay
// byte for byte. A text that needs nothing comes back unchanged, so upgrading
// twice is upgrading once. The text is nil exactly when a problem is an error:
// a price in uakt without a rate, or a document that [Parse] would still refuse.
func Upgrade(src []byte, o UpgradeOptions) ([]byte, Problems) {
	scratch := &reader{}
	root := scratch.parseYAML(src)
	if root == nil {
		return nil, scratch.problems.sorted()
	}
	scratch.nodes = countNodes(root)
	u := newUpgrader(scratch, src)
	if rate := o.USDPerAKT; !rate.IsNil() && rate.IsPositive() {
		u.worth = func(old string) string { return convert(old, rate) }
	}
	u.document(root)
	u.checkShared(root)
	if u.report.errors > 0 {
		return nil, u.report.problems.sorted()
	}
	text := u.editor.apply()
	doc, problems := Parse(text)
	if doc == nil {
		return nil, problems
	}
	return text, problems
}

// upgrader finds the values to change.
type upgrader struct {
	walk    *reader // walks the nodes; what it finds wrong is left to Parse
	report  reader  // collects what stops the upgrade
	editor  *editor
	worth   func(old string) string // an amount of uakt in uact; nil while that is not known
	changes []upgradeChange         // what is planned, each scalar once
	planned map[*yaml.Node]string   // values to be, also of scalars that stay
	reached map[*yaml.Node]bool     // scalars and aliases of scalars that were looked at
}

func newUpgrader(walk *reader, src []byte) *upgrader {
	return &upgrader{
		walk: walk, editor: newEditor(src),
		planned: make(map[*yaml.Node]string), reached: make(map[*yaml.Node]bool),
	}
}

func (u *upgrader) document(root *yaml.Node) {
	at := &site{index: isKey, line: root.Line, column: root.Column}
	u.each(root, at, "profiles", func(profiles *yaml.Node, at *site) {
		u.each(profiles, at, "compute", func(n *yaml.Node, at *site) {
			u.all(n, at, func(n *yaml.Node, at *site) { u.each(n, at, "resources", u.resources) })
		})
		u.each(profiles, at, "placement", func(n *yaml.Node, at *site) {
			u.all(n, at, func(n *yaml.Node, at *site) {
				u.each(n, at, "pricing", func(n *yaml.Node, at *site) { u.all(n, at, u.price) })
			})
		})
	})
}

// all visits the values of a mapping or the items of a list.
func (u *upgrader) all(n *yaml.Node, at *site, visit func(n *yaml.Node, at *site)) {
	if list := deref(n); list.Kind == yaml.SequenceNode {
		for i, item := range list.Content {
			visit(item, at.item(i, item))
		}
		return
	}
	entries, _ := u.walk.entries(n, at)
	for _, e := range entries {
		visit(e.value, at.field(e.key, e.keyNode, e.value))
	}
}

// each visits the value of one key of a mapping.
func (u *upgrader) each(n *yaml.Node, at *site, key string, visit func(n *yaml.Node, at *site)) {
	if deref(n).Kind != yaml.MappingNode {
		return
	}
	entries, _ := u.walk.entries(n, at)
	for _, e := range entries {
		if e.key == key {
			visit(e.value, at.field(e.key, e.keyNode, e.value))
			return
		}
	}
}

func (u *upgrader) resources(n *yaml.Node, at *site) {
	size := func(n *yaml.Node, at *site) { u.set(n, at, upgradeSize) }
	u.each(n, at, "cpu", func(n *yaml.Node, at *site) {
		u.each(n, at, "units", func(n *yaml.Node, at *site) { u.set(n, at, upgradeMillicpu) })
	})
	u.each(n, at, "memory", func(n *yaml.Node, at *site) { u.each(n, at, "size", size) })
	u.each(n, at, "storage", func(n *yaml.Node, at *site) {
		if deref(n).Kind == yaml.MappingNode {
			u.each(n, at, "size", size)
			return
		}
		u.all(n, at, func(n *yaml.Node, at *site) { u.each(n, at, "size", size) })
	})
	u.each(n, at, "gpu", func(n *yaml.Node, at *site) {
		u.each(n, at, "attributes", func(n *yaml.Node, at *site) {
			u.each(n, at, "vendor", func(n *yaml.Node, at *site) {
				u.each(n, at, "nvidia", func(n *yaml.Node, at *site) {
					u.all(n, at, func(n *yaml.Node, at *site) {
						u.each(n, at, "ram", func(n *yaml.Node, at *site) { u.set(n, at, upgradeGPUMemory) })
					})
				})
			})
		})
	})
}

// price turns one price into uact.
func (u *upgrader) price(n *yaml.Node, at *site) {
	var denom, amount *yaml.Node
	var denomAt, amountAt *site
	u.each(n, at, "denom", func(n *yaml.Node, at *site) { denom, denomAt = n, at })
	u.each(n, at, "amount", func(n *yaml.Node, at *site) { amount, amountAt = n, at })
	if denom == nil || amount == nil {
		return
	}
	switch deref(denom).Value {
	case usdc:
	case coin.UAKT:
		if u.worth == nil {
			u.report.fail(denomAt, "say what one AKT is worth in US dollars, such as 0.85, so that the price keeps its value",
				"a price in uakt cannot become uact without a rate")
			return
		}
		u.set(amount, amountAt, u.worth)
	default:
		return
	}
	u.set(denom, denomAt, func(string) string { return coin.UACT })
}

// convert is a price in uakt as a price in uact, to 18 digits after the point;
// what is no price stays as it is and is refused as such.
func convert(old string, usdPerAKT math.LegacyDec) string {
	price, err := math.LegacyNewDecFromStr(old)
	most := math.LegacyNewDec(maxOldPrice)
	if err != nil || !price.IsPositive() || price.GT(most) || usdPerAKT.GT(most) {
		return old
	}
	return coin.Trim(math.LegacyMaxDec(price.Mul(usdPerAKT), math.LegacySmallestDec()))
}

// set notes the new value of a scalar.
func (u *upgrader) set(n *yaml.Node, at *site, change func(old string) string) {
	target := deref(n)
	if target.Kind != yaml.ScalarNode {
		return
	}
	u.reached[n] = true
	value := change(target.Value)
	before, known := u.planned[target]
	u.planned[target] = value
	switch {
	case known && before == value, !known && value == target.Value:
	case known || !u.editor.replace(target, value):
		u.report.fail(at, "write it as a plain value of its own", "this value must become %s but cannot be changed in place",
			value)
	default:
		u.changes = append(u.changes, upgradeChange{at: at, before: target.Value, after: value})
	}
}

// checkShared refuses to change a value that an alias or an anchor uses for something else as well.
func (u *upgrader) checkShared(n *yaml.Node) {
	target := deref(n)
	if value, known := u.planned[target]; known && value != target.Value && !u.reached[n] {
		at := &site{index: isKey, line: n.Line, column: n.Column}
		u.report.fail(at, "write the value out in both places",
			"this would change with a value that it shares, which must become %s", value)
	}
	for _, c := range n.Content {
		u.checkShared(c)
	}
}

// oldSize is a number and letters, perhaps apart.
var oldSize = regexp.MustCompile(`^\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*([a-zA-Z]+)\s*$`)

// upgradeSize gives a size the suffix that was meant. Ki, Mi, ... are powers of
// 1024 and K, M, ... of 1000, whatever their case and with or without "b" or "bytes".
func upgradeSize(old string) string {
	if _, err := parseBytes(old, false); err == nil {
		return old
	}
	number, letters, ok := splitSize(old)
	if !ok {
		return old
	}
	for _, suffix := range byteSuffixes {
		if letters == strings.ToLower(suffix.text) {
			return number + suffix.text
		}
	}
	if letters == "" {
		return number
	}
	return old
}

// upgradeGPUMemory gives the memory of a GPU its binary suffix: what shops call 80GB is 80Gi.
func upgradeGPUMemory(old string) string {
	if _, err := parseBytes(old, true); err == nil {
		return old
	}
	number, letters, ok := splitSize(old)
	if !ok || letters == "" {
		return old
	}
	for _, suffix := range byteSuffixes[:6] {
		if text := strings.ToLower(suffix.text); letters == text || letters == text[:1] {
			return number + suffix.text
		}
	}
	return old
}

// splitSize takes a size apart: its number, and its letters in lower case without those for bytes.
func splitSize(old string) (number, letters string, ok bool) {
	m := oldSize.FindStringSubmatch(old)
	if m == nil {
		return "", "", false
	}
	letters = strings.ToLower(m[2])
	for _, word := range []string{"bytes", "byte", "b"} {
		if rest, cut := strings.CutSuffix(letters, word); cut {
			return m[1], rest, true
		}
	}
	return m[1], letters, true
}

// upgradeMillicpu writes thousandths of a CPU with a small m.
func upgradeMillicpu(old string) string {
	if _, _, err := parseMillicpu(old); err == nil {
		return old
	}
	number := strings.TrimSpace(strings.TrimRight(strings.TrimSpace(old), "mM"))
	if _, err := strconv.ParseUint(number, 10, 32); err != nil {
		return old
	}
	return number + "m"
}
