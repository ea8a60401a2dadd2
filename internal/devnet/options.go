// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/go-hclog"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// Defaults of [Options].
const (
	DefaultChainID   = "akash-devnet-1"
	DefaultBlockTime = 200 * time.Millisecond

	minBlockTime = 50 * time.Millisecond
	loopback     = "127.0.0.1:0"
)

// Options say how a network is set up. The zero value works: in memory, ephemeral
// loopback ports, three Akash providers.
type Options struct {
	// ChainID; "" is [DefaultChainID].
	ChainID string
	// BlockTime is the pause between blocks; 0 is [DefaultBlockTime], the least is 50 ms.
	// Empty blocks are produced, so that block time follows the clock.
	BlockTime time.Duration
	// Dir keeps the chain on disk; a network started there again goes on where
	// it stopped. "" keeps it in memory. Chain id, accounts and parameters of an existing directory stay.
	Dir string
	// From is a folder that [Network.Snapshot] wrote. The network begins as it was there, in memory or in Dir, which must
	// not hold a chain then; the folder is only read, by any number of networks at once. Chain id, accounts, parameters
	// and deployments are those of the snapshot. Akash providers with the same keys, which follow from their places in
	// the list, go on with what ran on them, at new addresses, which they register.
	From string
	// RPCAddr, GRPCAddr and RESTAddr are host:port to listen on; "" is an ephemeral loopback port.
	RPCAddr, GRPCAddr, RESTAddr string
	// Accounts are funded besides those of [Network.Accounts]; one of those named here gets these coins too.
	Accounts []FundedAccount
	// AkashProviders to simulate; nil is [akashprovider.DefaultSpecs], an empty slice is none.
	AkashProviders []akashprovider.Spec
	// Deployments are there from the start, with their leases.
	Deployments []Deployment
	// Seed decides what is left to chance: when Akash providers bid, and which requests seeded faults hit. What else
	// differs between two runs is time: heights and hashes of blocks, and certificates. Akash providers for a seed
	// come from [akashprovider.GenerateSpecs].
	Seed uint64
	// MinReclamationWindow is the market's shortest reclamation window; 0 is the network's hour.
	MinReclamationWindow time.Duration
	// Economy is the price of AKT and how ACT is minted; the zero value is the network's.
	Economy Economy
	// Faults make the endpoints misbehave; the zero value does not. [Network.SetFaults] changes them later.
	Faults Faults
	// Logger gets what the node and the Akash providers log; nil drops it.
	Logger hclog.Logger
}

// FundedAccount is an address that has coins from the start.
type FundedAccount struct {
	Address string
	Coins   sdk.Coins
}

func (o Options) withDefaults() (Options, error) {
	if o.From != "" {
		if err := o.readFrom(); err != nil {
			return o, fmt.Errorf("snapshot %s: %w", o.From, err)
		}
	}
	if o.ChainID == "" {
		o.ChainID = DefaultChainID
	}
	if o.BlockTime == 0 {
		o.BlockTime = DefaultBlockTime
	}
	if o.BlockTime < minBlockTime {
		return o, fmt.Errorf("block time %s is below %s", o.BlockTime, minBlockTime)
	}
	if err := o.Economy.validate(); err != nil {
		return o, err
	}
	for _, addr := range []*string{&o.RPCAddr, &o.GRPCAddr, &o.RESTAddr} {
		if *addr == "" {
			*addr = loopback
		}
	}
	if o.AkashProviders == nil {
		o.AkashProviders = akashprovider.DefaultSpecs()
	}
	if len(o.AkashProviders) > maxAkashProviders {
		return o, fmt.Errorf("%d Akash providers are more than %d", len(o.AkashProviders), maxAkashProviders)
	}
	names := map[string]bool{}
	for _, spec := range o.AkashProviders {
		if names[spec.Name] {
			return o, fmt.Errorf("two Akash providers are named %q", spec.Name)
		}
		names[spec.Name] = true
	}
	if o.Logger == nil {
		o.Logger = hclog.NewNullLogger()
	}
	return o, nil
}

// readFrom takes over what the snapshot settles.
func (o *Options) readFrom() error {
	if _, err := os.Stat(filepath.Join(o.From, workloadsDir)); err != nil {
		return errors.New("there is no snapshot in this folder")
	}
	known, err := os.ReadFile(filepath.Join(o.From, chainIDFile))
	switch {
	case err != nil:
		return err
	case o.ChainID != "" && o.ChainID != string(known):
		return fmt.Errorf("it holds chain %q, not %q", known, o.ChainID)
	case len(o.Deployments) > 0:
		return errors.New("deployments can only be there from the start of a new chain")
	}
	o.ChainID = string(known)
	return nil
}
