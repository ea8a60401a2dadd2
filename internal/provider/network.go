// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// network is a preset: what a practitioner need not write for a known network.
type network struct {
	chainID   string
	grpc, rpc []string
	blockTime time.Duration
}

const (
	defaultNetwork = "mainnet"
	customNetwork  = "custom"
)

// networks are the presets, from the public chain registry of the network (akash-network/net, June 2026).
var networks = map[string]network{
	"mainnet": {
		chainID:   "akashnet-2",
		grpc:      []string{"https://akash-grpc.publicnode.com:443", "https://akash.lavenderfive.com:443"},
		rpc:       []string{"https://rpc.akashnet.net:443", "https://rpc.akt.dev/rpc", "https://akash-rpc.polkachu.com"},
		blockTime: coin.DefaultBlockTime,
	},
	"sandbox": {
		chainID:   "sandbox-2",
		grpc:      []string{"http://grpc.sandbox-2.aksh.pw:9090"},
		rpc:       []string{"https://rpc.sandbox-2.aksh.pw:443"},
		blockTime: coin.DefaultBlockTime,
	},
	"testnet": {
		chainID:   "testnet-oracle",
		rpc:       []string{"https://testnetoraclerpc.akashnet.net:443"},
		blockTime: coin.DefaultBlockTime,
	},
	"devnet": {
		chainID:   "akash-devnet-1",
		grpc:      []string{"http://127.0.0.1:9090"},
		rpc:       []string{"http://127.0.0.1:26657"},
		blockTime: coin.DefaultBlockTime,
	},
	customNetwork: {blockTime: coin.DefaultBlockTime},
}

// networkNames lists the presets for validators and descriptions.
func networkNames() []string { return slices.Sorted(maps.Keys(networks)) }

// networkNamesText is networkNames as Markdown.
func networkNamesText() string { return "`" + strings.Join(networkNames(), "`, `") + "`" }
