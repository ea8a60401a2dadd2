// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	"cosmossdk.io/x/feegrant"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// queryStage is the situation of the recorded queries, and how its heights and hashes are called there.
type queryStage struct {
	*stage

	owner   string
	heights map[int64]int64 // recorded height to ours
	hashes  map[string]string
	// expiry is that of the authorizations; the recorded one is over some day.
	expiry time.Time
}

// What the recorded transactions of the owner paid.
const recordedGas, recordedFee = 500_000, 1251

// at sends messages for which the recorded block was height.
func (q *queryStage) at(height int64, msgs ...sdk.Msg) {
	q.t.Helper()
	opts := wallet.Options{Gas: recordedGas, Fee: sdk.NewCoins(sdk.NewInt64Coin("uakt", recordedFee))}
	if len(msgs) > 1 {
		opts = wallet.Options{}
	}
	res, err := q.signer(msgs[0]).Send(q.t.Context(), opts, msgs...)
	require.NoError(q.t, err)
	require.Zero(q.t, res.Code, res.RawLog)
	q.heights[height] = res.Height
	for recorded, closed := range recordedCloses {
		if height == closed {
			q.hashes[recorded] = res.TxHash
		}
	}
}

// recordedCloses are the hashes of the two closing transactions, by the heights they were at.
var recordedCloses = map[string]int64{
	"3D0FEF71624DC883163E1EFDA1FCADECEE663F09AAB1F15C10BC4A6F8D101168": 524,
}

// outstanding is what the recorded chain had in uact, and what the stage's own accounts have of it.
const outstanding, ownUACT = 8_000_000_100_000, 3*100_000_000_000 + 3*1_000_000_000

// setUpQueries brings the state about in which the queries were recorded: what testdata/README.md tells.
func setUpQueries(t *testing.T) *queryStage {
	t.Helper()
	poor, err := wallet.Derive(devnet.TestMnemonic, "m/44'/118'/0'/0/7")
	require.NoError(t, err)
	q := &queryStage{
		stage: newStage(t, quickEconomy, func(o *devnet.Options) {
			uact := func(address string, n int64) {
				o.Accounts = append(o.Accounts, devnet.FundedAccount{
					Address: address, Coins: sdk.NewCoins(sdk.NewInt64Coin("uact", n)),
				})
			}
			uact(poor, 100_000)
			// An address that only holds what is missing.
			uact(sdk.AccAddress(make([]byte, 20)).String(), outstanding-ownUACT-100_000)
		}),
		heights: map[int64]int64{}, hashes: map[string]string{},
		expiry: time.Now().Add(time.Hour).UTC().Truncate(time.Second),
	}
	q.owner = walletOf(t, q.net, "8").Address()
	q.before()
	for dseq := uint64(1001); dseq <= 1007; dseq++ {
		q.at(int64(dseq)-492, q.create(dseq, "dcloud"))
	}
	q.at(516, q.create(1008, "dcloud", "group2"))
	q.trade()
	auditor := walletOf(t, q.net, "0")
	q.wallets[auditor.Address()] = auditor
	q.at(529, &auditv1.MsgSignProviderAttributes{
		Owner: q.seller1, Auditor: auditor.Address(),
		Attributes: []attributesv1.Attribute{{Key: "region", Value: "us-west"}, {Key: "tier", Value: "community"}},
	})
	q.at(530, &marketv1beta5.MsgWithdrawLease{ID: q.lease(1003)})
	q.until(t, "healthy", func() bool { return q.bmeStatus(t).MintsAllowed })
	return q
}

// before sends what had been sent earlier, the owner's four transactions among it.
func (q *queryStage) before() {
	t := q.t
	q.replay("seed_prov1")
	q.replay("prov_create2")
	q.replay("seed_prov3")
	other := walletOf(t, q.net, "2").Address()
	for _, grantee := range []string{q.tenant, other} {
		owner, to := sdk.MustAccAddressFromBech32(q.owner), sdk.MustAccAddressFromBech32(grantee)
		msg, err := feegrant.NewMsgGrantAllowance(&feegrant.BasicAllowance{
			SpendLimit: sdk.NewCoins(sdk.NewInt64Coin("uakt", 100_000_000)),
		}, owner, to)
		require.NoError(t, err)
		q.do(msg)
	}
	auditor := walletOf(t, q.net, "0").Address()
	q.do(accountFunds(q.owner, auditor))
	q.do(accountFunds(q.owner, auditor))

	// The tenant's grants, for which the owner paid all that is gone of the allowance.
	var grants []sdk.Msg
	for _, msg := range []sdk.Msg{
		&deploymentv1beta4.MsgCreateDeployment{}, &deploymentv1beta4.MsgCloseDeployment{},
		&marketv1beta5.MsgCreateLease{}, &escrowv1.MsgAccountDeposit{},
	} {
		grant, err := authz.NewGrant(time.Now(), authz.NewGenericAuthorization(sdk.MsgTypeURL(msg)), &q.expiry)
		require.NoError(t, err)
		grants = append(grants, &authz.MsgGrant{Granter: q.tenant, Grantee: other, Grant: grant})
	}
	res, err := q.wallets[q.tenant].Send(t.Context(), wallet.Options{
		Gas: 1_000_000, Fee: sdk.NewCoins(sdk.NewInt64Coin("uakt", 100_000_000-99_996_047)), FeeGranter: q.owner,
	}, grants...)
	require.NoError(t, err)
	require.Zero(t, res.Code, res.RawLog)

	var certs struct {
		Certificates []struct {
			Certificate struct{ Cert, Pubkey []byte } `json:"certificate"`
		} `json:"certificates"`
	}
	unmarshal(t, loadQuery(t, "certs_of_owner").Body, &certs)
	published := certs.Certificates[0].Certificate
	q.do(&certv1.MsgCreateCertificate{Owner: q.tenant, Cert: published.Cert, Pubkey: published.Pubkey})
}

func (q *queryStage) create(dseq uint64, groups ...string) sdk.Msg {
	hash := sha256.Sum256([]byte(strconv.FormatUint(dseq, 10)))
	msg := createDeployment(q.owner, dseq)
	msg.Hash, msg.Groups = hash[:], nil
	msg.Deposit.Sources = []depositv1.Source{depositv1.Source_balance}
	for _, name := range groups {
		msg.Groups = append(msg.Groups, groupSpec(name))
	}
	return msg
}

func (q *queryStage) lease(dseq uint64) marketv1.LeaseID {
	return marketv1.LeaseID(bidID(q.owner, dseq, 1, q.seller1))
}

// trade has the deployments bid for, leased, closed and paid.
func (q *queryStage) trade() {
	bids := func(seller, price string, dseqs ...uint64) (msgs []sdk.Msg) {
		for _, dseq := range dseqs {
			msgs = append(msgs, createBid(bidID(q.owner, dseq, 1, seller), price))
		}
		return msgs
	}
	q.at(517, bids(q.seller1, "100", 1002, 1003, 1005, 1006, 1007, 1008)...)
	q.at(518, bids(q.seller2, "90", 1002, 1003)...)
	for i, dseq := range []uint64{1003, 1005, 1006, 1007, 1008} {
		q.at(519+int64(i), &marketv1beta5.MsgCreateLease{BidID: marketv1.BidID(q.lease(dseq))})
	}
	q.at(524, &deploymentv1beta4.MsgCloseDeployment{ID: deploymentv1.DeploymentID{Owner: q.owner, DSeq: 1004}})
	q.at(525, &deploymentv1beta4.MsgCloseDeployment{ID: deploymentv1.DeploymentID{Owner: q.owner, DSeq: 1005}})
	q.at(526, &deploymentv1beta4.MsgPauseGroup{ID: group(q.owner, 1006)})
	q.at(527, &marketv1beta5.MsgCloseLease{ID: q.lease(1007)})
	more := accountDeposit(q.owner, 1001, "uact", 1_500_000)
	more.Deposit.Sources = []depositv1.Source{depositv1.Source_balance}
	q.at(528, more)
}

// paidBetween are the recorded heights between which each lease was paid 100 uact a block.
var paidBetween = map[string][2]int64{
	"1003": {519, 530}, "1005": {520, 525}, "1006": {521, 526}, "1007": {522, 527},
}

// amounts are the recorded texts of what a deployment's lease cost and left, and what they are here.
func (q *queryStage) amounts(dseq string) map[string]string {
	between, leased := paidBetween[dseq]
	if !leased {
		return nil
	}
	then, now := 100*(between[1]-between[0]), 100*(q.heights[between[1]]-q.heights[between[0]])
	out := map[string]string{}
	for recorded, here := range map[int64]int64{then: now, 5_000_000 - then: 5_000_000 - now} {
		for _, form := range []string{"%d", "%duact"} {
			out[fmt.Sprintf(form, recorded)] = fmt.Sprintf(form, here)
		}
		out[math.LegacyNewDec(recorded).String()] = math.LegacyNewDec(here).String()
	}
	return out
}

var dseqOf = regexp.MustCompile(`(?:^|/)(10\d\d)(?:/|$)`)

// here is a recorded answer with what has to be another in this run.
func (q *queryStage) here(recorded []leaf) []leaf {
	q.t.Helper()
	dseqs := map[string]string{}
	for _, l := range recorded {
		found := dseqOf.FindStringSubmatch(strings.Trim(l.value, `"`))
		if found != nil && (l.key == "dseq" || l.key == "xid") {
			dseqs[l.element()] = found[1]
		}
	}
	out := make([]leaf, 0, len(recorded))
	for _, l := range recorded {
		if text, ok := l.text(); ok {
			l.value = scalar(q.t, q.textHere(l.key, text, q.amounts(dseqs[l.element()])))
		}
		out = append(out, l)
	}
	return out
}

func (q *queryStage) textHere(key, text string, amounts map[string]string) string {
	q.t.Helper()
	switch key {
	case "created_at", "closed_on", "settled_at", "height":
		if text == "0" {
			return text
		}
		recorded, err := strconv.ParseInt(text, 10, 64)
		require.NoError(q.t, err)
		require.Contains(q.t, q.heights, recorded, "no transaction of the situation was at this height")
		return strconv.FormatInt(q.heights[recorded], 10)
	case "amount", "value":
		if now, ok := amounts[text]; ok {
			return now
		}
	case "expiration":
		return q.expiry.Format(time.RFC3339)
	}
	return text
}
