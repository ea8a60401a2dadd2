// SPDX-License-Identifier: Apache-2.0

package bme

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
)

// ValidateBasic checks a message of this module without state; messages of other
// modules pass.
func ValidateBasic(msg sdk.Msg) error {
	switch m := msg.(type) {
	case *bmev1.MsgMintACT:
		return request{m.Owner, m.To, m.CoinsToBurn, coin.UACT}.validate()
	case *bmev1.MsgBurnACT:
		return request{m.Owner, m.To, m.CoinsToBurn, coin.UAKT}.validate()
	case *bmev1.MsgBurnMint:
		return request{m.Owner, m.To, m.CoinsToBurn, m.DenomToMint}.validate()
	default:
		return nil
	}
}

func (r request) validate() error {
	if _, err := stateless.Address(r.owner); err != nil {
		return errorsmod.Wrapf(sdkerrors.ErrInvalidAddress, "invalid owner address: %s", err)
	}
	if _, err := stateless.Address(r.to); err != nil {
		return errorsmod.Wrapf(sdkerrors.ErrInvalidAddress, "invalid to address: %s", err)
	}
	if r.owner != r.to {
		return errorsmod.Wrap(ErrUnauthorized, "owner and to addresses must match")
	}
	if err := r.burn.Validate(); err != nil {
		return errorsmod.Wrapf(sdkerrors.ErrInvalidCoins, "invalid coins: %s", err)
	}
	if r.burn.IsZero() {
		return errorsmod.Wrap(ErrInvalidAmount, "amount must not be 0")
	}
	if err := sdk.ValidateDenom(r.toDenom); err != nil {
		return errorsmod.Wrapf(ErrInvalidDenom, "invalid denom to mint: %s", err)
	}
	return nil
}

// MsgServer executes the module's messages. Answers hold the ledger id; their
// status stays unset, as on the network.
type MsgServer struct{ k *Keeper }

var _ bmev1.MsgServer = MsgServer{}

// NewMsgServer makes the message server.
func NewMsgServer(k *Keeper) MsgServer { return MsgServer{k: k} }

func (s MsgServer) queue(ctx context.Context, r request) (bmev1.LedgerRecordID, error) {
	if err := r.validate(); err != nil {
		return bmev1.LedgerRecordID{}, err
	}
	return s.k.Request(sdk.UnwrapSDKContext(ctx), r)
}

// MintACT queues uakt for uact.
func (s MsgServer) MintACT(ctx context.Context, m *bmev1.MsgMintACT) (*bmev1.MsgMintACTResponse, error) {
	id, err := s.queue(ctx, request{m.Owner, m.To, m.CoinsToBurn, coin.UACT})
	if err != nil {
		return nil, err
	}
	return &bmev1.MsgMintACTResponse{ID: id}, nil
}

// BurnACT queues uact for uakt.
func (s MsgServer) BurnACT(ctx context.Context, m *bmev1.MsgBurnACT) (*bmev1.MsgBurnACTResponse, error) {
	id, err := s.queue(ctx, request{m.Owner, m.To, m.CoinsToBurn, coin.UAKT})
	if err != nil {
		return nil, err
	}
	return &bmev1.MsgBurnACTResponse{ID: id}, nil
}

// BurnMint queues either.
func (s MsgServer) BurnMint(ctx context.Context, m *bmev1.MsgBurnMint) (*bmev1.MsgBurnMintResponse, error) {
	id, err := s.queue(ctx, request{m.Owner, m.To, m.CoinsToBurn, m.DenomToMint})
	if err != nil {
		return nil, err
	}
	return &bmev1.MsgBurnMintResponse{ID: id}, nil
}

// UpdateParams is for governance alone.
func (MsgServer) UpdateParams(
	_ context.Context, m *bmev1.MsgUpdateParams,
) (*bmev1.MsgUpdateParamsResponse, error) {
	return nil, stateless.ForGovernance(m.Authority)
}

// FundVault is for governance alone; genesis fills the vault.
func (MsgServer) FundVault(_ context.Context, m *bmev1.MsgFundVault) (*bmev1.MsgFundVaultResponse, error) {
	return nil, stateless.ForGovernance(m.Authority)
}

// QueryServer answers the module's queries.
type QueryServer struct{ k *Keeper }

var _ bmev1.QueryServer = QueryServer{}

// NewQueryServer makes the query server.
func NewQueryServer(k *Keeper) QueryServer { return QueryServer{k: k} }

// Params answers the parameters.
func (s QueryServer) Params(ctx context.Context, _ *bmev1.QueryParamsRequest) (*bmev1.QueryParamsResponse, error) {
	params, err := s.k.Params(sdk.UnwrapSDKContext(ctx))
	if err != nil {
		return nil, err
	}
	return &bmev1.QueryParamsResponse{Params: params}, nil
}

// VaultState answers what the vault holds and the sums of the past.
func (s QueryServer) VaultState(
	ctx context.Context, _ *bmev1.QueryVaultStateRequest,
) (*bmev1.QueryVaultStateResponse, error) {
	state, err := s.k.VaultState(sdk.UnwrapSDKContext(ctx))
	if err != nil {
		return nil, err
	}
	return &bmev1.QueryVaultStateResponse{VaultState: state}, nil
}

// Status answers the circuit breaker's state as the last block left it, and the
// ratio as of now, 0 without a price.
func (s QueryServer) Status(goCtx context.Context, _ *bmev1.QueryStatusRequest) (*bmev1.QueryStatusResponse, error) {
	ctx := sdk.UnwrapSDKContext(goCtx)
	params, err := s.k.Params(ctx)
	if err != nil {
		return nil, err
	}
	status, err := s.k.Status(ctx)
	if err != nil {
		return nil, err
	}
	ratio, err := s.k.CollateralRatio(ctx)
	if err != nil {
		ratio = math.LegacyZeroDec() // the status tells why
	}
	share := func(bps uint32) math.LegacyDec { return math.LegacyNewDec(int64(bps)).QuoInt64(bpsWhole) }
	return &bmev1.QueryStatusResponse{
		Status: status.Status, CollateralRatio: ratio,
		WarnThreshold: share(params.CircuitBreakerWarnThreshold), HaltThreshold: share(params.CircuitBreakerHaltThreshold),
		MintsAllowed: mintsAllowed(status.Status), RefundsAllowed: burnsAllowed(status.Status),
	}, nil
}

// LedgerRecords lists exchanges: the pending ones, then the executed, then the cancelled.
func (s QueryServer) LedgerRecords(
	goCtx context.Context, req *bmev1.QueryLedgerRecordsRequest,
) (*bmev1.QueryLedgerRecordsResponse, error) {
	f := req.Filters
	if req.Pagination != nil && req.Pagination.Offset > 0 && f.Status == "" {
		return nil, status.Error(codes.InvalidArgument,
			"invalid request parameters. if offset is set, filter.status must be provided")
	}
	states, all, err := table.States(f.Status, bmev1.LedgerRecordStatus_value, req.Pagination)
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, "invalid status filter value")
	}
	sel := table.Selection[bmev1.QueryLedgerRecordEntry]{
		States: states, AllStates: all,
		Keep: func(e *bmev1.QueryLedgerRecordEntry) bool {
			return (f.Source == "" || f.Source == e.ID.Source) && (f.Denom == "" || f.Denom == e.ID.Denom) &&
				(f.ToDenom == "" || f.ToDenom == e.ID.ToDenom)
		},
	}
	found, page, err := s.k.ledger.List(sdk.UnwrapSDKContext(goCtx), sel, req.Pagination)
	if err != nil {
		return nil, err
	}
	return &bmev1.QueryLedgerRecordsResponse{Records: found, Pagination: page}, nil
}
