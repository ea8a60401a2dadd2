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

	played *tally
}

func newStage(t *testing.T, change ...func(*devnet.Options)) *stage {
	t.Helper()
	enc, err := pb.NewEncoding()
	require.NoError(t, err)
	banktypes.RegisterInterfaces(enc.InterfaceRegistry)
	s := &stage{t: t, enc: enc, wallets: map[string]*wallet.Wallet{}, played: &tally{}}
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

// do sends messages that must succeed, to set a situation up, and returns their block's height.
func (s *stage) do(msgs ...sdk.Msg) int64 {
	s.t.Helper()
	res, err := s.signer(msgs[0]).Send(s.t.Context(), wallet.Options{}, msgs...)
	require.NoError(s.t, err)
	require.Zero(s.t, res.Code, res.RawLog)
	return res.Height
}

// counted are recorded amounts that depend on the blocks paid for, and what they are in this run; height is the
// transaction's own.
type counted func(height int64) map[string]string

// replay sends a recording's messages and compares code, text, stage and events.
// Amounts are recorded ones unless counted says what they have to be instead.
func (s *stage) replay(name string, amounts ...counted) *sdk.TxResponse {
	s.t.Helper()
	rec := loadRecording(s.t, s.enc, name)
	opts := wallet.Options{FeeGranter: rec.Fee.Granter, Memo: rec.Memo}
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
	require.Equal(s.t, rec.Result.Code == 0, len(rec.Result.Events) > 7, "%s: what was recorded is not whole", name)
	want := strings.Join(lines(rec.Result.Events), "\n")
	for _, amount := range amounts {
		for recorded, now := range amount(res.Height) {
			recorded, now = "amount="+recorded+" ", "amount="+now+" "
			require.Contains(s.t, want, recorded, "%s: nothing to replace", name)
			want = strings.ReplaceAll(want, recorded, now)
		}
	}
	require.Equal(s.t, want, strings.Join(lines(fromABCI(res.Events)), "\n"), name)
	s.played.add(name)
	return res
}

// uactFor is what a lease costs for a number of blocks, in whole uact.
func uactFor(price string, blocks int64) math.Int {
	return math.LegacyMustNewDecFromStr(price).MulInt64(blocks).TruncateInt()
}

// refundOf says that a lease was paid since a height, and the rest of five ACT comes back.
func refundOf(paid, refunded, price string, since int64) counted {
	return func(height int64) map[string]string {
		now := uactFor(price, height-since)
		return map[string]string{paid: now.String() + "uact", refunded: math.NewInt(5_000_000).Sub(now).String() + "uact"}
	}
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
