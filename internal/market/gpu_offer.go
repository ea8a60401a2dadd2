// SPDX-License-Identifier: Apache-2.0

package market

import (
	"cmp"
	"slices"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// GPUOffer is a bid on a group with GPUs of one model.
type GPUOffer struct {
	Bid ids.BidID
	// GPU is the concrete device that the bid names; memory and interface are "" unless the order asked for them.
	GPU GPU
	// Units is the number of GPUs of all replicas together; at least 1.
	Units uint64
	// Price is for the whole group: GPUs and what comes with them.
	Price coin.PerBlock
	// Height is the block of the bid.
	Height int64
}

// GPUOfferOf reads a bid. ok is false for one without GPUs, with GPUs of several models, whose price cannot be told
// apart, and for one that names no model.
func GPUOfferOf(id ids.BidID, bid marketv1beta5.Bid) (offer GPUOffer, ok bool) {
	offer = GPUOffer{
		Bid: id, Price: coin.PerBlock{Denom: bid.Price.Denom, Amount: bid.Price.Amount}, Height: bid.CreatedAt,
	}
	for _, unit := range bid.ResourcesOffer {
		if unit.Resources.GPU == nil || amount(unit.Resources.GPU.Units) == 0 || unit.Count == 0 {
			continue
		}
		gpu, named := GPUOfAttributes(unit.Resources.GPU.Attributes)
		if !named || gpu.Model == anyModel || (offer.Units > 0 && gpu != offer.GPU) {
			return GPUOffer{}, false
		}
		offer.GPU = gpu
		offer.Units += amount(unit.Resources.GPU.Units) * uint64(unit.Count)
	}
	return offer, offer.Units > 0 && !bid.Price.Amount.IsNil()
}

// GPUOfAttributes reads the first key of the form vendor/V/model/M[/ram/R][/interface/I] whose value is true.
func GPUOfAttributes(attributes []attributesv1.Attribute) (gpu GPU, ok bool) {
	for _, a := range attributes {
		if gpu, ok := GPUOfKey(a.Key); ok && a.Value == "true" {
			return gpu, true
		}
	}
	return GPU{}, false
}

// GPUOfKey reads vendor/V/model/M[/ram/R][/interface/I]; ok is false for any other text.
func GPUOfKey(key string) (gpu GPU, ok bool) {
	words := strings.Split(key, "/")
	if len(words)%2 != 0 {
		return GPU{}, false
	}
	for i := 0; i < len(words); i += 2 {
		switch words[i] {
		case "vendor":
			gpu.Vendor = words[i+1]
		case "model":
			gpu.Model = words[i+1]
		case "ram":
			gpu.RAM = words[i+1]
		case "interface":
			gpu.Interface = words[i+1]
		default:
			return GPU{}, false
		}
	}
	return gpu, gpu.Vendor != "" && gpu.Model != ""
}

// PerUnit is the price of one GPU and its share of what comes with it.
func (o GPUOffer) PerUnit() coin.PerBlock {
	return coin.PerBlock{Denom: o.Price.Denom, Amount: o.Price.Amount.QuoInt64(int64(o.Units))} //nolint:gosec // a count
}

// SortGPUOffers sorts by price of a GPU, then by Akash provider and order, so that equal offers have one order.
func SortGPUOffers(offers []GPUOffer) {
	slices.SortFunc(offers, func(a, b GPUOffer) int {
		return cmp.Or(
			comparePrices(a.PerUnit(), b.PerUnit()),
			cmp.Compare(a.Bid.ProviderAddr, b.Bid.ProviderAddr),
			cmp.Compare(a.Bid.Order().String(), b.Bid.Order().String()),
		)
	})
}

// comparePrices orders prices of one denom by amount; other denoms by name.
func comparePrices(a, b coin.PerBlock) int {
	if order, err := a.Compare(b); err == nil {
		return order
	}
	return cmp.Compare(a.Denom, b.Denom)
}
