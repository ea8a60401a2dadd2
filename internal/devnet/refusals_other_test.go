// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"math/big"
	"slices"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

func depositTo(signer string, scope escrowid.Scope, xid string) *escrowv1.MsgAccountDeposit {
	m := accountDeposit(signer, 1, "uact", 1)
	m.ID = escrowid.Account{Scope: scope, XID: xid}
	return m
}

func TestOtherRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.replay("seed_prov1")
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
		{"group 0", &deploymentv1beta4.MsgPauseGroup{
			ID: deploymentv1.GroupID{Owner: s.tenant, DSeq: 1},
		}, "sdk", 3, "GroupID: Invalid Group Sequence: invalid sequence"},
		{"group of 0", &deploymentv1beta4.MsgCloseGroup{
			ID: deploymentv1.GroupID{Owner: s.tenant, GSeq: 1},
		}, "sdk", 3, "GroupID: Invalid DeploymentID: DeploymentID: Invalid Deployment Sequence: invalid sequence"},
		{"empty hash", &deploymentv1beta4.MsgUpdateDeployment{ID: closed.ID}, "deployment", 9, "Invalid: empty hash"},
		{"deposit of nothing", accountDeposit(s.tenant, 1, "uact", 0), "escrow", 16, "invalid deposit"},
		{"deposit nowhere", depositTo(s.tenant, 0, "x"), "escrow", 12, "invalid scope: invalid ID"},
		{"deposit to what has no form", depositTo(s.tenant, 1, s.tenant), "escrow", 12, "invalid xid format: invalid ID"},
		{
			"deposit to no number", depositTo(s.tenant, 1, s.tenant+"/one"), "escrow", 12,
			"invalid xid/dseq: strconv.ParseUint: parsing \"one\": invalid syntax: invalid ID",
		},
		{
			"deposit to nobody", depositTo(s.tenant, 1, "akash1/1"), "escrow", 12,
			"invalid xid/owner: decoding bech32 failed: invalid bech32 string length 6: invalid ID",
		},
		{
			"deposit to a bid's gseq", depositTo(s.tenant, 2, s.tenant+"/1/x/1/"+s.seller1), "escrow", 12,
			"invalid xid/gseq: strconv.ParseUint: parsing \"x\": invalid syntax: invalid ID",
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
			"cert", 7, "invalid pubkey value",
		},
		{
			"serial", &certv1.MsgRevokeCertificate{ID: certv1.ID{Owner: s.tenant, Serial: "0x1"}},
			"cert", 5, "invalid serial number",
		},
		{
			"another's certificate", func() sdk.Msg {
				m := certificate(t, s.seller1, big.NewInt(7))
				m.Owner = s.tenant
				return m
			}(),
			"undefined", 1, "invalid certificate value: CommonName does not match owner",
		},
		{
			"another's key", func() sdk.Msg {
				m := certificate(t, s.tenant, big.NewInt(7))
				m.Pubkey = certificate(t, s.tenant, big.NewInt(8)).Pubkey
				return m
			}(),
			"undefined", 1, "invalid certificate value: invalid certificate signature",
		},
		{
			"certificate for key", func() sdk.Msg {
				m := certificate(t, s.tenant, big.NewInt(7))
				m.Pubkey = m.Cert
				return m
			}(),
			"undefined", 1, "invalid pubkey value: invalid pem block type",
		},
		{
			"key for certificate", func() sdk.Msg {
				m := certificate(t, s.tenant, big.NewInt(7))
				m.Cert = m.Pubkey
				return m
			}(),
			"undefined", 1, "invalid certificate value: invalid pem block type",
		},
		{
			"a path", &providerv1beta4.MsgCreateProvider{Owner: s.tenant, HostURI: "https://a.test/x"},
			"provider", 1, "path in \"https://a.test/x\" should be empty: invalid provider: invalid host uri",
		},
		{
			"no host", &providerv1beta4.MsgCreateProvider{Owner: s.tenant, HostURI: "https:"},
			"provider", 1, "validating \"https:\" for valid host: invalid provider: invalid host uri",
		},
		{
			"wildcard", &providerv1beta4.MsgCreateProvider{
				Owner: s.tenant, HostURI: "https://a.test", Attributes: []attributesv1.Attribute{{Key: "region*", Value: "x"}},
			}, "akash", 2, "attribute key does not match regexp",
		},
		{
			"unregister", &providerv1beta4.MsgDeleteProvider{Owner: s.seller1},
			"provider", 10, "NOTIMPLEMENTED: internal error",
		},
		{
			"update nobody", &providerv1beta4.MsgUpdateProvider{Owner: s.tenant, HostURI: "https://a.test"},
			"provider", 3, "id: " + s.tenant + ": invalid provider: address not found",
		},
		{
			"no https", &providerv1beta4.MsgCreateProvider{Owner: s.tenant, HostURI: "http://a.test"},
			"provider", 1, "scheme in \"http://a.test\" should be https: invalid provider: invalid host uri",
		},
		{
			"relative", &providerv1beta4.MsgCreateProvider{Owner: s.tenant, HostURI: "a.test"},
			"provider", 2, "validating \"a.test\" for absolute URI: invalid provider: not absolute host uri",
		},
		{
			"withdraw no audit", &auditv1.MsgDeleteProviderAttributes{Owner: s.seller1, Auditor: s.tenant},
			"audit", 1, "invalid provider: address not found",
		},
	})
	attrs := []attributesv1.Attribute{{Key: "tier", Value: "community"}}
	s.do(&auditv1.MsgSignProviderAttributes{Owner: s.seller1, Auditor: s.tenant, Attributes: attrs})
	s.refuse(t, []refusal{{
		"withdraw what was not signed", &auditv1.MsgDeleteProviderAttributes{
			Owner: s.seller1, Auditor: s.tenant, Keys: []string{"tier", "region"},
		}, "audit", 3, "trying to delete non-existing attribute \"region\" for auditor/provider \"" +
			s.tenant + "/" + s.seller1 + "\": attribute not found",
	}})
}

// Parameters are governance's, whoever else asks.
func TestGovernanceRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	params := app.DefaultGenesis()
	const codespace, code = "gov", 13
	text := "invalid authority; expected akash10d07y265gmmuvt4z0w9aw880jnsr700jhe7z0f, got " + s.tenant +
		": expected gov account as only signer for proposal message"
	s.refuse(t, []refusal{
		{
			"deployment", &deploymentv1beta4.MsgUpdateParams{Authority: s.tenant, Params: params.Deployment},
			codespace, code, text,
		},
		{"market", &marketv1beta5.MsgUpdateParams{Authority: s.tenant, Params: params.Market}, codespace, code, text},
		{"oracle", &oraclev2.MsgUpdateParams{Authority: s.tenant, Params: params.Oracle.Params}, codespace, code, text},
		{"bme", &bmev1.MsgUpdateParams{Authority: s.tenant, Params: params.BME}, codespace, code, text},
		{
			"vault", &bmev1.MsgFundVault{
				Authority: s.tenant, Source: s.tenant, Amount: sdk.NewInt64Coin("uakt", 1),
			}, codespace, code, text,
		},
	})
}
