// SPDX-License-Identifier: Apache-2.0

package pb

import (
	"fmt"

	"cosmossdk.io/x/tx/signing"
	"github.com/cosmos/cosmos-sdk/codec/address"
	protov2 "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// nestedSigners names, for every message whose signer sits inside an id, the way to it. The other messages name
// their signer by the cosmos.msg.v1.signer option. Source: chain-sdk go/sdkutil/codec.go.
var nestedSigners = map[protoreflect.FullName][2]protoreflect.Name{
	"akash.cert.v1.MsgRevokeCertificate":           {"id", "owner"},
	"akash.deployment.v1beta4.MsgCloseDeployment":  {"id", "owner"},
	"akash.deployment.v1beta4.MsgCloseGroup":       {"id", "owner"},
	"akash.deployment.v1beta4.MsgCreateDeployment": {"id", "owner"},
	"akash.deployment.v1beta4.MsgPauseGroup":       {"id", "owner"},
	"akash.deployment.v1beta4.MsgStartGroup":       {"id", "owner"},
	"akash.deployment.v1beta4.MsgUpdateDeployment": {"id", "owner"},
	"akash.market.v1beta5.MsgCloseBid":             {"id", "provider"},
	"akash.market.v1beta5.MsgCloseLease":           {"id", "owner"},
	"akash.market.v1beta5.MsgCreateBid":            {"id", "provider"},
	"akash.market.v1beta5.MsgCreateLease":          {"bid_id", "owner"},
	"akash.market.v1beta5.MsgLeaseStartReclaim":    {"id", "provider"},
	"akash.market.v1beta5.MsgWithdrawLease":        {"id", "provider"},
}

// CustomSigners returns the functions that find the signer of the messages that carry no signer option.
func CustomSigners() map[protoreflect.FullName]signing.GetSignersFunc {
	accounts := address.NewBech32Codec(AccountPrefix)
	signers := make(map[protoreflect.FullName]signing.GetSignersFunc, len(nestedSigners))
	for name, path := range nestedSigners {
		signers[name] = func(msg protov2.Message) ([][]byte, error) {
			m := msg.ProtoReflect()
			id := m.Get(m.Descriptor().Fields().ByName(path[0])).Message()
			text := id.Get(id.Descriptor().Fields().ByName(path[1])).String()
			signer, err := accounts.StringToBytes(text)
			if err != nil {
				return nil, fmt.Errorf("signer %s.%s of %s: %w", path[0], path[1], name, err)
			}
			return [][]byte{signer}, nil
		}
	}
	return signers
}
