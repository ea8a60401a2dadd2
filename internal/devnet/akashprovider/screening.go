// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"slices"

	sdkmath "cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

// errBadSpec is for specs that no order on chain could have.
var errBadSpec = errors.New("group validation error: a resource lacks its cpu, memory, count or price")

// postScreening is the REST form of screening; there is no such route where it is switched off.
func (p *AkashProvider) postScreening(w http.ResponseWriter, r *http.Request, at place) {
	var req providerv1.BidScreeningRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxManifestBytes)).Decode(&req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer, err := p.screen(r.Context(), at.owner, &req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	writeJSON(w, answer)
}

// screen tells whether a group would be bid on now and for how much, and holds nothing for it. The error is the
// chain's, when it cannot be asked.
func (p *AkashProvider) screen(
	ctx context.Context, owner string, req *providerv1.BidScreeningRequest,
) (*providerv1.BidScreeningResponse, error) {
	if req.GroupSpec == nil {
		return refused(errors.New("missing group spec")), nil
	}
	facts, err := p.facts(ctx)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.hosts.check(owner, req.Hostnames); err != nil {
		return refused(errors.New("hostname unavailable: " + err.Error())), nil
	}
	if p.faults.NeverBid {
		return refused(reasonNeverBids), nil
	}
	if err := facts.Refuses(*req.GroupSpec); err != nil {
		return refused(err), nil
	}
	if !wellFormed(*req.GroupSpec) {
		return refused(errBadSpec), nil
	}
	return p.dryRun(*req.GroupSpec), nil
}

// dryRun reserves, prices and gives back; the caller holds the lock.
func (p *AkashProvider) dryRun(spec deploymentv1beta4.GroupSpec) *providerv1.BidScreeningResponse {
	var nobody marketv1.OrderID
	reserved, err := p.inventory.Reserve(nobody, spec)
	if err != nil {
		return refused(err)
	}
	defer p.inventory.Release(nobody)
	pricing := p.pricing()
	price, err := pricing.Price(withoutLimit(spec), reserved.Offer)
	if err != nil {
		return refused(err)
	}
	out := &providerv1.BidScreeningResponse{Passed: true, Price: &price}
	for i := range reserved.Offer {
		out.ResourceOffers = append(out.ResourceOffers, &reserved.Offer[i])
	}
	// What it would cost is told also when it is too much.
	if _, err := pricing.Price(spec, reserved.Offer); err != nil {
		out.Passed, out.Reasons = false, []string{err.Error()}
	}
	return out
}

func refused(reason error) *providerv1.BidScreeningResponse {
	return &providerv1.BidScreeningResponse{Reasons: []string{reason.Error()}}
}

// wellFormed tells whether a spec from a request has all that bidding counts on.
func wellFormed(spec deploymentv1beta4.GroupSpec) bool {
	positive := func(v sdkmath.Int) bool { return !v.IsNil() && v.IsPositive() }
	for _, unit := range spec.Resources {
		r := unit.Resource
		if unit.Count == 0 || unit.Price.Amount.IsNil() || unit.Price.Amount.IsNegative() ||
			r.CPU == nil || !positive(r.CPU.Units.Val) || r.Memory == nil || !positive(r.Memory.Quantity.Val) ||
			(r.GPU != nil && r.GPU.Units.Val.IsNil()) {
			return false
		}
		for _, volume := range r.Storage {
			if !positive(volume.Quantity.Val) {
				return false
			}
		}
	}
	return len(spec.Resources) > 0
}

// withoutLimit lifts the highest price that the order would pay.
func withoutLimit(spec deploymentv1beta4.GroupSpec) deploymentv1beta4.GroupSpec {
	spec.Resources = slices.Clone(spec.Resources)
	for i := range spec.Resources {
		spec.Resources[i].Price.Amount = sdkmath.LegacyNewDec(math.MaxInt64)
	}
	return spec
}

// pricing is that of the spec with what a fault does to it; the caller holds the lock.
func (p *AkashProvider) pricing() bidding.Pricing {
	pricing := p.spec.Pricing
	if factor := p.faults.PriceFactor; !factor.IsNil() && factor.IsPositive() {
		if !pricing.Factor.IsNil() {
			factor = factor.Mul(pricing.Factor)
		}
		pricing.Factor = factor
	}
	return pricing
}

var errStranger = errors.New("not registered on chain")

// facts reads from the chain what an Akash provider has to know of itself.
func (p *AkashProvider) facts(ctx context.Context) (bidding.Facts, error) {
	record, err := p.chain.record(ctx, p.identity.Address)
	if err != nil {
		return bidding.Facts{}, err
	}
	if record == nil {
		return bidding.Facts{}, errStranger
	}
	audited, err := p.chain.audited(ctx, p.identity.Address)
	if err != nil {
		return bidding.Facts{}, err
	}
	return bidding.Facts{
		Attributes: record.Attributes, Required: attributeList(p.spec.RequiredAttributes), Audited: audited,
	}, nil
}
