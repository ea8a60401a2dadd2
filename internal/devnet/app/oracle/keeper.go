// SPDX-License-Identifier: Apache-2.0

// Package oracle keeps the price of AKT in USD that named sources feed, and
// aggregates it at the end of every block.
//
// It is simplified: no feed contracts, one pair (akt/usd). ACT is 1 USD by
// definition. Nobody is warned before a price goes stale: the network has an
// event of that name and never emits it.
// Source: protocol/lifecycle.md section 8. Used by the bme package beside it.
package oracle

import (
	"slices"
	"time"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"
	"cosmossdk.io/store/prefix"
	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	"google.golang.org/grpc/codes"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/chainerr"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
)

// ModuleName names the module and its store.
const ModuleName = "oracle"

// Denominations of prices: whole coins, not the chain's micro units.
const (
	AKT = "akt"
	ACT = "act"
	USD = "usd"
)

const codespace = "oracle.v2"

// Errors of the codespace "oracle.v2". Source: protocol/messages.md section 14.
var (
	ErrPriceStalled = chainerr.New(codespace, 4, codes.Unknown, "price stalled")
	errZeroWeight   = chainerr.New(codespace, 7, codes.Unknown, "invalid TWAP calculation: zero weight")
)

var (
	paramsKey    = []byte{0}
	pricePrefix  = []byte{1}
	aggregateKey = []byte{2}
	healthKey    = []byte{3}
	epochKey     = []byte{4}
)

// pair is the only one that has a price.
var pair = oraclev2.DataID{Denom: AKT, BaseDenom: USD}

// Keeper is the module's state.
type Keeper struct{ store storetypes.StoreKey }

// NewKeeper makes a keeper on its store.
func NewKeeper(store storetypes.StoreKey) *Keeper { return &Keeper{store: store} }

// SetParams stores the module's parameters. A source's number is its place in
// the list, from 1.
func (k *Keeper) SetParams(ctx sdk.Context, params oraclev2.Params) error {
	bz, err := params.Marshal()
	if err != nil {
		return err
	}
	ctx.KVStore(k.store).Set(paramsKey, bz)
	return nil
}

// Params returns the module's parameters, as genesis set them.
func (k *Keeper) Params(ctx sdk.Context) (oraclev2.Params, error) {
	var params oraclev2.Params
	err := params.Unmarshal(ctx.KVStore(k.store).Get(paramsKey))
	return params, err
}

// Add stores a price of a source. Unknown sources are unauthorized; the pair must
// be akt/usd; a timestamp lies neither before the source's latest one nor
// further ahead of block time than the parameters allow.
func (k *Keeper) Add(
	ctx sdk.Context, source string, id oraclev2.DataID, price math.LegacyDec, at time.Time,
) error {
	params, err := k.Params(ctx)
	if err != nil {
		return err
	}
	number := uint32(slices.Index(params.Sources, source) + 1) //nolint:gosec // a handful of sources
	switch {
	case number == 0:
		return errorsmod.Wrapf(sdkerrors.ErrUnauthorized, "source %s is not authorized oracle provider", source)
	case id.Denom != AKT:
		return errorsmod.Wrapf(sdkerrors.ErrInvalidRequest, "unsupported denom %s", id.Denom)
	case id.BaseDenom != USD:
		return errorsmod.Wrapf(sdkerrors.ErrInvalidRequest, "unsupported base denom %s", id.BaseDenom)
	case price.IsNil() || !price.IsPositive():
		return errorsmod.Wrap(sdkerrors.ErrInvalidRequest, "price must be positive")
	case at.After(ctx.BlockTime().Add(params.MaxFutureTimeDrift)):
		return errorsmod.Wrap(sdkerrors.ErrInvalidRequest, "price timestamp is from future")
	}
	entry := oraclev2.PriceData{
		ID:    oraclev2.PriceDataRecordID{Source: number, Denom: id.Denom, BaseDenom: id.BaseDenom, Timestamp: at.UTC()},
		State: oraclev2.PriceDataState{Price: price},
	}
	latest, known, err := k.latest(ctx, number)
	switch {
	case err != nil:
		return err
	case known && at.Before(latest.ID.Timestamp):
		return errorsmod.Wrap(sdkerrors.ErrInvalidRequest, "price timestamp is older than existing record")
	case known && at.Equal(latest.ID.Timestamp):
		entry.ID.Sequence = latest.ID.Sequence + 1
	case !known && at.Before(ctx.BlockTime().Add(-params.MaxPriceStalenessPeriod)):
		return errorsmod.Wrap(sdkerrors.ErrInvalidRequest, "price timestamp is too old")
	}
	return k.set(ctx, entry)
}

// Price returns a coin's price in USD, of "uakt" and "uact" as of the whole
// coins: the time-weighted average of AKT, always 1 for ACT. Without a fresh
// price, or with sources that disagree, it is [ErrPriceStalled].
func (k *Keeper) Price(ctx sdk.Context, denom string) (math.LegacyDec, error) {
	if isFixed(denom) {
		return math.LegacyOneDec(), nil
	}
	aggregate, health, err := k.aggregate(ctx)
	switch {
	case err != nil:
		return math.LegacyDec{}, err
	case denom != coin.UAKT && denom != AKT, !health.IsHealthy:
		return math.LegacyDec{}, ErrPriceStalled
	default:
		return aggregate.Twap, nil
	}
}

func isFixed(denom string) bool { return denom == coin.UACT || denom == ACT || denom == USD }

// aggregate returns what the last block settled on; the zero values when there never was a price.
func (k *Keeper) aggregate(ctx sdk.Context) (oraclev2.AggregatedPrice, oraclev2.PriceHealth, error) {
	var (
		price  oraclev2.AggregatedPrice
		health oraclev2.PriceHealth
	)
	store := ctx.KVStore(k.store)
	if err := price.Unmarshal(store.Get(aggregateKey)); err != nil {
		return price, health, err
	}
	return price, health, health.Unmarshal(store.Get(healthKey))
}

// set stores an entry as it is.
func (k *Keeper) set(ctx sdk.Context, entry oraclev2.PriceData) error {
	bz, err := entry.Marshal()
	if err != nil {
		return err
	}
	id := entry.ID
	k.prices(ctx).Set(append(sourceKey(id.Source), timeKey(id.Timestamp).Uint64(id.Sequence)...), bz)
	return nil
}

func (k *Keeper) prices(ctx sdk.Context) prefix.Store {
	return prefix.NewStore(ctx.KVStore(k.store), pricePrefix)
}

func sourceKey(source uint32) table.Key {
	return table.Key{}.Text(pair.Denom).Text(pair.BaseDenom).Uint32(source)
}

// timeKey orders like the times, which lie after 1970.
func timeKey(at time.Time) table.Key {
	return table.Key{}.Uint64(uint64(at.UnixNano()))
}

func (k *Keeper) latest(ctx sdk.Context, source uint32) (entry oraclev2.PriceData, known bool, err error) {
	err = k.newestFirst(ctx, source, func(p oraclev2.PriceData) bool {
		entry, known = p, true
		return false
	})
	return entry, known, err
}

// newestFirst visits a source's entries until visit returns false.
func (k *Keeper) newestFirst(ctx sdk.Context, source uint32, visit func(oraclev2.PriceData) bool) error {
	head := sourceKey(source)
	it := k.prices(ctx).ReverseIterator(head, storetypes.PrefixEndBytes(head))
	defer it.Close() //nolint:errcheck // the store's iterator has nothing left to fail at
	for ; it.Valid(); it.Next() {
		var entry oraclev2.PriceData
		if err := entry.Unmarshal(it.Value()); err != nil {
			return err
		}
		if !visit(entry) {
			break
		}
	}
	return nil
}
