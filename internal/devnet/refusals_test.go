// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"slices"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

type refusal struct {
	name      string
	msg       sdk.Msg
	codespace string
	code      uint32
	text      string
}

func (s *stage) refuse(t *testing.T, cases []refusal) {
	t.Helper()
	for _, tc := range cases {
		res, err := s.signer(tc.msg).Send(t.Context(), wallet.Options{}, tc.msg)
		require.NoError(t, err, tc.name)
		require.Equal(t, tc.code, res.Code, "%s: %s", tc.name, res.RawLog)
		require.Equal(t, tc.codespace, res.Codespace, tc.name)
		require.Contains(t, res.RawLog, tc.text, tc.name)
	}
}

// bad returns a create message that differs from a good one in one thing.
func bad(owner string, change func(m *deploymentv1beta4.MsgCreateDeployment)) sdk.Msg {
	m := createDeployment(owner, 4242)
	change(m)
	return m
}

func unit(m *deploymentv1beta4.MsgCreateDeployment) *deploymentv1beta4.ResourceUnit {
	return &m.Groups[0].Resources[0]
}

func TestCreateDeploymentRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	type m = *deploymentv1beta4.MsgCreateDeployment
	s.refuse(t, []refusal{
		{"no groups", bad(s.tenant, func(m m) { m.Groups = nil }), "deployment", 7, "Invalid groups"},
		{"no hash", bad(s.tenant, func(m m) { m.Hash = nil }), "deployment", 9, "Invalid: empty hash"},
		{
			"two denoms", bad(s.tenant, func(m m) { unit(m).Price = sdk.NewInt64DecCoin("uakt", 1) }),
			"deployment", 20, "Mismatched denominations",
		},
		{
			"too little", bad(s.tenant, func(m m) { m.Deposit = deposit(1000, "uact") }),
			"deployment", 20, "Deposit too low - 1000 < 500000uact: Deposit invalid",
		},
		{"unknown denom", bad(s.tenant, func(m m) {
			m.Deposit = deposit(5_000_000, "uusdc")
			unit(m).Price = sdk.NewInt64DecCoin("uusdc", 1)
		}), "deployment", 20, "Deposit invalid"},
		{"same group name", bad(s.tenant, func(m m) {
			m.Groups = append(m.Groups, groupSpec("dcloud"))
		}), "deployment", 7, "duplicate group name"},
		{"too much", bad(s.tenant, func(m m) {
			m.Deposit = deposit(9_000_000_000_000, "uact")
		}), "undefined", 1, "message index: 0: deposit invalid: insufficient balance"},
		{"grant only, none given", bad(s.tenant, func(m m) {
			m.Deposit.Sources = []depositv1.Source{depositv1.Source_grant}
		}), "undefined", 1, "deposit invalid: insufficient balance"},
		{"source twice", bad(s.tenant, func(m m) {
			m.Deposit.Sources = []depositv1.Source{depositv1.Source_grant, depositv1.Source_grant}
		}), "akash", 4, "invalid deposit source"},
		{"window too short", bad(s.tenant, func(m m) {
			m.Reclamation = &deploymentv1.DeploymentReclamation{MinWindow: time.Second}
		}), "deployment", 26, "invalid reclamation configuration"},
		{
			"resource id 0", bad(s.tenant, func(m m) { unit(m).Resource.ID = 0 }),
			"undefined", 1, "invalid resources ID (> 0 fails)",
		},
		{"cpu above", bad(s.tenant, func(m m) {
			unit(m).Resource.CPU.Units = quantity(384_001)
		}), "undefined", 1, "error: invalid unit CPU (384000 > 384001 > 384000 fails)"},
		{"memory below", bad(s.tenant, func(m m) {
			unit(m).Resource.Memory.Quantity = quantity(1<<20 - 1)
		}), "undefined", 1, "invalid unit memory"},
		{"storage below", bad(s.tenant, func(m m) {
			unit(m).Resource.Storage[0].Quantity = quantity(5<<20 - 1)
		}), "undefined", 1, "invalid unit storage"},
		{"gpu attributes without gpu", bad(s.tenant, func(m m) {
			unit(m).Resource.GPU.Attributes = []attributesv1.Attribute{{Key: "vendor/nvidia/model/*", Value: "true"}}
		}), "undefined", 1, "attributes cannot be present"},
		{"attribute key", bad(s.tenant, func(m m) {
			unit(m).Resource.Storage[0].Attributes = []attributesv1.Attribute{{Key: "9", Value: "x"}}
		}), "akash", 2, "attribute key does not match regexp"},
		{"price above", bad(s.tenant, func(m m) {
			unit(m).Price = sdk.NewInt64DecCoin("uact", 10_000_001)
		}), "undefined", 1, "invalid unit price"},
		{"count 0", bad(s.tenant, func(m m) { unit(m).Count = 0 }), "undefined", 1, "invalid total CPU"},
		{"group total above", bad(s.tenant, func(m m) {
			unit(m).Resource.CPU.Units, unit(m).Count = quantity(384_000), 51
		}), "undefined", 1, "invalid total CPU"},
	})
}

func TestBidRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1", false)
	s.replay("prov_create2", false)
	placed := createDeployment(s.tenant, 1)
	placed.Groups[0].Requirements.Attributes = []attributesv1.Attribute{{Key: "region", Value: "us-west"}}
	s.do(placed)
	elsewhere := createDeployment(s.tenant, 2)
	elsewhere.Groups[0].Requirements.Attributes = []attributesv1.Attribute{{Key: "region", Value: "eu-central"}}
	s.do(elsewhere)
	gpu := createDeployment(s.tenant, 3)
	unit(gpu).Resource.GPU = &resourcesv1beta4.GPU{Units: quantity(1), Attributes: []attributesv1.Attribute{
		{Key: "vendor/nvidia/model/a100", Value: "true"},
	}}
	s.do(gpu)
	audited := createDeployment(s.tenant, 4)
	audited.Groups[0].Requirements.SignedBy.AnyOf = []string{s.seller2}
	s.do(audited)

	bid := func(dseq uint64, change func(m *marketv1beta5.MsgCreateBid)) sdk.Msg {
		m := createBid(bidID(s.tenant, dseq, 1, s.seller1), "10")
		if change != nil {
			change(m)
		}
		return m
	}
	type m = *marketv1beta5.MsgCreateBid
	s.refuse(t, []refusal{
		{"own order", bid(1, func(m m) { m.ID.Owner = s.seller1 }), "sdk", 36, "BidID: self-bid: conflict"},
		{"free", bid(1, func(m m) { m.Price.Amount = math.LegacyZeroDec() }), "market", 19, "zero price"},
		{
			"above the order", bid(1, func(m m) { m.Price.Amount = math.LegacyNewDec(1001) }),
			"market", 22, "bid price is invalid",
		},
		{"no order", bid(1, func(m m) { m.ID.OSeq = 7 }), "market", 15, "invalid order: order not found"},
		{"bseq", bid(1, func(m m) { m.ID.BSeq = 1 }), "market", 31, "invalid bid"},
		{
			"deposit too low", bid(1, func(m m) { m.Deposit = deposit(1000, "uact") }),
			"undefined", 1, "deposit invalid: minimum:500000uact received:{1000uact [grant balance]}",
		},
		{"another region", bid(2, nil), "market", 5, "attribute mismatch"},
		{"no such GPU", bid(3, nil), "market", 32, "capabilities mismatch"},
		{"not audited", bid(4, nil), "market", 5, "attribute mismatch"},
		{"offers what was not asked", bid(1, func(m m) {
			m.ResourcesOffer = []marketv1beta5.ResourceOffer{{Resources: unit(placed).Resource, Count: 2}}
		}), "market", 32, "capabilities mismatch"},
		{"window out of bounds", bid(1, func(m m) {
			window := time.Second
			m.ReclamationWindow = &window
		}), "market", 39, "outside governance bounds"},
	})
	s.do(bid(1, nil))
	s.refuse(t, []refusal{
		{"twice", bid(1, nil), "market", 21, "invalid bid: bid exists from provider"},
		{"reason", &marketv1beta5.MsgCloseBid{
			ID: bidID(s.tenant, 1, 1, s.seller1), Reason: marketv1.LeaseClosedReason_lease_closed_owner,
		}, "market", 33, "invalid lease closed reason"},
		{"lease of nothing", &marketv1beta5.MsgCreateLease{
			BidID: bidID(s.tenant, 1, 1, s.seller2),
		}, "market", 18, "invalid bid: bid not found"},
		{"withdraw from nothing", &marketv1beta5.MsgWithdrawLease{
			ID: marketv1.LeaseID(bidID(s.tenant, 1, 1, s.seller1)),
		}, "market", 7, "unknown lease"},
	})
	// An audit by the auditor that the order names makes the bid good.
	s.do(&auditv1.MsgSignProviderAttributes{Owner: s.seller1, Auditor: s.seller2, Attributes: []attributesv1.Attribute{
		{Key: "tier", Value: "community"},
	}})
	s.do(bid(4, nil))
}

func TestOtherRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1", false)
	s.do(createDeployment(s.tenant, 1))
	closed := createDeployment(s.tenant, 2)
	s.do(closed, &deploymentv1beta4.MsgCloseDeployment{ID: closed.ID})
	gone := group(s.tenant, 1)
	gone.GSeq = 9
	s.refuse(t, []refusal{
		{"unknown group", &deploymentv1beta4.MsgPauseGroup{ID: gone}, "deployment", 14, "Group not found"},
		{"open group", &deploymentv1beta4.MsgStartGroup{ID: group(s.tenant, 1)}, "deployment", 16, "Group open"},
		{"closed group", &deploymentv1beta4.MsgPauseGroup{ID: group(s.tenant, 2)}, "deployment", 15, "Group already closed"},
		{
			"closed deployment", &deploymentv1beta4.MsgUpdateDeployment{ID: closed.ID, Hash: slices.Repeat([]byte{2}, 32)},
			"deployment", 5, "Deployment closed",
		},
		{"deposit to nothing", accountDeposit(s.tenant, 99, "uact", 1), "escrow", 3, "account not found"},
		{"deposit to closed", accountDeposit(s.tenant, 2, "uact", 1), "escrow", 2, "account closed"},
		{
			"uact by hand", &banktypes.MsgSend{
				FromAddress: s.tenant, ToAddress: s.seller1, Amount: sdk.NewCoins(sdk.NewInt64Coin("uact", 1)),
			}, "bank", 5, "uact transfers are currently disabled: send transactions are disabled",
		},
		{
			"revoke nothing", &certv1.MsgRevokeCertificate{ID: certv1.ID{Owner: s.tenant, Serial: "1"}},
			"cert", 1, "certificate not found",
		},
		{
			"garbage certificate", &certv1.MsgCreateCertificate{Owner: s.tenant, Cert: []byte("x"), Pubkey: []byte("y")},
			"cert", 6, "invalid certificate value",
		},
		{
			"unregister", &providerv1beta4.MsgDeleteProvider{Owner: s.seller1},
			"provider", 10, "NOTIMPLEMENTED: internal error",
		},
		{
			"update nobody", &providerv1beta4.MsgUpdateProvider{Owner: s.tenant, HostURI: "https://a.test"},
			"provider", 3, "invalid provider: address not found",
		},
		{
			"no https", &providerv1beta4.MsgCreateProvider{Owner: s.tenant, HostURI: "http://a.test"},
			"provider", 1, "invalid provider: invalid host uri",
		},
		{
			"relative", &providerv1beta4.MsgCreateProvider{Owner: s.tenant, HostURI: "a.test"},
			"provider", 2, "invalid provider: not absolute host uri",
		},
		{
			"withdraw no audit", &auditv1.MsgDeleteProviderAttributes{Owner: s.seller1, Auditor: s.tenant},
			"audit", 1, "invalid provider: address not found",
		},
	})
}
