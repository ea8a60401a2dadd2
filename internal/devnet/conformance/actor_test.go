// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

const (
	// poolSize is how many accounts are made in one transaction.
	poolSize = 24
	// Each account's money: AKT of its own for fees and bids' deposits, ACT out of the first account's.
	accountUAKT = 4_000_000
	allowedUACT = 100_000_000
	// plentyOfGas is enough for any transaction here. Simulations fall short of what others' deeds of the same
	// block add, and what a transaction takes is not the subject.
	plentyOfGas = 2_000_000
	// runKey is the attribute that only this run's sellers have, so that nobody else bids on its orders.
	runKey = "conformance-run"
)

// actor is an account of this run. Its transactions go one after the other.
type actor struct {
	*world
	wallet *wallet.Wallet
	addr   string
	key    *secp256k1.PrivKey
	dseqs  atomic.Uint64
}

// pool makes accounts that nobody has used, many at a time.
type pool struct {
	world  *world
	funder *actor
	run    string // a number of this run's own

	unfunded atomic.Uint32 // counts accounts that are made without money

	mu    sync.Mutex
	made  int
	ready []*actor
}

func (w *world) makePool(ctx context.Context) (*pool, error) {
	funder, err := w.actorAt(w.hdPath)
	if err != nil {
		return nil, err
	}
	// A hardened index has 31 bits; a run begins in a second of its own.
	p := &pool{world: w, funder: funder, run: fmt.Sprint(time.Now().Unix() % (1 << 31))}
	return p, p.fill(ctx)
}

// actorAt derives an account.
func (w *world) actorAt(hdPath string) (*actor, error) {
	signer, err := w.wallet(hdPath)
	if err != nil {
		return nil, err
	}
	raw, err := hd.Secp256k1.Derive()(w.mnemonic, "", hdPath)
	if err != nil {
		return nil, fmt.Errorf("derive key at %s", hdPath) // the cause may quote the words
	}
	return &actor{world: w, wallet: signer, addr: signer.Address(), key: &secp256k1.PrivKey{Key: raw}}, nil
}

// fill makes more accounts; the caller holds the lock, or is alone.
func (p *pool) fill(ctx context.Context) error {
	var msgs []sdk.Msg
	var fresh []*actor
	for range poolSize {
		a, err := p.world.actorAt(fmt.Sprintf("m/44'/118'/%s'/0/%d", p.run, p.made))
		if err != nil {
			return err
		}
		p.made++
		fresh = append(fresh, a)
		grant, err := depositGrant(p.funder.addr, a.addr, allowedUACT)
		if err != nil {
			return err
		}
		msgs = append(msgs, sendUAKT(p.funder.addr, a.addr, accountUAKT), grant)
	}
	if err := p.funder.wallet.Broadcast(ctx, msgs...); err != nil {
		return fmt.Errorf("fund accounts out of %s: %w", p.funder.addr, err)
	}
	p.ready = append(p.ready, fresh...)
	return nil
}

// depositGrant lets a grantee deposit out of the granter's ACT.
func depositGrant(granter, grantee string, limitUACT int64) (*authz.MsgGrant, error) {
	grant, err := authz.NewGrant(time.Now(), &escrowv1.DepositAuthorization{
		SpendLimit:  sdk.NewInt64Coin(coin.UAKT, 0),
		SpendLimits: sdk.NewCoins(sdk.NewInt64Coin(coin.UACT, limitUACT)),
		Scopes:      []escrowv1.DepositAuthorization_Scope{escrowv1.DepositAuthorization_deployment},
	}, nil)
	if err != nil {
		return nil, err
	}
	return &authz.MsgGrant{Granter: granter, Grantee: grantee, Grant: grant}, nil
}

func sendUAKT(from, to string, amount int64) *banktypes.MsgSend {
	return &banktypes.MsgSend{
		FromAddress: from, ToAddress: to, Amount: sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, amount)),
	}
}

// newActor takes an account that is the test's own: it has AKT and may deposit ACT.
func newActor(t *testing.T) *actor {
	t.Helper()
	p := chain(t).pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.ready) == 0 {
		require.NoError(t, p.fill(t.Context()))
	}
	a := p.ready[0]
	p.ready = p.ready[1:]
	return a
}

// newSeller is an account that is registered as an Akash provider for this run's orders.
func newSeller(t *testing.T) *actor {
	t.Helper()
	a := newActor(t)
	a.do(t, a.registration())
	return a
}

func (a *actor) registration(more ...attributesv1.Attribute) *providerv1beta4.MsgCreateProvider {
	return &providerv1beta4.MsgCreateProvider{
		Owner: a.addr, HostURI: "https://conformance.test:8443",
		Attributes: append([]attributesv1.Attribute{{Key: runKey, Value: a.pool.run}}, more...),
		Info:       providerv1beta4.Info{Email: "ops@conformance.test", Website: "https://conformance.test"},
	}
}

// richActor is the first account, which has ACT of its own. Others use it at the same time.
func richActor(t *testing.T) *actor {
	t.Helper()
	return chain(t).pool.funder
}

// nextDSeq is a sequence that this owner has not used.
func (a *actor) nextDSeq() uint64 {
	var run uint64
	_, _ = fmt.Sscan(a.pool.run, &run) // a number by construction
	return run*1000 + a.dseqs.Add(1)
}

// do sends messages in one transaction that must succeed.
func (a *actor) do(t *testing.T, msgs ...sdk.Msg) *sdk.TxResponse {
	t.Helper()
	return a.doWith(t, wallet.Options{}, msgs...)
}

func (a *actor) doWith(t *testing.T, opts wallet.Options, msgs ...sdk.Msg) *sdk.TxResponse {
	t.Helper()
	res := a.try(t, opts, msgs...)
	require.Zero(t, res.Code, "%s %d: %s", res.Codespace, res.Code, res.RawLog)
	return res
}

// try sends messages in one transaction and gives the answer, whatever it is.
func (a *actor) try(t *testing.T, opts wallet.Options, msgs ...sdk.Msg) *sdk.TxResponse {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if opts.Gas == 0 {
		opts.Gas = plentyOfGas
	}
	res, err := a.wallet.Send(ctx, opts, msgs...)
	require.NoError(t, err)
	return res
}

// balance is what an address has of a denomination.
func (w *world) balance(t *testing.T, address, denom string) math.Int {
	t.Helper()
	res, err := banktypes.NewQueryClient(w.conn).Balance(t.Context(),
		&banktypes.QueryBalanceRequest{Address: address, Denom: denom})
	require.NoError(t, err)
	return res.Balance.Amount
}

// fee is what a transaction cost, from its events.
func fee(t *testing.T, res *sdk.TxResponse) math.Int {
	t.Helper()
	for _, e := range res.Events {
		for _, a := range e.Attributes {
			if e.Type == "tx" && a.Key == "fee" {
				amount, ok := math.NewIntFromString(strings.TrimSuffix(a.Value, coin.UAKT))
				require.True(t, ok, a.Value)
				return amount
			}
		}
	}
	t.Fatal("the transaction tells no fee")
	return math.Int{}
}
