// SPDX-License-Identifier: Apache-2.0

package pb_test

import (
	"reflect"
	"testing"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/pb"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const (
	owner  = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	seller = "akash19tkvgvwht3n8pcqydrcq4cxwhr8rp2gejxetu7"
)

func newOf(t reflect.Type) proto.Message { return reflect.New(t.Elem()).Interface().(proto.Message) }

func TestEveryMessageHasASigner(t *testing.T) {
	t.Parallel()
	encoding, err := pb.NewEncoding()
	require.NoError(t, err)
	// Validate walks every registered Msg service and fails on a message whose signer cannot be found.
	require.NoError(t, encoding.InterfaceRegistry.SigningContext().Validate())
}

func TestSignersSitInIDs(t *testing.T) {
	t.Parallel()
	encoding, err := pb.NewEncoding()
	require.NoError(t, err)
	bid := marketv1.BidID{Owner: owner, DSeq: 1, GSeq: 1, OSeq: 1, Provider: seller}
	for want, messages := range map[string][]sdk.Msg{
		owner: {
			&deploymentv1beta4.MsgCreateDeployment{ID: deploymentv1.DeploymentID{Owner: owner, DSeq: 1}},
			&marketv1beta5.MsgCreateLease{BidID: bid},
			&marketv1beta5.MsgCloseLease{ID: marketv1.LeaseID(bid)},
			&certv1.MsgRevokeCertificate{ID: certv1.ID{Owner: owner, Serial: "1"}},
		},
		seller: {
			&marketv1beta5.MsgCreateBid{ID: bid},
			&marketv1beta5.MsgCloseBid{ID: bid},
			&marketv1beta5.MsgWithdrawLease{ID: marketv1.LeaseID(bid)},
		},
	} {
		for _, msg := range messages {
			signers, _, err := encoding.Codec.GetMsgV1Signers(msg)
			require.NoError(t, err)
			require.Len(t, signers, 1)
			require.Equal(t, want, sdk.AccAddress(signers[0]).String(), "%T", msg)
		}
	}
}

func TestMalformedSignerIsAnError(t *testing.T) {
	t.Parallel()
	encoding, err := pb.NewEncoding()
	require.NoError(t, err)
	_, _, err = encoding.Codec.GetMsgV1Signers(&marketv1beta5.MsgCreateLease{BidID: marketv1.BidID{Owner: "akash1x"}})
	require.ErrorContains(t, err, "signer bid_id.owner of akash.market.v1beta5.MsgCreateLease")
}

func TestPackedMessagesUnpack(t *testing.T) {
	t.Parallel()
	encoding, err := pb.NewEncoding()
	require.NoError(t, err)
	packed, err := codectypes.NewAnyWithValue(&marketv1beta5.MsgCreateLease{BidID: marketv1.BidID{Owner: owner}})
	require.NoError(t, err)
	bytes, err := encoding.Codec.Marshal(packed)
	require.NoError(t, err)
	var back codectypes.Any
	require.NoError(t, encoding.Codec.Unmarshal(bytes, &back))
	var msg sdk.Msg
	require.NoError(t, encoding.InterfaceRegistry.UnpackAny(&back, &msg))
	require.IsType(t, &marketv1beta5.MsgCreateLease{}, msg)

	var grant authz.Authorization
	grantAny := &codectypes.Any{TypeUrl: "/akash.escrow.v1.DepositAuthorization"}
	require.NoError(t, encoding.InterfaceRegistry.UnpackAny(grantAny, &grant))
	require.Equal(t, "/akash.escrow.v1.MsgAccountDeposit", grant.MsgTypeURL())
}
