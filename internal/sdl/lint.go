// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"fmt"
	"strings"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// MaxReplicas of one service are what the network's code names, and the chain does not enforce. Akash providers may.
const MaxReplicas = 50

// More limits of that kind.
const (
	softMaxGroups  = 20
	softMaxVolumes = 4
)

// A price above these, in US dollars a month for one replica, is more likely a
// slip (a price per month written as one per block) than a wish.
const (
	absurdUSDPerMonth    = 500
	absurdUSDPerGPUMonth = 5_000
)

// lint warns about what the network accepts but hardly anybody means. It never changes what is accepted.
func (r *reader) lint(s *source, uses []use) {
	placements := make(map[string]bool)
	for _, u := range uses {
		placements[u.placement] = true
		if u.count > MaxReplicas {
			r.warn(u.countAt, fmt.Sprintf("write at most %d", MaxReplicas),
				"%d replicas are more than Akash providers take", u.count)
		}
		if u.service != nil {
			r.lintImage(u.service.image)
			r.lintPeers(u.service, uses)
		}
		if u.compute != nil && len(u.compute.storage) > softMaxVolumes {
			r.warn(u.compute.storageAt, fmt.Sprintf("use at most %d", softMaxVolumes),
				"%d volumes are more than Akash providers take", len(u.compute.storage))
		}
		r.lintPrice(u.price, u.compute)
	}
	if len(placements) > softMaxGroups {
		r.warn(s.at.missing("deployment"), fmt.Sprintf("use at most %d placements in one document", softMaxGroups),
			"%d placements are more than Akash providers take", len(placements))
	}
	for _, name := range sortedKeys(s.services) {
		if d := s.deployment[name]; d == nil || len(d.placements) == 0 {
			r.warn(s.services[name].at, "write it below deployment, or remove it", "service %q is not deployed", clip(name))
		}
	}
}

// lintImage warns about images that change under the same name.
func (r *reader) lintImage(image text) {
	if image.value == "" || strings.Contains(image.value, "@") {
		return
	}
	name := image.value[strings.LastIndexByte(image.value, '/')+1:]
	_, tag, tagged := strings.Cut(name, ":")
	switch {
	case !tagged:
		r.warn(image.at, "add a version after a colon, such as "+clip(name)+":1.0",
			"the image has no tag, so each Akash provider may run another version")
	case tag == "latest":
		r.warn(image.at, "write a version in place of latest",
			"tag latest moves: a running service does not follow it, and another Akash provider may run another version")
	}
}

// lintPeers warns about ports opened to a service that is not there.
func (r *reader) lintPeers(s *service, uses []use) {
	for _, e := range s.expose {
		for _, to := range e.to {
			if to.service.value == "" || to.global {
				continue
			}
			found := false
			for _, u := range uses {
				found = found || u.service != nil && u.service.name == to.service.value
			}
			if !found {
				r.warn(to.service.at, "write the name of a deployed service", "no deployed service is named %q",
					clip(to.service.value))
			}
		}
	}
}

// lintPrice warns about denominations the chain refuses and about slips in the amount.
func (r *reader) lintPrice(p *price, c *compute) {
	if p == nil || p.bad || !p.present {
		return
	}
	if p.denom != coin.UACT {
		remedy := "write denom: uact"
		if p.denom == coin.UAKT {
			remedy += " and an amount in millionths of a US dollar per block; the function sdl_upgrade converts"
		}
		r.warn(p.denomAt, remedy, "the chain takes prices in uact only, not in %s", clip(p.denom))
		return
	}
	most := math.LegacyNewDec(absurdUSDPerMonth)
	if gpus := c.gpus(); gpus > 0 && gpus <= maxUnitGPU {
		most = math.LegacyNewDec(absurdUSDPerGPUMonth).MulInt64(int64(gpus))
	}
	month := p.amount.Mul(coin.BlocksPerMonth(coin.DefaultBlockTime))
	if p.amount.GT(math.LegacyNewDec(maxUnitPrice)) || month.LTE(coin.FromUSD(most)) {
		return
	}
	r.warn(p.amountAt, "write the most you would pay per block: 1 USD per month is about 2.28 uact per block",
		"a price of %s uact per block authorises %s USD per month for every replica", coin.Trim(p.amount), coin.USD(month))
}
