// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
)

// newPoorHouse is an account with AKT and no ACT, on a chain that mints every few blocks.
func newPoorHouse(t *testing.T, akt int64, economy devnet.Economy) *house {
	t.Helper()
	if economy.EpochBlocks == 0 {
		economy.EpochBlocks = 3
	}
	h := newHouse(t, devnet.Poor, devnet.Options{Economy: economy})
	if akt > 0 {
		coins := sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, akt*1_000_000))
		require.NoError(t, h.net.Faucet(t.Context(), h.key.Address(), coins))
	}
	return h
}

// minting is a run that may mint.
func (h *house) minting(transactions deploy.Transactions) run {
	if transactions == nil {
		transactions = h.engine
	}
	r := h.start(transactions)
	config := r.Config
	config.AutoMint, config.Tx = true, transactions
	r.Deployer = deploy.New(config)
	return r
}

func (h *house) has(t *testing.T, denom string) math.Int {
	t.Helper()
	balances, err := h.chain.SpendableBalances(t.Context(), h.key.Address())
	require.NoError(t, err)
	return balances.AmountOf(denom)
}

// counting counts how often ACT is minted.
type counting struct {
	deploy.Transactions
	mu    sync.Mutex
	mints int
	burnt math.Int
}

func (c *counting) Submit(ctx context.Context, request tx.Request) (tx.Result, error) {
	if mint, ok := request.Msgs[0].(*bmev1.MsgMintACT); ok {
		c.mu.Lock()
		c.mints++
		c.burnt = mint.CoinsToBurn.Amount
		c.mu.Unlock()
	}
	return c.Transactions.Submit(ctx, request)
}

// TestMint opens deployments side by side with no ACT at all: they are minted for together, or in two steps when one
// was quicker than the others.
func TestMint(t *testing.T) {
	t.Parallel()
	h := newPoorHouse(t, 100, devnet.Economy{})
	count := &counting{Transactions: h.engine}
	r := h.minting(count)
	request, _ := web(t, nil)
	note, err := r.CheckFunds(t.Context(), deploy.Need{
		New: &request, Planned: math.NewInt(20_000_000), Deposits: 4, Refunds: math.LegacyZeroDec(),
	})
	require.NoError(t, err)
	require.Contains(t, note, "need 20 ACT more than the account has. Apply burns about 16.36")
	require.Contains(t, note, "1.25 USD per AKT, a spread of 0.25 %), at least 10 ACT at a time")
	var all sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		all.Go(func() {
			opened, err := r.Open(t.Context(), request)
			if errs[i] = err; err == nil {
				opened.HandedOver()
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Len(t, h.active(t), 4)
	require.LessOrEqual(t, count.mints, 2)
	left := h.has(t, coin.UACT)
	require.False(t, left.IsNegative())
	require.True(t, left.LT(math.NewInt(11_000_000)), "%s uact are left over", left)
	intents, err := r.journal.Unclaimed(journal.KindMint, h.net.ChainID(), h.key.Address())
	require.NoError(t, err)
	require.Empty(t, intents)
}

// TestMint_interrupted kills a run after it asked for ACT: the next one waits for those instead of asking again.
func TestMint_interrupted(t *testing.T) {
	t.Parallel()
	h := newPoorHouse(t, 100, devnet.Economy{EpochBlocks: 20})
	request, _ := web(t, nil)
	first := h.minting(&dying{Transactions: h.engine, afterInclusion: true})
	_, err := first.Open(t.Context(), request)
	require.Error(t, err)
	first.killed(t)
	before := h.has(t, coin.UAKT)
	count := &counting{Transactions: h.engine}
	opened, err := h.minting(count).Open(t.Context(), request)
	require.NoError(t, err)
	opened.HandedOver()
	require.Zero(t, count.mints)
	require.Len(t, h.active(t), 1)
	require.True(t, h.has(t, coin.UAKT).GT(before.SubRaw(100_000)), "only fees were paid")
}

// dyingAfterMint stops the run between the minting and the deposit it was for.
type dyingAfterMint struct{ deploy.Transactions }

func (d dyingAfterMint) Submit(ctx context.Context, request tx.Request) (tx.Result, error) {
	if _, ok := request.Msgs[0].(*bmev1.MsgMintACT); !ok {
		return tx.Result{}, errKilled
	}
	return d.Transactions.Submit(ctx, request)
}

// TestMint_endpointIsBehind: what was minted is remembered until it is used, so that a run on an endpoint that does not
// show it yet mints nothing.
func TestMint_endpointIsBehind(t *testing.T) {
	t.Parallel()
	h := newPoorHouse(t, 100, devnet.Economy{})
	const lag = 40
	require.NoError(t, h.net.Advance(t.Context(), lag))
	request, _ := web(t, nil)
	first := h.minting(dyingAfterMint{h.engine})
	_, err := first.Open(t.Context(), request)
	require.ErrorIs(t, err, errKilled)
	first.killed(t)
	require.True(t, h.has(t, coin.UACT).GTE(request.Deposit.Amount))

	h.net.SetFaults(devnet.Faults{LagBlocks: lag})
	fresh, err := chain.Dial(t.Context(), chain.Config{
		ChainID: h.net.ChainID(), GRPC: []string{"http://" + h.net.GRPC()},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, fresh.Close()) })
	engine, err := tx.New(tx.Config{Chain: fresh, Key: h.key, BlockTime: h.net.BlockTime()})
	require.NoError(t, err)
	count := &counting{Transactions: engine}
	second := h.minting(count)
	config := second.Config
	config.Chain, config.Tx = fresh, count
	opened, err := deploy.New(config).Open(t.Context(), request)
	require.NoError(t, err)
	opened.HandedOver()
	require.Zero(t, count.mints)
}

// TestMint_neverSent: what never reached the chain is minted by the next run, once.
func TestMint_neverSent(t *testing.T) {
	t.Parallel()
	h := newPoorHouse(t, 100, devnet.Economy{})
	request, _ := web(t, nil)
	first := h.minting(&dying{Transactions: h.engine, beforeBroadcast: true, timeout: time.Now().Add(time.Second)})
	_, err := first.Open(t.Context(), request)
	require.Error(t, err)
	first.killed(t)
	count := &counting{Transactions: h.engine}
	opened, err := h.minting(count).Open(t.Context(), request)
	require.NoError(t, err)
	opened.HandedOver()
	require.Equal(t, 1, count.mints)
}

func TestMint_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		akt     int64
		economy devnet.Economy
		title   string
		says    string
	}{
		"halted": {
			akt: 100, economy: devnet.Economy{NoPrice: true}, title: "Minting is halted", says: "mint_status_halt",
		},
		"too little AKT": {title: "Insufficient funds", says: "has 1 AKT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newPoorHouse(t, test.akt, test.economy)
			request, _ := web(t, nil)
			r := h.minting(nil)
			_, planErr := r.CheckFunds(t.Context(), deploy.Need{
				New: &request, Planned: request.Deposit.Amount, Deposits: 1, Refunds: math.LegacyZeroDec(),
			})
			_, err := r.Open(t.Context(), request)
			for _, err := range []error{planErr, err} {
				var failure *deploy.Failure
				require.ErrorAs(t, err, &failure)
				require.Equal(t, test.title, failure.Title)
				require.Contains(t, failure.Error(), test.says)
				require.Contains(t, failure.Exists, "Nothing was created or spent")
			}
		})
	}
}
