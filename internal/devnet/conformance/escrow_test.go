// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"net/http"
	"testing"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
)

// account is a deployment's escrow account.
func (a *actor) account(t *testing.T, dseq uint64) escrowtypes.AccountState {
	t.Helper()
	return a.deployment(t, dseq).EscrowAccount.State
}

// funds is what an escrow account has of a denomination; below zero when it owes.
func funds(account escrowtypes.AccountState, denom string) math.LegacyDec {
	for _, f := range account.Funds {
		if f.Denom == denom {
			return f.Amount
		}
	}
	return math.LegacyZeroDec()
}

func dec(text string) math.LegacyDec { return math.LegacyMustNewDecFromStr(text) }

// priced raises the ceiling of an order, in uact a block.
func priced(most int64) func(*creation) {
	return func(m *creation) { unit(m).Price = sdk.NewInt64DecCoin(coin.UACT, most) }
}

func TestSettlement(t *testing.T) {
	t.Parallel()
	tenant, seller := newActor(t), newSeller(t)
	const rate = "500.5"
	dseq, id := tenant.leased(t, seller, rate)
	begun := tenant.lease(t, id).Lease.CreatedAt
	had := seller.balance(t, seller.addr, coin.UACT)
	check(t, "observed.md 6", "settlement is lazy: blocks alone change nothing", func(t *testing.T) {
		tenant.waitHeight(t, begun+3)
		got := tenant.account(t, dseq)
		require.Equal(t, math.LegacyNewDec(smallDeposit), funds(got, coin.UACT))
		require.Equal(t, begun, got.SettledAt)
	})
	check(t, "observed.md 6", "a deposit does not settle", func(t *testing.T) {
		res := tenant.do(t, tenant.addition(tenant.addr, dseq, granted(1000, coin.UACT)))
		require.Equal(t, "transfer", story(res), "and tells no event of Akash's")
		got := tenant.account(t, dseq)
		require.Equal(t, math.LegacyNewDec(smallDeposit+1000), funds(got, coin.UACT))
		require.Equal(t, begun, got.SettledAt)
		require.Len(t, got.Deposits, 2)
		require.Equal(t, res.Height, got.Deposits[1].Height)
	})
	earned := math.ZeroInt()
	withdrawn := seller.do(t, withdraw(id))
	check(t, "observed.md 5, 6, lifecycle.md 6.2", "a withdrawal pays rate times blocks, truncated", func(t *testing.T) {
		escrow := authtypes.NewModuleAddress("escrow").String()
		earned = dec(rate).MulInt64(withdrawn.Height - begun).TruncateInt()
		require.Equal(t, []string{earned.String() + "uact escrow seller"},
			moves(withdrawn, map[string]string{escrow: "escrow", seller.addr: "seller"}))
		require.Equal(t, "transfer", story(withdrawn))
		require.Equal(t, had.Add(earned), seller.balance(t, seller.addr, coin.UACT))
		account := tenant.account(t, dseq)
		require.Equal(t, withdrawn.Height, account.SettledAt)
		require.Equal(t, math.LegacyNewDec(smallDeposit+1000).Sub(math.LegacyNewDecFromInt(earned)),
			funds(account, coin.UACT))
		require.Equal(t, earned.String(), sdk.DecCoins(account.Transferred).AmountOf(coin.UACT).TruncateInt().String())
		payment := tenant.lease(t, id).EscrowPayment.State
		require.Equal(t, earned, payment.Withdrawn.Amount)
		require.True(t, payment.Balance.Amount.LT(math.LegacyOneDec()))
		require.Equal(t, "open", payment.State.String())
	})
	check(t, "lifecycle.md 6.2", "deposits are used up oldest first", func(t *testing.T) {
		got := tenant.account(t, dseq).Deposits
		require.Len(t, got, 2)
		require.Equal(t, math.LegacyNewDec(smallDeposit).Sub(math.LegacyNewDecFromInt(earned)), got[0].Balance.Amount)
		require.Equal(t, math.LegacyNewDec(1000), got[1].Balance.Amount)
	})
	closed := tenant.do(t, tenant.closing(dseq))
	check(t, "lifecycle.md 6.5, observed.md 6", "close pays the rest, and what is left goes back", func(t *testing.T) {
		last := dec(rate).MulInt64(closed.Height - withdrawn.Height).TruncateInt()
		paid := earned.Add(last)
		require.Equal(t, had.Add(paid), seller.balance(t, seller.addr, coin.UACT))
		account := tenant.account(t, dseq)
		require.Equal(t, "closed", account.State.String())
		require.True(t, funds(account, coin.UACT).IsZero())
		require.Empty(t, account.Deposits)
		require.Equal(t, paid.String(), sdk.DecCoins(account.Transferred).AmountOf(coin.UACT).TruncateInt().String())
		payment := tenant.lease(t, id).EscrowPayment.State
		require.Equal(t, "closed", payment.State.String())
		require.Equal(t, paid, payment.Withdrawn.Amount)
		back := math.ZeroInt()
		for _, e := range closed.Events {
			if e.Type == "transfer" && index(e) != "" && attribute(e, "recipient") == tenant.pool.funder.addr {
				amount, err := sdk.ParseCoinsNormalized(attribute(e, "amount"))
				require.NoError(t, err)
				back = back.Add(amount[0].Amount)
			}
		}
		require.Equal(t, math.NewInt(smallDeposit+1000).Sub(paid), back)
	})
}

func TestDepositors(t *testing.T) {
	t.Parallel()
	tenant, friend := newActor(t), newActor(t)
	dseq := tenant.nextDSeq()
	tenant.do(t, tenant.creation(dseq))
	had := friend.balance(t, friend.addr, coin.UAKT)
	paid := friend.do(t, tenant.addition(friend.addr, dseq, fromBalance(250_000, coin.UAKT)))
	check(t, "observed.md 6", "anybody may deposit, in uakt too; it is kept under their name", func(t *testing.T) {
		require.Equal(t, had.Sub(fee(t, paid)).SubRaw(250_000), friend.balance(t, friend.addr, coin.UAKT))
		got := tenant.account(t, dseq)
		require.Len(t, got.Funds, 2)
		require.Equal(t, math.LegacyNewDec(250_000), funds(got, coin.UAKT))
		require.Len(t, got.Deposits, 2)
		require.Equal(t, friend.addr, got.Deposits[1].Owner)
		require.Equal(t, "balance", got.Deposits[1].Source.String())
		require.Equal(t, "250000.000000000000000000uakt", got.Deposits[1].Balance.String())
	})
	check(t, "observed.md 6", "and goes back to them at the end", func(t *testing.T) {
		tenant.do(t, tenant.closing(dseq))
		require.Equal(t, had.Sub(fee(t, paid)), friend.balance(t, friend.addr, coin.UAKT))
	})
}

// The limit of a grant to deposit, in uact.
func (a *actor) allowed(t *testing.T) string {
	t.Helper()
	got := a.getOK(t, "/cosmos/authz/v1beta1/grants?granter="+a.pool.funder.addr+"&grantee="+a.addr+
		"&msg_type_url=/akash.escrow.v1.MsgAccountDeposit")
	require.Equal(t, "/akash.escrow.v1.DepositAuthorization", at(t, got, "grants", 0, "authorization", "@type"))
	require.Equal(t, "uact", at(t, got, "grants", 0, "authorization", "spend_limits", 0, "denom"))
	text, _ := at(t, got, "grants", 0, "authorization", "spend_limits", 0, "amount").(string)
	return text
}

func TestDepositGrants(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	limit := func(left int64) string { return fmt.Sprint(allowedUACT + left) }
	require.Equal(t, limit(0), a.allowed(t))
	dseq := a.nextDSeq()
	var created, closed *sdk.TxResponse
	check(t, "observed.md 6", "a grant's limit goes down by what is deposited out of it", func(t *testing.T) {
		created = a.do(t, a.creation(dseq))
		require.Equal(t, limit(-smallDeposit), a.allowed(t))
		got := a.account(t, dseq).Deposits
		require.Len(t, got, 1)
		require.Equal(t, a.pool.funder.addr, got[0].Owner)
		require.Equal(t, "grant", got[0].Source.String())
	})
	check(t, "observed.md 6", "and up again by what comes back", func(t *testing.T) {
		closed = a.do(t, a.closing(dseq))
		require.Equal(t, limit(0), a.allowed(t))
	})
	check(t, "conformance node dep_grant_create, close300", "both times the grant is told anew", func(t *testing.T) {
		for _, res := range []*sdk.TxResponse{created, closed} {
			require.Equal(t, map[string]any{
				"granter": a.pool.funder.addr, "grantee": a.addr, "msg_type_url": "/akash.escrow.v1.MsgAccountDeposit",
			}, told(t, res, "cosmos.authz.v1beta1.EventGrant"))
		}
	})
	a.refuses(t, fails("observed.md 7a", "more than a grant allows", a.creation(a.nextDSeq(), func(m *creation) {
		m.Deposit = granted(allowedUACT+1, coin.UACT)
	}), "undefined", 1, "deposit invalid: insufficient balance"))
}

// When the money is used up nothing happens until somebody settles.
func TestOverdraw(t *testing.T) {
	t.Parallel()
	tenant, seller := newActor(t), newSeller(t)
	const rate = 300_000
	dseq, id := tenant.leased(t, seller, fmt.Sprint(rate), priced(1_000_000))
	begun := tenant.lease(t, id).Lease.CreatedAt
	tenant.waitHeight(t, begun+5)
	check(t, "observed.md 6", "past the end of the money all is as it was", func(t *testing.T) {
		require.Equal(t, "active", tenant.lease(t, id).Lease.State.String())
		got := tenant.account(t, dseq)
		require.Equal(t, "open", got.State.String())
		require.Equal(t, math.LegacyNewDec(smallDeposit), funds(got, coin.UACT))
	})
	res := seller.do(t, withdraw(id))
	owed := math.NewInt(rate).MulRaw(res.Height - begun).SubRaw(smallDeposit)
	check(t, "observed.md 5", "a withdrawal notices: payout, deployment, group, order, bid, lease", func(t *testing.T) {
		require.Equal(t, "transfer DeploymentClosed GroupClosed OrderClosed transfer BidClosed LeaseClosed", story(res))
		require.Equal(t, map[string]any{"id": bidJSON(id), "reason": "lease_closed_reason_insufficient_funds"},
			told(t, res, "akash.market.v1.EventLeaseClosed"))
	})
	check(t, "lifecycle.md 6.2, 6.4", "states and the debt", func(t *testing.T) {
		got := tenant.lease(t, id)
		require.Equal(t, "insufficient_funds", got.Lease.State.String())
		require.Equal(t, "lease_closed_reason_insufficient_funds", got.Lease.Reason.String())
		require.Equal(t, res.Height, got.Lease.ClosedOn)
		require.Equal(t, "overdrawn", got.EscrowPayment.State.State.String())
		require.Equal(t, math.NewInt(smallDeposit), got.EscrowPayment.State.Withdrawn.Amount)
		require.Equal(t, math.LegacyNewDecFromInt(owed), got.EscrowPayment.State.Unsettled.Amount)
		deployment := tenant.deployment(t, dseq)
		require.Equal(t, "closed", deployment.Deployment.State.String())
		require.Equal(t, "insufficient_funds", deployment.Groups[0].State.String())
		require.Equal(t, "overdrawn", deployment.EscrowAccount.State.State.String())
		require.Equal(t, math.LegacyNewDecFromInt(owed).Neg(), funds(deployment.EscrowAccount.State, coin.UACT))
		require.Equal(t, "closed", tenant.bid(t, id).Bid.State.String())
		require.Equal(t, []string{"closed"}, tenant.orderStates(t, dseq))
	})
	tenant.refuses(t, fails("observed.md 7a", "closing it", tenant.closing(dseq), "deployment", 5, "Deployment closed"))
	check(t, "observed.md 6", "a deposit pays the debt, the rest comes back, the deployment stays closed",
		func(t *testing.T) {
			const more = 10_000_000
			had := seller.balance(t, seller.addr, coin.UACT)
			tenant.do(t, tenant.addition(tenant.addr, dseq, granted(more, coin.UACT)))
			require.Equal(t, had.Add(owed), seller.balance(t, seller.addr, coin.UACT))
			got := tenant.account(t, dseq)
			require.Equal(t, "closed", got.State.String())
			require.Empty(t, got.Deposits)
			require.Equal(t, "closed", tenant.deployment(t, dseq).Deployment.State.String())
			require.Equal(t, fmt.Sprint(math.NewInt(allowedUACT-smallDeposit).Sub(owed)), tenant.allowed(t))
		})
}

func TestSettlementInOneBlock(t *testing.T) {
	t.Parallel()
	tenant, seller := newActor(t), newSeller(t)
	_, id := tenant.leased(t, seller, "10")
	check(t, "lifecycle.md 5, pitfalls.md 4", "a second withdrawal in a block fails", func(t *testing.T) {
		res := seller.try(t, wallet.Options{}, withdraw(id), withdraw(id))
		require.NotZero(t, res.Code)
		require.Contains(t, res.RawLog, "couldn't find payment")
	})
	dseq := tenant.nextDSeq()
	tenant.do(t, tenant.creation(dseq))
	both := tenant.bidFor(dseq, 1, seller)
	seller.do(t, bid(both, "10"))
	check(t, "lifecycle.md 6.5", "a lease made and closed in a block leaves its payment open", func(t *testing.T) {
		tenant.do(t, lease(both), closeLease(both))
		got := tenant.lease(t, both)
		require.Equal(t, "closed", got.Lease.State.String())
		require.Equal(t, "open", got.EscrowPayment.State.State.String())
	})
}

func TestEscrowLists(t *testing.T) {
	t.Parallel()
	tenant, seller := newActor(t), newSeller(t)
	dseq, _ := tenant.leased(t, seller, "10")
	const accounts, payments = "/akash/escrow/v1/types/accounts?xid=", "/akash/escrow/v1/types/payments?xid="
	check(t, "observed.md 8", "an account by scope and id, and state", func(t *testing.T) {
		path := accounts + "deployment/" + tenant.xid(dseq)
		require.Len(t, at(t, tenant.getOK(t, path+"&state=open"), "accounts"), 1)
		got := tenant.getOK(t, path)
		require.Equal(t, map[string]any{"scope": "deployment", "xid": tenant.xid(dseq)}, at(t, got, "accounts", 0, "id"))
		require.Empty(t, at(t, tenant.getOK(t, path+"&state=closed"), "accounts"))
	})
	check(t, "messages.md 0.4", "a bid's account", func(t *testing.T) {
		got := tenant.getOK(t, accounts+"bid/"+tenant.xid(dseq)+"/1/1/"+seller.addr)
		require.Len(t, at(t, got, "accounts"), 1)
		require.Equal(t, seller.addr, at(t, got, "accounts", 0, "state", "owner"))
	})
	check(t, "messages.md 0.4", "payments of an account, and one of them", func(t *testing.T) {
		for _, xid := range []string{"", "/1/1/" + seller.addr} {
			got := tenant.getOK(t, payments+"deployment/"+tenant.xid(dseq)+xid)
			require.Len(t, at(t, got, "payments"), 1)
			require.Equal(t, "1/1/"+seller.addr, at(t, got, "payments", 0, "id", "xid"))
			require.Equal(t, "10.000000000000000000", at(t, got, "payments", 0, "state", "rate", "amount"))
		}
	})
	check(t, "conformance node/queries escrow_bad_state", "a state that is none", func(t *testing.T) {
		got := tenant.get(t, accounts+"deployment/"+tenant.xid(dseq)+"&state=foo")
		require.Equal(t, http.StatusBadRequest, got.status, got.body)
	})
}
