// SPDX-License-Identifier: Apache-2.0

package market

import (
	"context"
	"fmt"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// Providers tells who is registered as an Akash provider, with which attributes.
type Providers interface {
	Attributes(ctx sdk.Context, owner string) ([]attributesv1.Attribute, bool)
}

// Audits tells what auditors signed for an Akash provider, by auditor.
type Audits interface {
	Signed(ctx sdk.Context, owner string) map[string][]attributesv1.Attribute
}

// MsgServer executes the module's messages.
type MsgServer struct {
	k         *Keeper
	providers Providers
	audits    Audits
}

var _ marketv1beta5.MsgServer = MsgServer{}

// NewMsgServer makes the message server.
func NewMsgServer(k *Keeper, providers Providers, signed Audits) MsgServer {
	return MsgServer{k: k, providers: providers, audits: signed}
}

// UpdateParams is for governance alone.
func (MsgServer) UpdateParams(
	_ context.Context, m *marketv1beta5.MsgUpdateParams,
) (*marketv1beta5.MsgUpdateParamsResponse, error) {
	return nil, stateless.ForGovernance(m.Authority)
}

// CreateBid records an Akash provider's offer for an open order.
func (s MsgServer) CreateBid(
	goCtx context.Context, m *marketv1beta5.MsgCreateBid,
) (*marketv1beta5.MsgCreateBidResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	order, err := s.checkBid(ctx, m)
	if err != nil {
		return nil, err
	}
	seller, err := stateless.Address(m.ID.Provider)
	if err != nil {
		return nil, err
	}
	deposits, err := s.k.escrow.AuthorizeDeposits(ctx, seller, escrowid.Scope_bid, m.Deposit)
	if err != nil {
		return nil, err
	}
	if err := s.checkReclamation(ctx, m, order); err != nil {
		return nil, err
	}
	if s.k.bids.Has(ctx, bidKey(m.ID)) {
		return nil, ErrBidExists
	}
	s.k.bids.Set(ctx, marketv1beta5.Bid{
		ID: m.ID, State: marketv1beta5.Bid_open, Price: m.Price, CreatedAt: ctx.BlockHeight(),
		ResourcesOffer: m.ResourcesOffer, ReclamationWindow: m.ReclamationWindow,
	})
	event := &marketv1.EventBidCreated{ID: m.ID, Price: m.Price}
	if err := ctx.EventManager().EmitTypedEvent(event); err != nil {
		return nil, err
	}
	if err := s.k.escrow.CreateAccount(ctx, escrow.BidAccount(m.ID), seller, deposits); err != nil {
		return nil, err
	}
	return &marketv1beta5.MsgCreateBidResponse{}, nil
}

// checkBid runs the checks before the deposit is authorized, in the network's order.
func (s MsgServer) checkBid(ctx sdk.Context, m *marketv1beta5.MsgCreateBid) (marketv1beta5.Order, error) {
	var order marketv1beta5.Order
	params, err := s.k.Params(ctx)
	if err != nil {
		return order, err
	}
	// Details behind "%w" lose the code, as on the network (observed.md section 7).
	least := sdk.NewCoin(m.Deposit.Amount.Denom, sdk.Coins(params.BidMinDeposits).AmountOf(m.Deposit.Amount.Denom))
	switch {
	case least.IsZero():
		return order, fmt.Errorf("%w: unsupported denom %s", ErrInvalidDeposit, least.Denom)
	case m.Deposit.Amount.Amount.LT(least.Amount):
		return order, fmt.Errorf("%w: minimum:%v received:%v", ErrInvalidDeposit, least, m.Deposit)
	case s.liveBids(ctx, orderOf(m.ID)) > int(params.OrderMaxBids):
		return order, fmt.Errorf("%w: too many existing bids (%v)", ErrInvalidBid, params.OrderMaxBids)
	}
	order, ok := s.k.order(ctx, orderOf(m.ID))
	if !ok {
		return order, ErrOrderNotFound
	}
	if err := canBid(order); err != nil {
		return order, err
	}
	if !m.Price.IsValid() {
		return order, ErrBidInvalidPrice
	}
	// Another denom makes the comparison panic, here as on the network (code 111222).
	if ceiling(order.Spec).IsLT(m.Price) {
		return order, ErrBidInvalidPrice
	}
	if !offerFits(order.Spec, m.ResourcesOffer) {
		return order, ErrCapabilitiesMismatch
	}
	attributes, ok := s.providers.Attributes(ctx, m.ID.Provider)
	if !ok {
		return order, ErrUnknownProvider
	}
	if !matchPlacement(order.Spec.Requirements, attributes, s.audits.Signed(ctx, m.ID.Provider)) {
		return order, ErrAttributeMismatch
	}
	if !matchCapabilities(order.Spec, attributes) {
		return order, ErrCapabilitiesMismatch
	}
	return order, nil
}

// liveBids counts an order's bids, lost ones not included.
func (s MsgServer) liveBids(ctx sdk.Context, id marketv1.OrderID) int {
	n := 0
	for _, b := range s.k.bids.Scan(ctx, orderKey(id)) {
		if b.State != marketv1beta5.Bid_lost {
			n++
		}
	}
	return n
}

func canBid(o marketv1beta5.Order) error {
	switch o.State {
	case marketv1beta5.Order_open:
		return nil
	case marketv1beta5.Order_active:
		return ErrOrderActive
	default:
		return ErrOrderClosed
	}
}

// ceiling is the most an order pays per block: the sum of unit price times count.
func ceiling(spec deploymentv1beta4.GroupSpec) sdk.DecCoin {
	total := sdk.DecCoin{Amount: math.LegacyZeroDec()}
	for _, unit := range spec.Resources {
		total.Denom = unit.Price.Denom
		total.Amount = total.Amount.Add(unit.Price.Amount.MulInt64(int64(unit.Count)))
	}
	return total
}

// offerFits tells whether each offered entry names a resource of the group with
// its count. Sizes are not compared, and an empty offer fits. A resource offered twice panics, as on the network: the
// SDK turns it into code 111222.
func offerFits(spec deploymentv1beta4.GroupSpec, offer []marketv1beta5.ResourceOffer) bool {
	units := map[uint32]*deploymentv1beta4.ResourceUnit{}
	for i := range spec.Resources {
		units[spec.Resources[i].Resource.ID] = &spec.Resources[i]
	}
	for _, entry := range offer {
		unit, ok := units[entry.Resources.ID]
		if !ok {
			return false
		}
		units[entry.Resources.ID] = nil
		if unit.Count != entry.Count {
			return false
		}
	}
	return true
}

func (s MsgServer) checkReclamation(ctx sdk.Context, m *marketv1beta5.MsgCreateBid, order marketv1beta5.Order) error {
	if m.ReclamationWindow == nil {
		if order.Reclamation != nil {
			return ErrReclamationRequired
		}
		return nil
	}
	window := *m.ReclamationWindow
	if order.Reclamation != nil && window < order.Reclamation.MinWindow {
		return ErrWindowTooShort
	}
	low, high, err := s.k.ReclamationBounds(ctx)
	if err != nil {
		return err
	}
	if window < low || window > high {
		return ErrWindowInvalid
	}
	return nil
}

// CloseBid withdraws an open bid, or ends the lease of an active one and pauses the group.
func (s MsgServer) CloseBid(
	goCtx context.Context, m *marketv1beta5.MsgCloseBid,
) (*marketv1beta5.MsgCloseBidResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	bid, ok := s.k.bid(ctx, m.ID)
	if !ok {
		return nil, ErrUnknownBid
	}
	order, ok := s.k.order(ctx, orderOf(m.ID))
	if !ok {
		return nil, ErrUnknownOrderForBid
	}
	if bid.State == marketv1beta5.Bid_open {
		if err := s.k.closeBid(ctx, bid); err != nil {
			return nil, err
		}
		return &marketv1beta5.MsgCloseBidResponse{}, nil
	}
	if err := s.closeActiveBid(ctx, bid, order, m.Reason); err != nil {
		return nil, err
	}
	return &marketv1beta5.MsgCloseBidResponse{}, nil
}

func (s MsgServer) closeActiveBid(
	ctx sdk.Context, bid marketv1beta5.Bid, order marketv1beta5.Order, reason marketv1.LeaseClosedReason,
) error {
	lease, ok := s.k.lease(ctx, leaseOf(bid.ID))
	if !ok {
		return ErrUnknownLeaseForBid
	}
	switch {
	case !running(lease):
		return ErrLeaseNotActive
	case bid.State != marketv1beta5.Bid_active:
		return ErrBidNotActive
	case lease.State == marketv1.Lease_active && lease.Reclamation != nil:
		return ErrReclaimNotStarted
	case lease.State == marketv1.Lease_reclaiming && ctx.BlockTime().Unix() < lease.Reclamation.Deadline:
		return ErrWindowNotElapsed
	}
	group, err := s.k.deployments.Group(ctx, groupOf(order.ID))
	if err != nil {
		return err
	}
	if group.State == deploymentv1beta4.Group_open {
		if err := s.k.deployments.PauseGroup(ctx, group); err != nil {
			return err
		}
	}
	if err := s.k.closeLease(ctx, lease, marketv1.Lease_closed, reason); err != nil {
		return err
	}
	if err := s.k.closeBid(ctx, bid); err != nil {
		return err
	}
	if err := s.k.closeOrder(ctx, order); err != nil {
		return err
	}
	return s.k.escrow.ClosePayment(ctx, escrow.LeasePayment(lease.ID))
}
