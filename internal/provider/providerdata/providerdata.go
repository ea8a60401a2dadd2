// SPDX-License-Identifier: Apache-2.0

// Package providerdata is what Configure hands to resources and data sources:
// the account, the defaults, and a connection that is made when first needed.
package providerdata

import (
	"context"
	"fmt"
	"sync"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// Connection is a verified way to the network.
type Connection struct {
	Chain    *chain.Client
	Deployer *deploy.Deployer
}

// Connect makes a [Connection]; it is called once it is needed and again after an error.
type Connect func(ctx context.Context) (*Connection, error)

// Data is safe for concurrent use.
type Data struct {
	// Owner is the account that pays; "" while it is not known yet, during a plan.
	Owner string
	// NoGateway says why the gateways of the owner's leases would refuse this configuration; "" when they do not.
	NoGateway string
	// Delegated is true when the key acts for another account, or another account pays its fees: that takes grants.
	Delegated bool
	// Key signs tokens for gateways; nil when none is configured, or not yet.
	Key keys.Key
	// CanSign is false when no key is configured: such a Terraform provider can plan and refresh.
	CanSign bool
	// Ceiling is the provider block's price_ceiling, the default and upper bound of every lease.
	Ceiling market.Ceiling
	// CeilingUnknown is true while the provider block's price_ceiling is not known yet, during a plan.
	CeilingUnknown bool
	// BidPolicy is the provider block's bid_policy: null, unknown or what leases take for what their own leaves out.
	BidPolicy types.Object
	// DefaultLabels are the provider block's labels for what costs money; null, or unknown during a plan.
	DefaultLabels types.Map
	// Budget is the provider block's.
	Budget Budget
	// Preflight says what a plan does when the forecast is bad; "" reads no market.
	Preflight Preflight
	// Told is what this run of the CLI told already; nil tells everything.
	Told Told
	// WholeUnknowns is true where an object with one unknown part arrives as unknown altogether, as it does from Pulumi.
	WholeUnknowns bool
	// Now is the clock.
	Now func() time.Time
	// BlockTime is the network's mean block time, for prices a month.
	BlockTime time.Duration
	// ChainID is the network's, "" while it is not known yet.
	ChainID string
	// Journal is where intents are retired once their ids arrive as prior state.
	Journal *journal.Journal

	connect    Connect
	mu         sync.Mutex
	connection *Connection
	refunds    map[string]math.LegacyDec
	planned    map[string]Planned
	endpoints  map[string]Endpoint
	groups     []attr.Value
	applying   bool
	filled     map[ids.GroupID]bool
}

// ExpectRefund notes that replacing a deployment will return so many uact before its successor is created. Terraform
// plans a replacement in two calls, and the second does not know of the first.
func (d *Data) ExpectRefund(deployment string, uact math.LegacyDec) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refunds == nil {
		d.refunds = map[string]math.LegacyDec{}
	}
	d.refunds[deployment] = uact
}

// Refunds is what planned replacements of this run will return, in uact.
func (d *Data) Refunds() math.LegacyDec {
	d.mu.Lock()
	defer d.mu.Unlock()
	sum := math.LegacyZeroDec()
	for _, uact := range d.refunds {
		sum = sum.Add(uact)
	}
	return sum
}

// New returns Data that connects by connect.
func New(connect Connect) *Data { return &Data{connect: connect, Now: time.Now} }

// Connect returns the connection, making it if there is none yet. The error is a [*deploy.Failure] or one of
// package chain.
func (d *Data) Connect(ctx context.Context) (*Connection, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.connection != nil {
		return d.connection, nil
	}
	connection, err := d.connect(ctx)
	if err != nil {
		return nil, err
	}
	d.connection = connection
	return connection, nil
}

// Signer returns the connection's use cases, or an error that tells how to configure a key.
func (d *Data) Signer(ctx context.Context) (*deploy.Deployer, error) {
	if !d.CanSign {
		return nil, &deploy.Failure{
			Title: "No signing key", Doing: "Preparing a transaction",
			Cause:  fmt.Errorf("the provider block has no key, and none of the environment variables %s is set", KeyVariables),
			Exists: "Nothing was changed.",
			Next:   "Set key in the provider block or AKASH_MNEMONIC in the environment, then apply again.",
		}
	}
	connection, err := d.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return connection.Deployer, nil
}

// KeyVariables names the environment variables a key is looked up in.
const KeyVariables = "AKASH_MNEMONIC, AKASH_PRIVATE_KEY, AKASH_KEY_NAME, AKASH_SIGNER"

// From reads what Configure handed over; nil before Configure ran, which is no error.
func From(handed any) (*Data, diag.Diagnostics) {
	if handed == nil {
		return nil, nil
	}
	data, ok := handed.(*Data)
	if !ok {
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic("Terraform provider defect",
			fmt.Sprintf("Configure handed over %T. Please report this.", handed))}
	}
	return data, nil
}
