// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

const notice = `akash-devnet: a simulated Akash network on this machine.

  It is NOT the Akash network and holds NO real money. One validator, keys that
  everybody knows, simulated Akash providers that bid and report but run nothing.
  Never send real coins to the addresses below.
`

// writeScreen is the first screen: what this is not, where it listens, who has
// coins, who sells, and what to paste into a configuration.
func writeScreen(w io.Writer, n *devnet.Network, opts devnet.Options, took time.Duration) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	p := printer{w: out}
	p.line("%s", notice)
	p.line("Ready in %s at height %d. Stop with Ctrl-C.", took.Round(time.Millisecond), n.Height())
	p.line("")
	p.line("  chain id\t%s", n.ChainID())
	p.line("  block time\t%s", n.BlockTime())
	p.line("  RPC\t%s", n.RPC())
	p.line("  gRPC\t%s", n.GRPC())
	p.line("  REST\t%s", n.REST())
	if opts.Dir == "" {
		p.line("  state\tin memory, gone when stopped")
	} else {
		p.line("  state\t%s", opts.Dir)
	}
	p.line("")
	p.line("Accounts of the public mnemonic %q:", devnet.TestMnemonic)
	for _, acc := range n.Accounts() {
		p.line("  %s\t%s\t%s", acc.Name, acc.Address, acc.HDPath)
	}
	p.line("")
	p.line("Akash providers (their prices in uact per block, storage and GPUs extra):")
	for i, seller := range n.AkashProviders() {
		price := opts.AkashProviders[i].Pricing
		p.line("  %s\t%s\t%s\t%s", opts.AkashProviders[i].Name, seller.Address(), seller.HostURI(), priceText(price))
	}
	p.line("")
	p.line("Paste into a Terraform configuration:")
	p.line("%s", hcl(n))
	if p.err != nil {
		return p.err
	}
	return out.Flush()
}

// printer writes lines until the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func hcl(n *devnet.Network) string {
	tenant, _ := n.Account(devnet.Tenant)
	return fmt.Sprintf(`
  provider "akash" {
    network  = "devnet"
    chain_id = %q
    rpc      = [%q]
    grpc     = [%q]
    key = {
      mnemonic = %q # public test key
      hd_path  = %q
    }
  }`, n.ChainID(), n.RPC(), "http://"+n.GRPC(), tenant.Mnemonic, tenant.HDPath)
}

// description is what -json prints.
type description struct {
	ChainID        string           `json:"chain_id"`
	BlockTime      string           `json:"block_time"`
	RPC            string           `json:"rpc"`
	GRPC           string           `json:"grpc"`
	REST           string           `json:"rest"`
	ReadyMS        int64            `json:"ready_ms"`
	Accounts       []devnet.Account `json:"accounts"`
	AkashProviders []sellerEntry    `json:"akash_providers"`
}

type sellerEntry struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	HostURI string `json:"host_uri"`
}

func writeJSON(w io.Writer, n *devnet.Network, opts devnet.Options, took time.Duration) error {
	d := description{
		ChainID: n.ChainID(), BlockTime: n.BlockTime().String(), RPC: n.RPC(), GRPC: n.GRPC(), REST: n.REST(),
		ReadyMS: took.Milliseconds(), Accounts: n.Accounts(), AkashProviders: []sellerEntry{},
	}
	for i, seller := range n.AkashProviders() {
		d.AkashProviders = append(d.AkashProviders, sellerEntry{
			Name: opts.AkashProviders[i].Name, Address: seller.Address(), HostURI: seller.HostURI(),
		})
	}
	return json.NewEncoder(w).Encode(d)
}

// priceText shows a pricing in units people think in: a core, a GiB.
func priceText(price akashprovider.Pricing) string {
	core, gib := times(price.PerMilliCPU, milliPerCore), times(price.PerMiBMemory, mibPerGiB)
	return fmt.Sprintf("%s per core, %s per GiB of memory", core, gib)
}

const (
	milliPerCore = 1000
	mibPerGiB    = 1024
)

func times(d math.LegacyDec, n int64) string {
	if d.IsNil() {
		return "0"
	}
	return strings.TrimSuffix(strings.TrimRight(d.MulInt64(n).String(), "0"), ".")
}
