// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// refusal is a message that fails and how: the whole text, without the words in
// front that tell which message of a transaction it was.
type refusal struct {
	name      string
	msg       sdk.Msg
	codespace string
	code      uint32
	text      string
}

// inBlock is in front of what a message's execution says. Stateless checks do without.
const inBlock = "failed to execute message; message index: 0: "

func (s *stage) refuse(t *testing.T, cases []refusal) {
	t.Helper()
	for _, tc := range cases {
		res, err := s.signer(tc.msg).Send(t.Context(), wallet.Options{}, tc.msg)
		require.NoError(t, err, tc.name)
		require.Equal(t, tc.code, res.Code, "%s: %s", tc.name, res.RawLog)
		require.Equal(t, tc.codespace, res.Codespace, tc.name)
		text, executed := strings.CutPrefix(plainLog(res.RawLog), inBlock)
		require.Equal(t, tc.text, text, tc.name)
		if executed {
			require.NotZero(t, res.Height, "%s: executed, so in a block", tc.name)
		}
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
			"deployment", 20, "Mismatched denominations (uact != uakt): Deposit invalid",
		},
		{
			"too little", bad(s.tenant, func(m m) { m.Deposit = deposit(1000, "uact") }),
			"deployment", 20, "Deposit too low - 1000 < 500000uact: Deposit invalid",
		},
		{"unknown denom", bad(s.tenant, func(m m) {
			m.Deposit = deposit(5_000_000, "uusdc")
			unit(m).Price = sdk.NewInt64DecCoin("uusdc", 1)
		}), "undefined", 1, "Deposit invalid: Invalid deposit denomination uusdc"},
		{
			"same group name", bad(s.tenant, func(m m) {
				m.Groups = append(m.Groups, groupSpec("dcloud"))
			}), "deployment", 7,
			"duplicate deployment group name dcloud: duplicate group name: Invalid groups",
		},
		{"too much", bad(s.tenant, func(m m) {
			m.Deposit = deposit(9_000_000_000_000, "uact")
		}), "undefined", 1, "deposit invalid: insufficient balance"},
		{"grant only, none given", bad(s.tenant, func(m m) {
			m.Deposit.Sources = []depositv1.Source{depositv1.Source_grant}
		}), "undefined", 1, "deposit invalid: insufficient balance"},
		{"source twice", bad(s.tenant, func(m m) {
			m.Deposit.Sources = []depositv1.Source{depositv1.Source_grant, depositv1.Source_grant}
		}), "akash", 4, "duplicate deposit source type 2: invalid deposit source"},
		{"window too short", bad(s.tenant, func(m m) {
			m.Reclamation = &deploymentv1.DeploymentReclamation{MinWindow: time.Second}
		}), "deployment", 26, "min_window below governance minimum: invalid reclamation configuration"},
		{
			"resource id 0", bad(s.tenant, func(m m) { unit(m).Resource.ID = 0 }),
			"undefined", 1, "error: invalid resources ID (> 0 fails)",
		},
		{"cpu above", bad(s.tenant, func(m m) {
			unit(m).Resource.CPU.Units = quantity(384_001)
		}), "undefined", 1, "error: invalid unit CPU (384000 > 384001 > 384000 fails)"},
		{
			"memory below", bad(s.tenant, func(m m) {
				unit(m).Resource.Memory.Quantity = quantity(1<<20 - 1)
			}), "undefined", 1,
			"error: invalid unit memory (2199023255552 > 1048575 > 2199023255552 fails)",
		},
		{
			"storage below", bad(s.tenant, func(m m) {
				unit(m).Resource.Storage[0].Quantity = quantity(5<<20 - 1)
			}), "undefined", 1,
			"error: invalid unit storage (35184372088832 > 5242879 > 5242880 fails)",
		},
		{
			"gpu attributes without gpu", bad(s.tenant, func(m m) {
				unit(m).Resource.GPU.Attributes = []attributesv1.Attribute{{Key: "vendor/nvidia/model/*", Value: "true"}}
			}), "undefined", 1,
			"error: invalid GPU state. attributes cannot be present if units == 0",
		},
		{
			"attribute key", bad(s.tenant, func(m m) {
				unit(m).Resource.Storage[0].Attributes = []attributesv1.Attribute{{Key: "9", Value: "x"}}
			}), "undefined", 1,
			"error: invalid Storage attributes: attribute key does not match regexp",
		},
		{
			"price above", bad(s.tenant, func(m m) {
				unit(m).Price = sdk.NewInt64DecCoin("uact", 10_000_001)
			}), "undefined", 1,
			"group dcloud: error: invalid unit price (10000000 > 10000001.000000000000000000uact fails)",
		},
		{"too much for a group", bad(s.tenant, func(m m) {
			unit(m).Resource.GPU.Units, unit(m).Count = quantity(24), 51
		}), "undefined", 1, "invalid total GPU (1200 > 1224 > 0 fails)"},
		{"memory of a group", bad(s.tenant, func(m m) {
			unit(m).Resource.Memory.Quantity, unit(m).Count = quantity(2<<40), 51
		}), "undefined", 1, "invalid total memory (109951162777600 > 112150186033152 > 0 fails)"},
		{"nothing asked for", bad(s.tenant, func(m m) {
			m.Groups[0].Resources = nil
		}), "undefined", 1, "invalid total CPU (19200000 > 0 > 0 fails)"},
		{"no name", bad(s.tenant, func(m m) {
			m.Groups[0].Name = ""
		}), "undefined", 1, "empty group spec name denomination"},
		{"a resource twice", bad(s.tenant, func(m m) {
			m.Groups[0].Resources = append(m.Groups[0].Resources, m.Groups[0].Resources[0])
		}), "undefined", 1, "duplicate resources ID (1) within group"},
		{"two denoms in a group", bad(s.tenant, func(m m) {
			m.Groups[0].Resources = append(m.Groups[0].Resources, m.Groups[0].Resources[0])
			second := &m.Groups[0].Resources[1]
			second.Resource.ID, second.Price = 2, sdk.NewInt64DecCoin("uakt", 1)
		}), "undefined", 1, "multi-denonimation group: (uakt == uact fails)"},
		{
			"no cpu", bad(s.tenant, func(m m) { unit(m).Resource.CPU = nil }), "undefined", 1,
			"error: invalid unit CPU, cannot be nil",
		},
		{
			"no memory", bad(s.tenant, func(m m) { unit(m).Resource.Memory = nil }), "undefined", 1,
			"error: invalid unit memory, cannot be nil",
		},
		{
			"no storage", bad(s.tenant, func(m m) { unit(m).Resource.Storage = nil }), "undefined", 1,
			"error: invalid unit storage, cannot be nil",
		},
		{
			"gpu above", bad(s.tenant, func(m m) { unit(m).Resource.GPU.Units = quantity(25) }), "undefined", 1,
			"error: invalid unit GPU (24 > 25 > 24 fails)",
		},
		{"an attribute twice", bad(s.tenant, func(m m) {
			unit(m).Resource.CPU.Attributes = []attributesv1.Attribute{{Key: "arch", Value: "a"}, {Key: "arch", Value: "b"}}
		}), "undefined", 1, "error: invalid CPU attributes: attributes cannot have duplicate keys"},
		{"unknown source", bad(s.tenant, func(m m) {
			m.Deposit.Sources = []depositv1.Source{depositv1.Source_invalid}
		}), "akash", 4, "empty deposit source type 0: invalid deposit source"},
		{"negative window", bad(s.tenant, func(m m) {
			m.Reclamation = &deploymentv1.DeploymentReclamation{MinWindow: -1}
		}), "deployment", 26, "min_window must be >= 0: invalid reclamation configuration"},
		{"window too long", bad(s.tenant, func(m m) {
			m.Reclamation = &deploymentv1.DeploymentReclamation{MinWindow: 31 * 24 * time.Hour}
		}), "deployment", 26, "min_window above governance maximum: invalid reclamation configuration"},
		{"count 0", bad(s.tenant, func(m m) {
			unit(m).Count = 0
		}), "undefined", 1, "invalid total CPU (19200000 > 0 > 0 fails)"},
		{"group total above", bad(s.tenant, func(m m) {
			unit(m).Resource.CPU.Units, unit(m).Count = quantity(384_000), 51
		}), "undefined", 1, "invalid total CPU (19200000 > 19584000 > 0 fails)"},
	})
}

func TestBidRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1")
	s.replay("prov_create2")
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
		{"free", bid(1, func(m m) { m.Price.Amount = math.LegacyZeroDec() }), "market", 19, "invalid bid: zero price"},
		{
			"above the order", bid(1, func(m m) { m.Price.Amount = math.LegacyNewDec(1001) }),
			"market", 22, "bid price is invalid",
		},
		{"no order", bid(1, func(m m) { m.ID.OSeq = 7 }), "market", 15, "invalid order: order not found"},
		{"bseq", bid(1, func(m m) { m.ID.BSeq = 1 }), "sdk", 36, "BidID: invalid bseq: conflict"},
		{
			"deposit too low", bid(1, func(m m) { m.Deposit = deposit(1000, "uact") }),
			"undefined", 1, "deposit invalid: minimum:500000uact received:{1000uact [grant balance]}",
		},
		{
			"deposit in what is not taken", bid(1, func(m m) { m.Deposit = deposit(5_000_000, "uusdc") }),
			"undefined", 1, "deposit invalid: unsupported denom uusdc",
		},
		{
			"negative deposit", bid(1, func(m m) { m.Deposit.Amount.Amount = math.NewInt(-1) }),
			"undefined", 1, "negative coin amount: -1",
		},
		{
			"no dseq", bid(0, nil), "sdk", 3,
			"BidID: Invalid OrderID: OrderID: Invalid GroupID: GroupID: Invalid DeploymentID: " +
				"DeploymentID: Invalid Deployment Sequence: invalid sequence",
		},
		{
			"no gseq", bid(1, func(m m) { m.ID.GSeq = 0 }), "sdk", 3,
			"BidID: Invalid OrderID: OrderID: Invalid GroupID: GroupID: Invalid Group Sequence: invalid sequence",
		},
		{
			"no oseq", bid(1, func(m m) { m.ID.OSeq = 0 }), "sdk", 3,
			"BidID: Invalid OrderID: OrderID: Invalid Order Sequence: invalid sequence",
		},
		{"offers a resource twice", bid(1, func(m m) {
			offer := marketv1beta5.ResourceOffer{Resources: unit(placed).Resource, Count: 1}
			m.ResourcesOffer = []marketv1beta5.ResourceOffer{offer, offer}
		}), "undefined", 111222, "recovered: runtime error: invalid memory address or nil pointer dereference\nstack:"},
		{"negative window", bid(1, func(m m) {
			window := time.Duration(-1)
			m.ReclamationWindow = &window
		}), "market", 39, "reclamation window outside governance bounds"},
		{"another region", bid(2, nil), "market", 5, "attribute mismatch"},
		{"no such GPU", bid(3, nil), "market", 32, "capabilities mismatch"},
		{"not audited", bid(4, nil), "market", 5, "attribute mismatch"},
		{"offers what was not asked", bid(1, func(m m) {
			m.ResourcesOffer = []marketv1beta5.ResourceOffer{{Resources: unit(placed).Resource, Count: 2}}
		}), "market", 32, "capabilities mismatch"},
		{"window out of bounds", bid(1, func(m m) {
			window := time.Second
			m.ReclamationWindow = &window
		}), "market", 39, "reclamation window outside governance bounds"},
	})
	s.do(bid(1, nil))
	s.refuse(t, []refusal{
		{"twice", bid(1, nil), "market", 21, "invalid bid: bid exists from provider"},
		{"reason", &marketv1beta5.MsgCloseBid{
			ID: bidID(s.tenant, 1, 1, s.seller1), Reason: marketv1.LeaseClosedReason_lease_closed_owner,
		}, "market", 33, "value \"1\" range 10000..19999: invalid lease closed reason"},
		{"self-lease", &marketv1beta5.MsgCloseLease{
			ID: marketv1.LeaseID(bidID(s.tenant, 1, 1, s.tenant)),
		}, "sdk", 36, "LeaseID: Invalid BidID: BidID: self-bid: conflict"},
		{"reclaim for an owner's reason", &marketv1beta5.MsgLeaseStartReclaim{
			ID: marketv1.LeaseID(bidID(s.tenant, 1, 1, s.seller1)), Reason: 20_000,
		}, "market", 33, "value \"20000\" range 10000..19999: invalid lease closed reason"},
		{"reclaim what is not leased", &marketv1beta5.MsgLeaseStartReclaim{
			ID: marketv1.LeaseID(bidID(s.tenant, 1, 1, s.seller1)), Reason: 10_001,
		}, "market", 7, "unknown lease"},
		{"close what is not leased", &marketv1beta5.MsgCloseLease{
			ID: marketv1.LeaseID(bidID(s.tenant, 1, 1, s.seller1)),
		}, "market", 24, "order closed"},
		{"withdraw an unknown bid", &marketv1beta5.MsgCloseBid{
			ID: bidID(s.tenant, 1, 1, s.seller2), Reason: 10_002,
		}, "market", 6, "unknown bid"},
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
