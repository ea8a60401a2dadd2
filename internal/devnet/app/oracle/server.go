// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"context"
	"time"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/states"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
)

// InitGenesis stores parameters and the prices known from the start.
func (k *Keeper) InitGenesis(ctx sdk.Context, state oraclev2.GenesisState) error {
	if err := k.SetParams(ctx, state.Params); err != nil {
		return err
	}
	for _, entry := range state.Prices {
		if err := k.set(ctx, entry); err != nil {
			return err
		}
	}
	return nil
}

// ValidateBasic checks a message of this module without state; messages of other
// modules pass.
func ValidateBasic(msg sdk.Msg) error {
	if m, ok := msg.(*oraclev2.MsgAddPriceEntry); ok {
		if _, err := stateless.Address(m.Signer); err != nil {
			return errorsmod.Wrap(err, "invalid signer address")
		}
	}
	return nil
}

// MsgServer executes the module's messages.
type MsgServer struct{ k *Keeper }

var _ oraclev2.MsgServer = MsgServer{}

// NewMsgServer makes the message server.
func NewMsgServer(k *Keeper) MsgServer { return MsgServer{k: k} }

// AddPriceEntry takes a source's price.
func (s MsgServer) AddPriceEntry(
	goCtx context.Context, m *oraclev2.MsgAddPriceEntry,
) (*oraclev2.MsgAddPriceEntryResponse, error) {
	ctx := sdk.UnwrapSDKContext(goCtx)
	if err := s.k.Add(ctx, m.Signer, m.ID, m.Price, m.Timestamp); err != nil {
		return nil, err
	}
	event := &oraclev2.EventPriceData{Source: m.Signer, ID: m.ID, Price: m.Price, Timestamp: m.Timestamp}
	if err := ctx.EventManager().EmitTypedEvent(event); err != nil {
		return nil, err
	}
	return &oraclev2.MsgAddPriceEntryResponse{}, nil
}

// UpdateParams is for governance alone.
func (MsgServer) UpdateParams(
	_ context.Context, m *oraclev2.MsgUpdateParams,
) (*oraclev2.MsgUpdateParamsResponse, error) {
	return nil, stateless.ForGovernance(m.Authority)
}

// QueryServer answers the module's queries.
type QueryServer struct{ k *Keeper }

var _ oraclev2.QueryServer = QueryServer{}

// NewQueryServer makes the query server.
func NewQueryServer(k *Keeper) QueryServer { return QueryServer{k: k} }

// Params answers the parameters.
func (s QueryServer) Params(
	ctx context.Context, _ *oraclev2.QueryParamsRequest,
) (*oraclev2.QueryParamsResponse, error) {
	params, err := s.k.Params(sdk.UnwrapSDKContext(ctx))
	if err != nil {
		return nil, err
	}
	return &oraclev2.QueryParamsResponse{Params: params}, nil
}

// Prices lists entries, the newest first, with the SDK's own paging.
func (s QueryServer) Prices(
	goCtx context.Context, req *oraclev2.QueryPricesRequest,
) (*oraclev2.QueryPricesResponse, error) {
	page := query.PageRequest{}
	if req.Pagination != nil {
		page = *req.Pagination
	}
	page.Reverse = true
	out := &oraclev2.QueryPricesResponse{}
	store := s.k.prices(sdk.UnwrapSDKContext(goCtx))
	found, err := query.FilteredPaginate(store, &page, func(_, value []byte, take bool) (bool, error) {
		var entry oraclev2.PriceData
		if err := entry.Unmarshal(value); err != nil {
			return false, err
		}
		hit := wanted(req.Filters, entry.ID)
		if hit && take {
			out.Prices = append(out.Prices, entry)
		}
		return hit, nil
	})
	if err != nil {
		return nil, err
	}
	out.Pagination = found
	return out, nil
}

func wanted(f oraclev2.PricesFilter, id oraclev2.PriceDataRecordID) bool {
	unset := func(at time.Time) bool { return at.IsZero() || at.Unix() == 0 }
	switch {
	case f.AssetDenom != "" && f.AssetDenom != id.Denom, f.BaseDenom != "" && f.BaseDenom != id.BaseDenom:
		return false
	case !unset(f.StartTime) && id.Timestamp.Before(f.StartTime), !unset(f.EndTime) && id.Timestamp.After(f.EndTime):
		return false
	default:
		return true
	}
}

// AggregatedPrice answers the last healthy price of a coin and the state of its sources.
func (s QueryServer) AggregatedPrice(
	goCtx context.Context, req *oraclev2.QueryAggregatedPriceRequest,
) (*oraclev2.QueryAggregatedPriceResponse, error) {
	ctx := sdk.UnwrapSDKContext(goCtx)
	switch {
	case isFixed(req.Denom):
		one := math.LegacyOneDec()
		return &oraclev2.QueryAggregatedPriceResponse{
			AggregatedPrice: oraclev2.AggregatedPrice{
				Denom: req.Denom, Twap: one, MedianPrice: one, MinPrice: one, MaxPrice: one, Timestamp: timeOf(ctx),
			},
			PriceHealth: oraclev2.PriceHealth{
				Denom: req.Denom, IsHealthy: true, HasMinSources: true, DeviationOk: true,
			},
		}, nil
	case req.Denom != AKT && req.Denom != coin.UAKT:
		return nil, status.Errorf(codes.NotFound, "no price of %q", req.Denom)
	}
	price, health, err := s.k.aggregate(ctx)
	if err != nil {
		return nil, err
	}
	if price.Denom == "" {
		return nil, status.Errorf(codes.NotFound, "no price of %q", req.Denom)
	}
	return &oraclev2.QueryAggregatedPriceResponse{AggregatedPrice: price, PriceHealth: health}, nil
}

// timeOf is the block time of the state that a query reads. The context's is the newest block's.
func timeOf(ctx sdk.Context) time.Time {
	if past, ok := ctx.MultiStore().(states.Past); ok && !past.At.IsZero() {
		return past.At
	}
	return ctx.BlockTime()
}
