// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
)

// mintSlackBPS is what is burned on top, since the network mints at the price of its next epoch: 2 %. It becomes ACT.
const mintSlackBPS = 200

// ErrMintCanceled is returned when the network gave the uakt back instead of minting.
var ErrMintCanceled = errors.New("the network canceled the minting")

// ErrMintHalted is returned while the network mints nothing.
var ErrMintHalted = errors.New("the network has halted minting")

// minter sees to it that deposits find their uact. Deposits that are begun together are minted for together. It is safe
// for concurrent use.
type minter struct {
	mu sync.Mutex
	// waiting is what callers need who have not been served, taken what those need whose transaction is on its way.
	waiting, taken math.Int
	// turn is held by the one who looks, and mints: whoever put something in.
	turn chan struct{}
}

func newMinter() minter { return minter{turn: make(chan struct{}, 1)} }

// await is for the turn: release gives it back. It ends with ctx's error when ctx ends first.
func (m *minter) await(ctx context.Context) (release func(), err error) {
	select {
	case m.turn <- struct{}{}:
		return func() { <-m.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (m *minter) move(waiting, taken math.Int) (sumWaiting, sumTaken math.Int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.waiting.IsNil() {
		m.waiting, m.taken = math.ZeroInt(), math.ZeroInt()
	}
	m.waiting, m.taken = m.waiting.Add(waiting), m.taken.Add(taken)
	return m.waiting, m.taken
}

// FromGrant reports whether a deposit may be taken from what others granted.
func FromGrant(sources []depositv1.Source) bool {
	return slices.Contains(sources, depositv1.Source_grant)
}

// fund makes the owner able to pay a deposit, minting what is missing where the Terraform provider may. spent must be
// called once the deposit's transaction has ended. Without auto_mint it does nothing.
func (d *Deployer) fund(
	ctx context.Context, deposit sdk.Coin, sources []depositv1.Source,
) (spent func(), err error) {
	if !d.AutoMint || FromGrant(sources) || deposit.Denom != coin.UACT {
		return func() {}, nil
	}
	need, none := deposit.Amount, math.ZeroInt()
	d.minter.move(need, none)
	release, err := d.minter.await(ctx)
	if err == nil {
		defer release()
		err = d.mintMissing(ctx, need)
	} else {
		err = d.fail(ctx, "Waiting for another deposit's ACT to be minted", "Nothing was spent for this one.", err)
	}
	if err != nil {
		d.minter.move(need.Neg(), none)
		return nil, err
	}
	d.minter.move(need.Neg(), need)
	return func() { d.minter.move(none, need.Neg()) }, nil
}

// mintMissing returns once the owner has what the caller needs beside what is taken. It looks for minting that is under
// way first, of an interrupted run or anybody's, so that nothing is minted twice.
func (d *Deployer) mintMissing(ctx context.Context, need math.Int) error {
	lack, err := d.lacks(ctx, need)
	if err != nil || !lack.IsPositive() {
		return err
	}
	if err := d.settleMints(ctx); err != nil {
		return err
	}
	if lack, err = d.lacks(ctx, need); err != nil || !lack.IsPositive() {
		return err
	}
	// For everybody who waits, so that they share an epoch.
	waiting, _ := d.minter.move(math.ZeroInt(), math.ZeroInt())
	if lack, err = d.lacks(ctx, waiting); err != nil {
		return err
	}
	return d.mint(ctx, lack)
}

// lacks is how much uact the owner does not have of need, beside what is taken.
func (d *Deployer) lacks(ctx context.Context, need math.Int) (math.Int, error) {
	balances, err := d.Chain.SpendableBalances(ctx, d.Owner)
	if err != nil {
		return math.Int{}, d.fail(ctx, fmt.Sprintf("Reading the balances of %s", d.Owner), nothingSpent, err)
	}
	_, taken := d.minter.move(math.ZeroInt(), math.ZeroInt())
	return need.Add(taken).Sub(balances.AmountOf(coin.UACT)), nil
}

// settleMints waits until no earlier minting is on its way any more.
func (d *Deployer) settleMints(ctx context.Context) error {
	for {
		entry, err := d.claimOf(ctx, journal.KindMint, "", "")
		if err != nil {
			return err
		}
		if entry == nil {
			break
		}
		if err := d.settleEntry(ctx, entry); err != nil {
			return d.fail(ctx, "Looking up the minting that an earlier run began",
				"It is not known yet whether it landed; nothing else was minted.", err)
		}
	}
	return d.awaitMints(ctx, 0)
}

// mint burns uakt for at least so much uact, and waits until it can be spent.
func (d *Deployer) mint(ctx context.Context, uact math.Int) error {
	doing := fmt.Sprintf("Minting %s for deposits", coin.Display(coin.UACT, uact))
	burn, err := d.quoteMint(ctx, uact)
	if err != nil {
		return d.mintFailure(ctx, doing, nothingSpent, err)
	}
	entry, err := d.Journal.Begin(journal.Intent{
		Kind: journal.KindMint, ChainID: d.Chain.ChainID(), Owner: d.Owner, DSeq: d.sequence.next(),
	})
	if err != nil {
		return d.mintFailure(ctx, doing, nothingSpent, err)
	}
	d.Logger.Info("minting ACT", "burned", coin.Display(coin.UAKT, burn), "wanted", coin.Display(coin.UACT, uact))
	result, err := d.Tx.Submit(ctx, tx.Request{
		Msgs:            []sdk.Msg{&bmev1.MsgMintACT{Owner: d.Owner, To: d.Owner, CoinsToBurn: sdk.NewCoin(coin.UAKT, burn)}},
		BeforeBroadcast: func(p tx.Prepared) error { return entry.Broadcasting(p.Hash, p.TimeoutAt) },
	})
	switch {
	case err == nil:
	case !mayHaveLanded(err, entry):
		return errors.Join(d.mintFailure(ctx, doing, nothingSpent, err), entry.Drop())
	default:
		return errors.Join(d.mintFailure(ctx, doing, "The minting may or may not land; nothing else was created.", err),
			entry.Leave())
	}
	err = d.awaitMints(ctx, result.Height)
	switch {
	case err == nil:
		// Kept for some time: the next run looks at this transaction before it believes an endpoint that is behind and
		// shows the account without the ACT.
		d.noteDone(entry)
		return nil
	case errors.Is(err, ErrMintCanceled):
		return errors.Join(err, entry.Drop())
	default:
		// A run that follows must not ask an endpoint that is behind and knows nothing of the request.
		return errors.Join(err, entry.Leave())
	}
}

// quoteMint is how much uakt has to be burned, or why nothing can be minted.
func (d *Deployer) quoteMint(ctx context.Context, uact math.Int) (math.Int, error) {
	status, err := d.Chain.MintStatus(ctx)
	if err != nil {
		return math.Int{}, err
	}
	if !status.Allowed {
		return math.Int{}, fmt.Errorf("%w: its status is %s", ErrMintHalted, status.Status)
	}
	burn := status.Burn(uact, mintSlackBPS)
	balances, err := d.Chain.SpendableBalances(ctx, d.Owner)
	if err != nil {
		return math.Int{}, err
	}
	needs := burn
	if d.feePayer() == d.Owner {
		fees, err := d.feesOf(ctx, 2) // this transaction's and the deposit's
		if err != nil {
			return math.Int{}, err
		}
		needs = needs.Add(fees)
	}
	if has := balances.AmountOf(coin.UAKT); has.LT(needs) {
		return math.Int{}, fmt.Errorf("%w: minting %s burns %s at %s USD per AKT, and %s has %s", chain.ErrInsufficientFunds,
			coin.Display(coin.UACT, status.Yield(burn)), coin.Display(coin.UAKT, burn), coin.Trim(status.USDPerAKT), d.Owner,
			coin.Display(coin.UAKT, has))
	}
	return burn, nil
}

// awaitMints waits until none of the owner's requests is pending. One of the height that was canceled is an error.
func (d *Deployer) awaitMints(ctx context.Context, height int64) error {
	doing := "Waiting until the network has minted ACT"
	var records []chain.MintRecord
	err := d.poll(ctx, func() (bool, error) {
		var err error
		records, err = d.Chain.MintRecords(ctx, d.Owner)
		for _, r := range records {
			if r.Pending {
				return false, err
			}
		}
		return err == nil, err
	})
	if err != nil {
		return d.mintFailure(ctx, doing, "Uakt was handed to the network for ACT and is minted, or given back, without "+
			"further doing. No deployment was created.", err)
	}
	for _, r := range records {
		if r.Height == height && r.Canceled != "" {
			return d.mintFailure(ctx, doing, fmt.Sprintf("%s was given back; only fees were spent.", r.Burned),
				fmt.Errorf("%w: %s", ErrMintCanceled, r.Canceled))
		}
	}
	return nil
}

// mintFailure is [Deployer.fail] with what helps where nothing is minted.
func (d *Deployer) mintFailure(ctx context.Context, doing, exists string, err error) *Failure {
	f := d.fail(ctx, doing, exists, err)
	switch {
	case errors.Is(err, ErrMintHalted):
		f.Title = "Minting is halted"
		f.Next = "Wait until the network mints again (akash query bme status), or get ACT another way, then apply again. " +
			"Deployments that run are not touched by this."
	case errors.Is(err, ErrMintCanceled):
		f.Title = "Minting was canceled"
	}
	return f
}

// mintNote says at plan what minting so much uact takes. It is "" without auto_mint.
func (d *Deployer) mintNote(ctx context.Context, uact math.Int) (string, error) {
	if !d.AutoMint {
		return "", nil
	}
	if err := d.checkMintGrant(ctx, uact); err != nil {
		return "", err
	}
	burn, err := d.quoteMint(ctx, uact)
	if err != nil {
		return "", d.mintFailure(ctx, fmt.Sprintf("Asking what minting %s takes", coin.Display(coin.UACT, uact)),
			nothingSpent, err)
	}
	status, err := d.Chain.MintStatus(ctx)
	if err != nil {
		return "", d.mintFailure(ctx, "Asking what minting takes", nothingSpent, err)
	}
	return fmt.Sprintf("The deposits planned so far need %s more than the account has. Apply burns about %s for about %s "+
		"(%s USD per AKT, a spread of %s %%), at least %s at a time, and waits for it for about %s. What is left over stays "+
		"in the account.", coin.Display(coin.UACT, uact), coin.Display(coin.UAKT, burn),
		coin.Display(coin.UACT, status.Yield(burn)), coin.Trim(status.USDPerAKT),
		coin.Trim(math.LegacyNewDecWithPrec(status.SpreadBPS, 2)), coin.Display(coin.UACT, status.LeastUACT),
		time.Duration(status.EpochBlocks)*d.BlockTime), nil
}
