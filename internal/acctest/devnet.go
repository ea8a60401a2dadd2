// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// blockTime is short enough that a test waits for nothing, and long enough for three bids in the default window while
// other tests share the machine.
const blockTime = 150 * time.Millisecond

// defaultOptions are of a devnet for a test that asks for nothing else.
var defaultOptions = devnet.Options{BlockTime: blockTime}

// Devnet is a [Network] whose insides a test may reach.
type Devnet struct {
	*Network
	// Inside is the devnet itself.
	Inside *devnet.Network
}

// StartDevnet runs a devnet for a test that a foreign chain cannot serve; needs says what it lacks, for example
// "faults". Options left out have the values of [Start]; endpoints with faults of the test's own have no others.
func StartDevnet(t *testing.T, needs string, options devnet.Options, more ...Option) *Devnet {
	t.Helper()
	notOnForeignChain(t, needs)
	return startDevnet(t, options, more)
}

func startDevnet(t *testing.T, options devnet.Options, more []Option) *Devnet {
	t.Helper()
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(t.Name())) // an in-memory hash never fails
	if options.ChainID == "" {
		options.ChainID = fmt.Sprintf("akash-test-%08x", sum.Sum32())
	}
	if options.BlockTime == 0 {
		options.BlockTime = blockTime
	}
	inside, err := devnet.Start(t.Context(), options)
	require.NoError(t, err, "start the devnet")
	t.Cleanup(func() { require.NoError(t, inside.Stop()) })
	trouble(t, inside, uint64(sum.Sum32()), more)
	if !reflect.ValueOf(options.Faults).IsZero() {
		inside.SetFaults(options.Faults)
	}
	public, err := grpc.NewClient(inside.GRPC(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, public.Close()) })
	n := &Network{
		chainID: inside.ChainID(), endpoint: "http://" + inside.GRPC(), conn: inside.Conn(), public: public,
		accounts: map[string]Account{}, prior: map[uint64]bool{},
	}
	for _, a := range inside.Accounts() {
		n.accounts[a.Name] = Account{Address: a.Address, Mnemonic: a.Mnemonic, HDPath: a.HDPath}
	}
	for _, p := range inside.AkashProviders() {
		n.sellers = append(n.sellers, p.Address())
	}
	return &Devnet{Network: n, Inside: inside}
}

// Seller is the simulated Akash provider of a rank.
func (d *Devnet) Seller(t *testing.T, rank Rank) *akashprovider.AkashProvider {
	t.Helper()
	return d.sellerAt(t, d.Address(t, rank))
}

func (d *Devnet) sellerAt(t *testing.T, address string) *akashprovider.AkashProvider {
	t.Helper()
	for _, p := range d.Inside.AkashProviders() {
		if p.Address() == address {
			return p
		}
	}
	require.Failf(t, "no such Akash provider", "the devnet has none at %q", address)
	return nil
}

// AllFaults puts the same faults on every Akash provider; the zero value mends them.
func (d *Devnet) AllFaults(faults akashprovider.Faults) {
	for _, p := range d.Inside.AkashProviders() {
		p.SetFaults(faults)
	}
}

// KillLease ends a lease as its Akash provider.
func (d *Devnet) KillLease(t *testing.T, lease string) {
	t.Helper()
	id, err := ids.ParseLeaseID(lease)
	require.NoError(t, err)
	require.NoError(t, d.sellerAt(t, id.ProviderAddr).
		CloseLease(t.Context(), id, marketv1.LeaseClosedReason_lease_closed_reason_unstable))
	d.shown(t.Context(), t, d.Inside.Height())
}

// ReclaimLease has a lease's Akash provider announce that it takes the lease back: its bid must have offered a window.
func (d *Devnet) ReclaimLease(t *testing.T, lease string) {
	t.Helper()
	id, err := ids.ParseLeaseID(lease)
	require.NoError(t, err)
	require.NoError(t, d.sellerAt(t, id.ProviderAddr).
		StartReclaim(t.Context(), id, marketv1.LeaseClosedReason_lease_closed_reason_decommission))
	d.shown(t.Context(), t, d.Inside.Height())
}

// Hosts lists the host names that an Akash provider serves, with the group that has each, as
// "www.example.com owner/1/1".
func (d *Devnet) Hosts(t *testing.T, rank Rank) []string {
	t.Helper()
	var all []string
	for host, group := range d.Seller(t, rank).Hosts() {
		all = append(all, host+" "+group.String())
	}
	slices.Sort(all)
	return all
}
