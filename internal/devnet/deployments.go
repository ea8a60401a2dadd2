// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// defaultGenesisDeposit lasts for months at a price of a few uact a block.
const defaultGenesisDeposit = 50 * million

// Deployment is one that is active before the first block. Groups without a lease have an open order, which is bid
// on as any other.
type Deployment struct {
	// Owner is the name of one of [Network.Accounts], or a bech32 address; "" is [Tenant].
	Owner string
	// DSeq must be unique for its owner.
	DSeq uint64
	// Hash is the manifest's, 32 bytes.
	Hash []byte
	// Groups are numbered from 1 as listed.
	Groups []deploymentv1beta4.GroupSpec
	// Deposit is in uact; the zero value is 50 ACT. It is not taken out of the owner's balance.
	Deposit sdk.Coin
	// Leases are at most one a group.
	Leases []Lease
}

// Lease is one that runs before the first block, without a workload: its Akash provider waits for the manifest, and
// for as long as it takes.
type Lease struct {
	// GSeq is the group's number; 0 is 1.
	GSeq uint32
	// AkashProvider is the name of one of [Options.AkashProviders].
	AkashProvider string
	// Price is per block, in uact.
	Price sdk.DecCoin
}

// running resolves the names in [Options.Deployments].
func (n *Network) running() ([]app.Deployment, error) {
	addresses := make(map[string]string, len(n.accounts))
	for _, acc := range n.accounts {
		addresses[acc.Name] = acc.Address
	}
	sellers := make(map[string]string, len(n.sellers))
	for _, s := range n.sellers {
		sellers[s.spec.Name] = s.account.Address
	}
	out := make([]app.Deployment, len(n.opts.Deployments))
	for i, d := range n.opts.Deployments {
		if d.Owner == "" {
			d.Owner = Tenant
		}
		owner, named := addresses[d.Owner]
		if !named {
			owner = d.Owner
		}
		if d.Deposit.IsNil() {
			d.Deposit = uact(defaultGenesisDeposit)
		}
		out[i] = app.Deployment{
			ID: deploymentv1.DeploymentID{Owner: owner, DSeq: d.DSeq}, Hash: d.Hash, Groups: d.Groups, Deposit: d.Deposit,
		}
		for _, l := range d.Leases {
			address, known := sellers[l.AkashProvider]
			if !known {
				return nil, fmt.Errorf("genesis deployment %s/%d: there is no Akash provider %q", owner, d.DSeq, l.AkashProvider)
			}
			out[i].Leases = append(out[i].Leases, app.Lease{
				GSeq: max(l.GSeq, 1), ProviderAddr: address, Price: l.Price,
			})
		}
	}
	return out, nil
}
