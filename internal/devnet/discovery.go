// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"

	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app"
	discoveryv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/discovery/v1"
)

// discovery answers what the official tools ask first. Source: protocol/messages.md section 8.
type discovery struct {
	chainID string
	faults  *faultBox
}

var _ discoveryv1.DiscoveryServer = discovery{}

func (d discovery) info() discoveryv1.Akash {
	modules := []discoveryv1.ModuleVersion{
		{Module: "audit", Version: "v1"},
		{Module: "bme", Version: "v1"},
		{Module: "cert", Version: "v1"},
		{Module: "deployment", Version: "v1beta4"},
		{Module: "escrow", Version: "v1"},
		{Module: "market", Version: "v1beta5"},
		{Module: "oracle", Version: "v2"},
		{Module: "provider", Version: "v1beta4"},
		{Module: "take", Version: "v1"},
		{Module: "wasm", Version: "v1"},
	}
	return discoveryv1.Akash{
		ClientInfo: discoveryv1.ClientInfo{ApiVersion: "v1beta3"},
		SupportedVersions: []discoveryv1.VersionInfo{
			{ApiVersion: "v1beta4", Modules: modules}, {ApiVersion: "v1beta3", Modules: modules},
		},
		ChainId: d.faults.chainID(d.chainID), NodeVersion: app.Version,
	}
}

// GetInfo answers over gRPC and REST.
func (d discovery) GetInfo(context.Context, *discoveryv1.GetInfoRequest) (*discoveryv1.GetInfoResponse, error) {
	info := d.info()
	return &discoveryv1.GetInfoResponse{Info: &info}, nil
}

// rpc answers the JSON-RPC method "akash".
func (d discovery) rpc(*rpctypes.Context) (*discoveryv1.Akash, error) {
	info := d.info()
	return &info, nil
}
