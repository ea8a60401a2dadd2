// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// Limits the chain puts on a group. They are constants of the network's code, not parameters.
const (
	minUnitMillicpu = 10
	maxUnitMillicpu = 384_000
	maxUnitGPU      = 24
	minUnitMemory   = 1 << 20
	maxUnitMemory   = 2 << 40
	minUnitStorage  = 5 << 20
	maxUnitStorage  = 32 << 40
	maxUnitPrice    = 10_000_000 // per block
	maxUnitCount    = 50         // enforced only as a factor of the totals
)

// total is what a group asks for, all replicas together.
type total struct {
	uses          []use
	units         []unit
	cpu, mem, gpu math.Int
	incomplete    bool
}

// unit is a resource unit of a group in the making: a compute profile and how often it runs.
type unit struct {
	compute *compute
	profile string
	count   uint32
}

// checkLimits holds every used compute profile, price and group against the chain's limits.
func (r *reader) checkLimits(s *source, uses []use) {
	groups := make(map[string]*total)
	var first *price
	for _, u := range uses {
		g := groups[u.placement]
		if g == nil {
			g = &total{}
			groups[u.placement] = g
		}
		g.uses = append(g.uses, u)
		g.incomplete = g.incomplete || u.compute == nil || u.countBad || !r.checkCompute(u.compute)
		g.add(u, s.version)
		if u.placement == "" {
			r.fail(u.at, "give the placement a name", "the name of a placement must not be empty")
		}
		first = r.checkPrice(u.price, first)
	}
	for _, name := range sortedKeys(groups) {
		r.checkTotal(name, groups[name])
	}
}

// add counts a use into its unit. Quirk: the sum of replicas in 2.1 wraps around at 2^32.
func (t *total) add(u use, v version) {
	if v.merges {
		for i := range t.units {
			if t.units[i].profile == u.profile {
				t.units[i].count += u.count
				return
			}
		}
	}
	t.units = append(t.units, unit{compute: u.compute, profile: u.profile, count: u.count})
}

// checkTotal holds the sums of a group against the limits. They also refuse a group without any replica.
func (r *reader) checkTotal(name string, t *total) {
	if t.incomplete {
		return
	}
	t.cpu, t.mem, t.gpu = math.ZeroInt(), math.ZeroInt(), math.ZeroInt()
	for _, u := range t.units {
		count := math.NewIntFromUint64(uint64(u.count))
		t.cpu = t.cpu.Add(math.NewIntFromUint64(uint64(u.compute.cpu.units)).Mul(count))
		t.mem = t.mem.Add(math.NewIntFromUint64(u.compute.memory.size.bytes).Mul(count))
		t.gpu = t.gpu.Add(math.NewIntFromUint64(u.compute.gpus()).Mul(count))
	}
	at := t.uses[0].countAt
	if !t.cpu.IsPositive() || !t.mem.IsPositive() {
		r.fail(at, "write count: 1 or more", "placement %q runs no replica at all", clip(name))
	}
	const remedy = "spread the services over several placements, or ask for less"
	if t.cpu.GT(math.NewInt(maxUnitMillicpu * maxUnitCount)) {
		r.fail(at, remedy, "placement %q asks for %sm of CPU in all; the chain allows %dm", clip(name), t.cpu,
			maxUnitMillicpu*maxUnitCount)
	}
	if t.mem.GT(math.NewInt(maxUnitMemory * maxUnitCount)) {
		r.fail(at, remedy, "placement %q asks for %s bytes of memory in all; the chain allows %s", clip(name), t.mem,
			showBytes(maxUnitMemory*maxUnitCount))
	}
	if t.gpu.GT(math.NewInt(maxUnitGPU * maxUnitCount)) {
		r.fail(at, remedy, "placement %q asks for %s GPUs in all; the chain allows %d", clip(name), t.gpu,
			maxUnitGPU*maxUnitCount)
	}
}

// checkCompute holds one replica against the limits. It is false when its sizes are not known.
func (r *reader) checkCompute(c *compute) bool {
	complete := true
	switch {
	case c.cpu == nil:
		r.fail(c.at.missing("cpu"), "write cpu: {units: 0.5}", "the compute profile has no CPU")
		complete = false
	case c.cpu.bad:
		complete = false
	case c.cpu.units < minUnitMillicpu || c.cpu.units > maxUnitMillicpu:
		r.fail(c.cpu.unitsAt, "write from 10m to 384", "%dm of CPU is out of bounds", c.cpu.units)
	}
	if c.cpu != nil && len(c.cpu.attributes) > 1 {
		r.fail(c.cpu.attributes[1].at, "keep one of the two", "the CPU has two arch attributes")
	}
	switch {
	case c.memory == nil:
		r.fail(c.at.missing("memory"), "write memory: {size: 512Mi}", "the compute profile has no memory")
		complete = false
	case c.memory.size.bad:
		complete = false
	case c.memory.size.bytes < minUnitMemory || c.memory.size.bytes > maxUnitMemory:
		r.fail(c.memory.size.at, "write from 1Mi to 2Ti", "%s of memory is out of bounds", showBytes(c.memory.size.bytes))
	}
	if g := c.gpu; g != nil && !g.bad {
		if g.units > maxUnitGPU {
			r.fail(g.unitsAt, "write from 0 to 24", "%d GPUs are out of bounds", g.units)
		}
		if g.units == 0 && len(g.attributes) > 0 {
			r.fail(g.at, "write units: 1, or remove gpu", "GPU attributes need at least one GPU")
		}
	}
	r.checkVolumes(c)
	return complete
}

func (r *reader) checkVolumes(c *compute) {
	if len(c.storage) == 0 && !c.storageBad {
		at := c.storageAt
		if at == c.at || at == nil {
			at = c.at.missing("storage")
		}
		r.fail(at, "write storage: {size: 1Gi}", "the compute profile has no storage")
	}
	for _, v := range c.storage {
		if !v.size.bad && (v.size.bytes < minUnitStorage || v.size.bytes > maxUnitStorage) {
			r.fail(v.size.at, "write from 5Mi to 32Ti", "%s of storage is out of bounds", showBytes(v.size.bytes))
		}
	}
}

// checkPrice holds a price against the limit and against the denomination of the first one, which it gives back. Of two
// that do not mix, the one that is not uact is to blame.
func (r *reader) checkPrice(p, first *price) *price {
	if p == nil || p.bad || !p.present {
		return first
	}
	if p.amount.GT(math.LegacyNewDec(maxUnitPrice)) {
		r.fail(p.amountAt, "write at most 10000000", "a price of %s per block is out of bounds",
			coin.Trim(p.amount))
	}
	if first == nil {
		return p
	}
	if p.denom != first.denom {
		odd, other := p, first
		if p.denom == coin.UACT {
			odd, other = first, p
		}
		r.fail(odd.denomAt, "write the same denom everywhere, uact", "prices in %s and in %s do not mix", clip(odd.denom),
			clip(other.denom))
	}
	return first
}
