// SPDX-License-Identifier: Apache-2.0

package market

import (
	sdk "github.com/cosmos/cosmos-sdk/types"

	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// LoadOrder stores an order as it is, for genesis: nothing is checked or told.
func (k *Keeper) LoadOrder(ctx sdk.Context, o marketv1beta5.Order) { k.orders.Set(ctx, o) }

// LoadLease stores a lease and the bid that won it, likewise.
func (k *Keeper) LoadLease(ctx sdk.Context, b marketv1beta5.Bid, l marketv1.Lease) {
	k.bids.Set(ctx, b)
	k.leases.Set(ctx, l)
}
