// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/oracle"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
)

// ErrFaucet is wrapped by refusals of [Network.Faucet] that another request would not meet.
var ErrFaucet = errors.New("faucet")

// maxFaucetCoins is the most of a denom that one request gives, a thousandth of what the faucet has at first.
const maxFaucetCoins = plenty / 1000

// Faucet gives coins to an address and returns once they are there. uakt is sent from a devnet account. uact is
// another matter: the network lets nobody send it, and only the owner of an address may mint it there. So it is had
// for [Network.Accounts] alone, whose keys are at hand: they get the uakt it takes and mint with it, at the price in
// force. That takes until the exchange's next epoch, gives a little more than was asked for and never less than the
// exchange's minimum, and fails while minting is halted. Refusals wrap [ErrFaucet].
func (n *Network) Faucet(ctx context.Context, address string, coins sdk.Coins) error {
	if err := ids.ValidateAddress(address); err != nil {
		return fmt.Errorf("%w: %w", ErrFaucet, err)
	}
	if err := checkFaucet(coins); err != nil {
		return err
	}
	sent, minted := coins.AmountOf(coin.UAKT), coins.AmountOf(coin.UACT)
	minter, known := n.accountAt(address)
	burn := math.ZeroInt()
	if minted.IsPositive() {
		var err error
		if burn, err = n.burnFor(ctx, minted); err != nil {
			return err
		}
		if !known {
			return fmt.Errorf("%w: the network lets nobody send uact, and only the owner of %s may mint it there: ask for "+
				"%suakt, and mint with them", ErrFaucet, address, burn)
		}
	}
	from, _ := n.Account(Oracle) // it has plenty, and no user signs for it
	_, err := n.signAs(ctx, from, &banktypes.MsgSend{
		FromAddress: from.Address, ToAddress: address, Amount: sdk.NewCoins(sdk.NewCoin(coin.UAKT, sent.Add(burn))),
	})
	if err != nil || !minted.IsPositive() {
		return err
	}
	return n.mint(ctx, minter, burn)
}

func (n *Network) accountAt(address string) (Account, bool) {
	i := slices.IndexFunc(n.accounts, func(a Account) bool { return a.Address == address })
	if i < 0 {
		return Account{}, false
	}
	return n.accounts[i], true
}

// signAs sends a transaction of a devnet account, and tells the height of its block.
func (n *Network) signAs(ctx context.Context, account Account, msg sdk.Msg) (int64, error) {
	enc := n.app.Encoding()
	w, err := wallet.New(wallet.Config{
		Conn: n.servers.conn, ChainID: n.opts.ChainID, Mnemonic: account.Mnemonic, HDPath: account.HDPath, Encoding: &enc,
	})
	if err != nil {
		return 0, fmt.Errorf("faucet: wallet of %s: %w", account.Name, err)
	}
	res, err := w.Send(ctx, wallet.Options{}, msg)
	if err == nil && res.Code != 0 {
		err = &wallet.Error{Codespace: res.Codespace, Code: res.Code, Log: res.RawLog, Height: res.Height}
	}
	if err != nil {
		return 0, fmt.Errorf("faucet: transaction of %s: %w", account.Name, err)
	}
	return res.Height, nil
}

func checkFaucet(coins sdk.Coins) error {
	if coins.Empty() {
		return fmt.Errorf("%w: no coins asked for", ErrFaucet)
	}
	for _, c := range coins {
		switch {
		case c.Denom != coin.UAKT && c.Denom != coin.UACT:
			return fmt.Errorf("%w: there is no %q here, only %s and %s", ErrFaucet, c.Denom, coin.UAKT, coin.UACT)
		case !c.IsPositive() || c.Amount.GT(math.NewInt(maxFaucetCoins)):
			return fmt.Errorf("%w: from 1 to %d%s at a time", ErrFaucet, maxFaucetCoins, c.Denom)
		}
	}
	return nil
}

// burnFor is how much uakt yields an amount of uact.
func (n *Network) burnFor(ctx context.Context, amount math.Int) (math.Int, error) {
	price, err := oraclev2.NewQueryClient(n.Conn()).AggregatedPrice(ctx,
		&oraclev2.QueryAggregatedPriceRequest{Denom: oracle.AKT})
	if err != nil {
		return math.Int{}, fmt.Errorf("%w: AKT has no price, so there is no uact to be had: %w", ErrFaucet, err)
	}
	if !price.AggregatedPrice.Twap.IsPositive() {
		return math.Int{}, fmt.Errorf("%w: AKT has no price, so there is no uact to be had", ErrFaucet)
	}
	params, err := bmev1.NewQueryClient(n.Conn()).Params(ctx, &bmev1.QueryParamsRequest{})
	if err != nil {
		return math.Int{}, fmt.Errorf("faucet: parameters of the exchange: %w", err)
	}
	wanted := math.MaxInt(amount, sdk.Coins(params.Params.MinMint).AmountOf(coin.UACT))
	// A thousandth more, for the spread's and the price's last digits between now and the epoch.
	const bpsWhole, bpsMore = 10_000, 10
	gross := wanted.MulRaw(bpsWhole + int64(params.Params.MintSpreadBps) + bpsMore).QuoRaw(bpsWhole)
	return gross.ToLegacyDec().Quo(price.AggregatedPrice.Twap).Ceil().TruncateInt(), nil
}

// mint burns uakt of an account for uact, and waits until it has them.
func (n *Network) mint(ctx context.Context, account Account, burn math.Int) error {
	height, err := n.signAs(ctx, account, &bmev1.MsgMintACT{
		Owner: account.Address, To: account.Address, CoinsToBurn: sdk.NewCoin(coin.UAKT, burn),
	})
	if err != nil {
		return err
	}
	return n.awaitMint(ctx, account.Address, height)
}

// awaitMint returns once nothing that an account queued up to a height waits for the exchange any more.
func (n *Network) awaitMint(ctx context.Context, source string, height int64) error {
	for now := n.Height(); ; now++ {
		pending, err := n.ledger(ctx, source, height, bmev1.LedgerRecordStatus_ledger_record_status_pending)
		if err != nil {
			return err
		}
		if len(pending) == 0 {
			break
		}
		if err := n.heights.wait(ctx, now+1); err != nil {
			return fmt.Errorf("faucet: wait for the exchange's epoch: %w", err)
		}
	}
	canceled, err := n.ledger(ctx, source, height, bmev1.LedgerRecordStatus_ledger_record_status_canceled)
	for _, entry := range canceled {
		if record := entry.GetCanceledRecord(); record != nil && entry.ID.Height == height {
			return fmt.Errorf("%w: the exchange canceled the minting: %s", ErrFaucet, record.CancelReason)
		}
	}
	return err
}

// ledger lists what an account queued up to a height, newest first.
func (n *Network) ledger(
	ctx context.Context, source string, height int64, status bmev1.LedgerRecordStatus,
) ([]bmev1.QueryLedgerRecordEntry, error) {
	res, err := bmev1.NewQueryClient(n.Conn()).LedgerRecords(ctx, &bmev1.QueryLedgerRecordsRequest{
		Filters:    bmev1.LedgerRecordFilters{Source: source, Status: status.String()},
		Pagination: &query.PageRequest{Reverse: true, Limit: 100},
	})
	if err != nil {
		return nil, fmt.Errorf("faucet: ledger of the exchange: %w", err)
	}
	return slices.DeleteFunc(res.Records, func(e bmev1.QueryLedgerRecordEntry) bool { return e.ID.Height > height }), nil
}
