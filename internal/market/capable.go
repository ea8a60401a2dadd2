// SPDX-License-Identifier: Apache-2.0

package market

import (
	"fmt"
	"slices"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

// teeKey is the attribute by which Akash providers declare confidential computing; its value is the kind. An SDL asks
// for it with params.tee.
const teeKey = "tee/type"

// Capability is something rare that a group asks for, and how many have it whatever else they lack.
type Capability struct {
	// Name says what, e.g. "confidential computing (tee: cpu)".
	Name string
	// Capable of Of have it; Silent of these do not tell.
	Capable, Of, Silent int
	// Among says who these are.
	Among string
}

// String is a sentence without its full stop.
func (c Capability) String() string {
	text := fmt.Sprintf("%s: %d of %d %s", c.Name, c.Capable, c.Of, c.Among)
	if c.Silent > 0 {
		text += fmt.Sprintf(", %d did not answer", c.Silent)
	}
	return text
}

// capabilities counts who has what a group asks for in confidential computing, by the chain, and in reclamation, by the
// gateways of those who suit otherwise: nobody else's is asked.
func (s Snapshot) capabilities(q Question) []Capability {
	var out []Capability
	for _, wanted := range q.Group.Requirements.Attributes {
		if wanted.Key != teeKey {
			continue
		}
		c := Capability{Name: teeText(wanted.Value), Of: len(s.Candidates), Among: "Akash providers declare it"}
		for _, candidate := range s.Candidates {
			if covers(candidate.Attributes, []attributesv1.Attribute{wanted}) {
				c.Capable++
			}
		}
		out = append(out, c)
	}
	if q.MinReclamation <= 0 {
		return out
	}
	c := Capability{
		Name:  WindowText(q.MinReclamation) + " of notice before a lease is taken back",
		Among: "that declare all else say they give it",
	}
	for _, candidate := range s.Candidates {
		if q.Unsuited(candidate.Seller) != "" {
			continue
		}
		c.Of++
		switch {
		case candidate.Inventory == nil:
			c.Silent++
		case candidate.Inventory.ReclamationWindow >= q.MinReclamation:
			c.Capable++
		}
	}
	return append(out, c)
}

func teeText(kind string) string { return "confidential computing (tee: " + kind + ")" }

// lackText names an attribute that a seller has not declared, as people know it.
func (s Seller) lackText(missing attributesv1.Attribute) string {
	if missing.Key != teeKey {
		return "no attribute " + missing.Key + " = " + missing.Value
	}
	// One key has one value: who declares cpu-gpu is not asked for cpu.
	other := slices.IndexFunc(s.Attributes, func(a attributesv1.Attribute) bool { return a.Key == teeKey })
	if other >= 0 {
		return "no " + teeText(missing.Value) + ", tee: " + s.Attributes[other].Value + " instead"
	}
	return "no " + teeText(missing.Value)
}
