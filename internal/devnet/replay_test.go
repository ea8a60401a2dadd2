// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// stage is a network on which recordings are replayed in a situation like theirs.
type stage struct {
	t       *testing.T
	net     *devnet.Network
	enc     pb.Encoding
	wallets map[string]*wallet.Wallet

	tenant, seller1, seller2 string
}

func newStage(t *testing.T, change ...func(*devnet.Options)) *stage {
	t.Helper()
	enc, err := pb.NewEncoding()
	require.NoError(t, err)
	banktypes.RegisterInterfaces(enc.InterfaceRegistry)
	s := &stage{t: t, enc: enc, wallets: map[string]*wallet.Wallet{}}
	opts := devnet.Options{BlockTime: 50 * time.Millisecond, MinReclamationWindow: 10 * time.Second}
	for _, index := range []string{"3", "4", "5"} {
		address, err := wallet.Derive(devnet.TestMnemonic, "m/44'/118'/0'/0/"+index)
		require.NoError(t, err)
		opts.Accounts = append(opts.Accounts, devnet.FundedAccount{
			Address: address, Coins: sdk.NewCoins(sdk.NewInt64Coin("uakt", 1e9), sdk.NewInt64Coin("uact", 1e9)),
		})
	}
	for _, f := range change {
		f(&opts)
	}
	s.net = start(t, opts)
	for _, index := range []string{"1", "2", "3", "4", "5", "6", "8"} {
		w := walletOf(t, s.net, index)
		s.wallets[w.Address()] = w
	}
	s.tenant = walletOf(t, s.net, "1").Address()
	s.seller1, s.seller2 = opts.Accounts[0].Address, opts.Accounts[1].Address
	return s
}

func (s *stage) signer(msg sdk.Msg) *wallet.Wallet {
	s.t.Helper()
	signers, _, err := s.enc.Codec.GetMsgV1Signers(msg)
	require.NoError(s.t, err)
	w := s.wallets[sdk.AccAddress(signers[0]).String()]
	require.NotNil(s.t, w)
	return w
}

// do sends messages that must succeed, to set a situation up.
func (s *stage) do(msgs ...sdk.Msg) {
	s.t.Helper()
	require.NoError(s.t, s.signer(msgs[0]).Broadcast(s.t.Context(), msgs...))
}

// replay sends a recording's messages and compares code, text and events. With
// mask set, amounts may differ, since other numbers of blocks went by.
func (s *stage) replay(name string, mask bool) {
	s.t.Helper()
	rec := loadRecording(s.t, s.enc, name)
	opts := wallet.Options{FeeGranter: rec.Fee.Granter}
	if strings.HasPrefix(name, "r_") || name == "f_oog" {
		gas, err := rec.Fee.GasLimit.Int64()
		require.NoError(s.t, err)
		opts.Gas, opts.Fee = uint64(gas), sdk.Coins{}
		opts.Fee = append(opts.Fee, rec.Fee.Amount...)
	}
	if name == "r_accnum" {
		wrong := uint64(1 << 40)
		opts.AccountNumber = &wrong
	}
	res, err := s.signer(rec.msgs[0]).Send(s.t.Context(), opts, rec.msgs...)
	require.NoError(s.t, err, name)
	require.Equal(s.t, rec.Result.Code, res.Code, "%s: %s", name, res.RawLog)
	require.Equal(s.t, rec.Result.Codespace, res.Codespace, name)
	require.Equal(s.t, plainLog(rec.Result.RawLog), plainLog(res.RawLog), name)
	require.Equal(s.t, rec.Result.Code != 0 && len(rec.Result.Events) == 0, res.Height == 0, "%s: stage", name)
	require.Equal(s.t, lines(rec.Result.Events, mask), lines(fromABCI(res.Events), mask), name)
}

// plainLog drops what belongs to one run: stacks, where gas ran out, account numbers and chain ids.
func plainLog(log string) string {
	log, _, _ = strings.Cut(log, "\nstack:")
	if strings.HasPrefix(log, "out of gas in location") {
		return "out of gas"
	}
	if before, _, ok := strings.Cut(log, "; please verify account number"); ok {
		return before
	}
	return log
}

func (s *stage) lease(dseq uint64, oseq uint32, price string) marketv1.BidID {
	id := bidID(s.tenant, dseq, oseq, s.seller1)
	s.do(createBid(id, price))
	s.do(&marketv1beta5.MsgCreateLease{BidID: id})
	return id
}

func group(owner string, dseq uint64) deploymentv1.GroupID {
	return deploymentv1.GroupID{Owner: owner, DSeq: dseq, GSeq: 1}
}

func TestReplayDeploymentLife(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1", false)
	s.replay("f_prov_again", false)
	s.replay("prov_create2", false)
	s.replay("prov_update", false)

	s.replay("deploy_create", false)
	s.replay("f_dup_dseq", false)
	s.replay("f_bid_noprov", false)
	s.replay("f_bid_uakt", false)
	first := bidID(s.tenant, 100, 1, s.seller1)
	s.do(createBid(first, "500.5"))
	s.replay("bid_create2", false)
	s.replay("lease_create", false)
	s.replay("f_lease_twice", false)
	s.replay("f_lease_lost", false)
	s.replay("f_bid_closed_order", false)
	s.replay("f_upd_same", false)
	s.replay("withdraw", true)
	s.replay("dep_other_user", false)
	s.replay("f_dep_toomuch", false)

	s.do(&marketv1beta5.MsgCloseLease{ID: marketv1.LeaseID(first)})
	s.replay("f_lease_close_again", false)
	s.replay("bid_o2", false)
	s.do(&deploymentv1beta4.MsgPauseGroup{ID: group(s.tenant, 100)})
	s.replay("grp_start", false)
	s.do(&deploymentv1beta4.MsgCloseGroup{ID: group(s.tenant, 100)})
	s.replay("f_grp_start_closed", false)
	// The recorded account had two more deposits of its owner, one of them in uakt.
	s.do(accountDeposit(s.tenant, 100, "uact", 1_000_000), accountDeposit(s.tenant, 100, "uakt", 2_000_000))
	res, err := s.wallets[s.tenant].Send(t.Context(), wallet.Options{},
		&deploymentv1beta4.MsgCloseDeployment{ID: deploymentv1.DeploymentID{Owner: s.tenant, DSeq: 100}})
	require.NoError(t, err)
	require.Zero(t, res.Code, res.RawLog)
	s.replay("f_close_again", false)
	s.replay("f_reuse_dseq", false)
	s.replay("f_close_unknown", false)
	s.replay("multi_ok", false)
	s.replay("multi_fail", false)
	s.replay("f_uakt_deploy", false)
}

func TestReplayLeases(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1", false)
	s.replay("prov_create2", false)
	s.replay("c400", false)
	s.do(createBid(bidID(s.tenant, 400, 1, s.seller1), "131.72"))
	s.do(createBid(bidID(s.tenant, 400, 1, s.seller2), "200"))
	s.replay("l400", false)
	s.replay("c403", false)
	s.do(createBid(bidID(s.tenant, 403, 1, s.seller1), "131.72"))
	s.replay("l403", false)
	s.replay("x403", true)
}

func TestReplayGrants(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("grant_dep", false)
	s.replay("dep_grant_create", false)
	s.replay("f_grant_over", false)
	s.replay("close300", false)
	s.replay("c401", false)
}

func TestReplayFeeGrant(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("feegrant", false)
	s.replay("feegrant_use", false)
}

func TestReplayOverdraw(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1", false)
	s.replay("od_create", false)
	id := s.lease(200, 1, "100000")
	lease, err := marketv1beta5.NewQueryClient(s.net.Conn()).Lease(t.Context(),
		&marketv1beta5.QueryLeaseRequest{ID: marketv1.LeaseID(id)})
	require.NoError(t, err)
	// 500000 uact last five blocks; from the eleventh on 600000 are owed.
	require.NoError(t, s.net.WaitHeight(t.Context(), lease.Lease.CreatedAt+6))
	s.replay("od_withdraw", true)
	s.replay("od_close", false)
	s.replay("od_deposit", true)

	account := s.deployment(200).EscrowAccount.State
	require.Equal(t, "closed", account.State.String())
	require.True(t, account.Funds[0].Amount.IsZero(), account.Funds[0].Amount)
	require.Empty(t, account.Deposits)
}

func TestReplayReclamation(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("prov_create2", false)
	msg := createDeployment(s.tenant, 700)
	msg.Reclamation = &deploymentv1.DeploymentReclamation{MinWindow: time.Minute}
	s.do(msg)
	s.replay("f_rec_none", false)
	s.replay("f_rec_short", false)
	s.replay("rec_bid", false)
	id := bidID(s.tenant, 700, 1, s.seller2)
	s.do(&marketv1beta5.MsgCreateLease{BidID: id})
	s.do(&marketv1beta5.MsgLeaseStartReclaim{
		ID: marketv1.LeaseID(id), Reason: marketv1.LeaseClosedReason_lease_closed_reason_decommission,
	})
	s.replay("f_rec_closebid2", false)
	s.replay("rec_close", true)
}

func TestReplayCertificates(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, name := range []string{
		"cert_publish", "cert2", "seed_cert_tenant", "seed_cert_tenant2", "seed_cert_p1", "seed_cert_p2",
	} {
		s.replay(name, false)
	}
	serial, ok := new(big.Int).SetString("1795360611537728440", 10)
	require.True(t, ok)
	s.do(certificate(t, s.tenant, serial))
	s.replay("f_revoke_again", false)
}

func TestReplayRefusedBeforeABlock(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, name := range []string{
		"bad_hash", "no_gpu", "no_sources", "tiny_cpu", "zero_dseq",
		"r_accnum", "r_feelow", "r_feeuact", "r_feezero", "r_gaslow",
	} {
		s.replay(name, false)
	}
	// An account's first transaction needs more gas, and would not get as far as its message.
	s.do(createDeployment(s.tenant, 99))
	s.replay("f_oog", false)
}

// certificate makes a self-signed certificate of owner's with a given serial.
func certificate(t *testing.T, owner string, serial *big.Int) *certv1.MsgCreateCertificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: owner}, Issuer: pkix.Name{CommonName: owner},
		NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	pub, err := x509.MarshalPKIXPublicKey(key.Public())
	require.NoError(t, err)
	return &certv1.MsgCreateCertificate{
		Owner:  owner,
		Cert:   pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		Pubkey: pem.EncodeToMemory(&pem.Block{Type: "EC PUBLIC KEY", Bytes: pub}),
	}
}

func (s *stage) deployment(dseq uint64) *deploymentv1beta4.QueryDeploymentResponse {
	s.t.Helper()
	res, err := deploymentv1beta4.NewQueryClient(s.net.Conn()).Deployment(s.t.Context(),
		&deploymentv1beta4.QueryDeploymentRequest{ID: deploymentv1.DeploymentID{Owner: s.tenant, DSeq: dseq}})
	require.NoError(s.t, err)
	return res
}

func uactAmount(res *deploymentv1beta4.QueryDeploymentResponse) math.LegacyDec {
	return res.EscrowAccount.State.Funds[0].Amount
}
