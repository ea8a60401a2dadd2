// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"math/big"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// scene plays some recordings, each in its situation, on a network of its own.
type scene struct {
	play   func(s *stage)
	change []func(*devnet.Options)
}

var scenes = map[string]scene{
	"a deployment's life": {play: playDeployment},
	"leases":              {play: playLeases},
	"deposit grants":      {play: playGrants},
	"a grant from start":  {play: func(s *stage) { s.replay("grant_dep"); s.replay("d400") }},
	"fee grants":          {play: func(s *stage) { s.replay("feegrant"); s.replay("feegrant_use") }},
	"overdraw":            {play: playOverdraw},
	"reclamation":         {play: playReclamation},
	"certificates":        {play: playCertificates},
	"before a block":      {play: playRefusedBeforeABlock},
	"economy":             {play: playEconomy, change: []func(*devnet.Options){quickEconomy}},
}

// TestReplayTransactions plays every recorded transaction. A recording that no scene plays fails it.
func TestReplayTransactions(t *testing.T) {
	t.Parallel()
	var played, done tally
	t.Run("scenes", func(t *testing.T) {
		for name, sc := range scenes {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, sc.change...)
				s.played = &played
				sc.play(s)
				done.add(name)
			})
		}
	})
	if len(done.all()) < len(scenes) {
		return // -run picked some, or one failed
	}
	require.Equal(t, allNames(t, nodeRecordings, ownRecordings), played.all())
}

// withdrawn says that a lease's earnings since a height are paid out.
func withdrawn(recorded, price string, since int64) counted {
	return func(height int64) map[string]string {
		return map[string]string{recorded: uactFor(price, height-since).String() + "uact"}
	}
}

func playDeployment(s *stage) {
	s.replay("seed_prov1")
	s.replay("f_prov_again")
	s.replay("prov_create2")
	s.replay("prov_update")

	s.replay("deploy_create")
	s.replay("f_dup_dseq")
	s.replay("f_bid_noprov")
	s.replay("seed_prov3")
	s.replay("f_bid_uakt")
	first := bidID(s.tenant, 100, 1, s.seller1)
	s.do(createBid(first, "500.5"))
	s.replay("bid_create2")
	leased := s.replay("lease_create").Height
	s.replay("f_lease_twice")
	s.replay("f_lease_lost")
	s.replay("f_bid_closed_order")
	s.replay("f_upd_same")
	paid := s.replay("withdraw", withdrawn("13013uact", "500.5", leased)).Height
	// The recorded account had two more deposits of its owner, one of them in uakt.
	s.do(accountDeposit(s.tenant, 100, "uact", 1_000_000), accountDeposit(s.tenant, 100, "uakt", 2_000_000))
	s.replay("dep_other_user")
	s.replay("f_dep_toomuch")

	ended := s.do(&marketv1beta5.MsgCloseLease{ID: marketv1.LeaseID(first)})
	s.replay("f_lease_close_again")
	s.replay("bid_o2")
	s.do(&deploymentv1beta4.MsgPauseGroup{ID: group(s.tenant, 100)})
	s.replay("grp_start")
	s.do(&deploymentv1beta4.MsgCloseGroup{ID: group(s.tenant, 100)})
	s.replay("f_grp_start_closed")
	cost := uactFor("500.5", paid-leased).Add(uactFor("500.5", ended-paid))
	s.replay("dep_close", func(int64) map[string]string {
		return map[string]string{"4974475uact": math.NewInt(5_000_000).Sub(cost).String() + "uact"}
	})
	s.replay("f_close_again")
	s.replay("f_reuse_dseq")
	s.replay("f_close_unknown")
	s.replay("multi_ok")
	s.replay("multi_fail")
	s.replay("f_uakt_deploy")
}

func playLeases(s *stage) {
	s.replay("seed_prov1")
	s.replay("prov_create2")
	s.replay("c400")
	bid := func(dseq uint64) { s.do(createBid(bidID(s.tenant, dseq, 1, s.seller1), "131.72")) }
	bid(400)
	s.do(createBid(bidID(s.tenant, 400, 1, s.seller2), "200"))
	s.replay("l400")
	s.replay("c403")
	bid(403)
	leased := s.replay("l403").Height
	s.replay("x403", refundOf("1580uact", "4998420uact", "131.72", leased))
	s.do(createDeployment(s.tenant, 402), createDeployment(s.tenant, 410))
	bid(402)
	s.replay("l402")
	bid(410)
	s.replay("l410")
	s.replay("c800")
	s.replay("c801")
}

func playGrants(s *stage) {
	s.replay("seed_prov1")
	s.replay("grant_dep")
	s.replay("dep_grant_create")
	s.replay("f_grant_over")
	s.replay("close300")
	s.replay("c401")
	s.do(createBid(bidID(s.tenant, 401, 1, s.seller1), "131.72"))
	s.replay("l401")
}

func playOverdraw(s *stage) {
	s.replay("seed_prov1")
	s.replay("od_create")
	id := s.lease(200, 1, "100000")
	lease := s.getLease(s.t, id).Lease
	// 500000 uact last five blocks; from the eleventh on 600000 are owed.
	require.NoError(s.t, s.net.WaitHeight(s.t.Context(), lease.CreatedAt+10))
	settled := s.replay("od_withdraw").Height
	s.replay("od_close")
	debt := uactFor("100000", settled-lease.CreatedAt).SubRaw(500_000)
	s.replay("od_deposit", func(int64) map[string]string {
		return map[string]string{
			"600000uact": debt.String() + "uact", "2400000uact": math.NewInt(3_000_000).Sub(debt).String() + "uact",
		}
	})

	account := s.deployment(200).EscrowAccount.State
	require.Equal(s.t, "closed", account.State.String())
	require.Equal(s.t, settled, account.SettledAt, "an overdrawn account is settled, but not at a height")
	require.True(s.t, account.Funds[0].Amount.IsZero(), account.Funds[0].Amount)
	require.Empty(s.t, account.Deposits)
}

func playReclamation(s *stage) {
	s.replay("prov_create2")
	msg := createDeployment(s.tenant, 700)
	msg.Reclamation = &deploymentv1.DeploymentReclamation{MinWindow: time.Minute}
	s.do(msg)
	s.replay("f_rec_none")
	s.replay("f_rec_short")
	s.replay("rec_bid")
	id := bidID(s.tenant, 700, 1, s.seller2)
	leased := s.do(&marketv1beta5.MsgCreateLease{BidID: id})
	s.do(&marketv1beta5.MsgLeaseStartReclaim{
		ID: marketv1.LeaseID(id), Reason: marketv1.LeaseClosedReason_lease_closed_reason_decommission,
	})
	s.replay("f_rec_closebid2")
	s.replay("rec_close", refundOf("3300uact", "4996700uact", "300", leased))
}

func playCertificates(s *stage) {
	for _, name := range []string{
		"cert_publish", "cert2", "seed_cert_tenant", "seed_cert_tenant2", "seed_cert_p1", "seed_cert_p2",
	} {
		s.replay(name)
	}
	serial, ok := new(big.Int).SetString("1795360611537728440", 10)
	require.True(s.t, ok)
	s.do(certificate(s.t, s.tenant, serial))
	s.replay("f_revoke_again")
}

func playRefusedBeforeABlock(s *stage) {
	for _, name := range []string{
		"bad_hash", "no_gpu", "no_sources", "tiny_cpu", "zero_dseq",
		"r_accnum", "r_feelow", "r_feeuact", "r_feezero", "r_gaslow",
	} {
		s.replay(name)
	}
	// An account's first transaction needs more gas, and would not get as far as its message.
	s.do(createDeployment(s.tenant, 99))
	s.replay("f_oog")
}

func playEconomy(s *stage) {
	s.replay("oracle_feed")
	s.replay("seed_oracle")
	s.replay("f_oracle_denom")
	s.replay("f_oracle_unauth")
	s.replay("mint_act")
}
