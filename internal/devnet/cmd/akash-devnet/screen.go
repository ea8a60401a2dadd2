// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
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

// playground is a running devnet with what was asked of it.
type playground struct {
	network *devnet.Network
	opts    devnet.Options
	took    time.Duration
	page    string // URL of the web page; "" when there is none
	envFile string
	faults  string
}

// maxShown is how many Akash providers the first screen lists.
const maxShown = 12

// writeScreen is the first screen: what this is not, where it listens, who has
// coins, who sells, and what to do next.
func (p playground) writeScreen(w io.Writer) error {
	n := p.network
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	out := printer{w: table}
	out.line("%s", notice)
	out.line("Ready in %s at height %d. Stop with Ctrl-C.", p.took.Round(time.Millisecond), n.Height())
	out.line("")
	out.line("  chain id\t%s", n.ChainID())
	out.line("  block time\t%s", n.BlockTime())
	out.line("  RPC\t%s", n.RPC())
	out.line("  gRPC\t%s", n.GRPC())
	out.line("  REST\t%s", n.REST())
	if p.page != "" {
		out.line("  web page\t%s", p.page)
	}
	if p.opts.Dir == "" {
		out.line("  state\tin memory, gone when stopped")
	} else {
		out.line("  state\t%s", p.opts.Dir)
	}
	if p.faults != "" {
		out.line("  faults\t%s", p.faults)
	}
	out.line("")
	out.line("Accounts of the public mnemonic %q:", devnet.TestMnemonic)
	sellers := n.AkashProviders()
	accounts := n.Accounts()
	for _, acc := range accounts[:len(accounts)-len(sellers)] {
		out.line("  %s\t%s\t%s", acc.Name, acc.Address, acc.HDPath)
	}
	out.line("")
	out.line("Akash providers (their prices in uact per block, storage and GPUs extra):")
	for i, seller := range sellers[:min(len(sellers), maxShown)] {
		spec := p.opts.AkashProviders[i]
		out.line("  %s\t%s\t%s\t%s%s", spec.Name, seller.Address(), seller.HostURI(), priceText(spec.Pricing), gpuText(spec))
	}
	switch more := len(sellers) - maxShown; {
	case more > 0:
		out.line("  and %d more", more)
	case len(sellers) == 0:
		out.line("  none: nobody will bid")
	}
	out.line("")
	p.writeNext(&out)
	if out.err != nil {
		return out.err
	}
	return table.Flush()
}

// writeNext says how to go on from here.
func (p playground) writeNext(out *printer) {
	if p.envFile != "" {
		file := p.envFile
		if !strings.ContainsRune(file, '/') {
			file = "./" + file
		}
		out.line("In another terminal, for terraform, tofu and the commands below:")
		out.line("  . %s", file)
	} else {
		out.line("Paste into a Terraform configuration, or start with --env-file FILE and source that:")
		out.line("%s", hcl(p.network))
	}
	if p.page == "" {
		return
	}
	out.line("")
	out.line("  akash-devnet status\twatch orders, bids, leases and escrow")
	out.line("  akash-devnet price all 3\tlet everybody ask three times as much in new bids")
	out.line("  akash-devnet kill amber\tend amber's leases and switch it off")
	out.line("  akash-devnet help\tall there is")
}

// gpuText names the GPUs of an Akash provider.
func gpuText(spec akashprovider.Spec) string {
	units := map[string]uint64{}
	for _, node := range spec.Inventory {
		for _, gpu := range node.GPUs {
			units[gpu.Model] += gpu.Units
		}
	}
	text := ""
	for _, model := range slices.Sorted(maps.Keys(units)) {
		text += fmt.Sprintf(", %d × %s", units[model], model)
	}
	return text
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
	Admin          string           `json:"admin,omitempty"` // base URL of the web page and the admin endpoint
	ReadyMS        int64            `json:"ready_ms"`
	Accounts       []devnet.Account `json:"accounts"`
	AkashProviders []sellerEntry    `json:"akash_providers"`
}

type sellerEntry struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	HostURI string `json:"host_uri"`
}

func (p playground) writeJSON(w io.Writer) error {
	n := p.network
	d := description{
		ChainID: n.ChainID(), BlockTime: n.BlockTime().String(), RPC: n.RPC(), GRPC: n.GRPC(), REST: n.REST(),
		Admin: p.page, ReadyMS: p.took.Milliseconds(), Accounts: n.Accounts(), AkashProviders: []sellerEntry{},
	}
	for _, seller := range n.AkashProviders() {
		d.AkashProviders = append(d.AkashProviders, sellerEntry{
			Name: seller.Name(), Address: seller.Address(), HostURI: seller.HostURI(),
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
