// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/go-hclog"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// Chain is what the use cases read from a node. [*chain.Client] is one.
type Chain interface {
	ChainID() string
	LatestBlock(ctx context.Context) (chain.Block, error)
	FindDeployment(ctx context.Context, id ids.DeploymentID) (*deploymentv1beta4.QueryDeploymentResponse, error)
	DeploymentParams(ctx context.Context) (deploymentv1beta4.Params, error)
	ListOrders(ctx context.Context, group ids.GroupID, state string) ([]marketv1beta5.Order, error)
	ListBids(ctx context.Context, order ids.OrderID) ([]marketv1beta5.QueryBidResponse, error)
	BidsPage(
		ctx context.Context, filter chain.BidFilter, key []byte,
	) (page []marketv1beta5.QueryBidResponse, next []byte, err error)
	MarketParams(ctx context.Context) (marketv1beta5.Params, error)
	ListAudits(ctx context.Context, owner string) ([]auditv1.AuditedProvider, error)
	ListLeases(ctx context.Context, filter chain.LeaseFilter) ([]marketv1beta5.QueryLeaseResponse, error)
	DeploymentsPage(
		ctx context.Context, owner, state string, key []byte,
	) (page []deploymentv1beta4.QueryDeploymentResponse, next []byte, err error)
	LeasesPage(
		ctx context.Context, filter chain.LeaseFilter, key []byte,
	) (page []marketv1beta5.QueryLeaseResponse, next []byte, err error)
	OrdersPage(
		ctx context.Context, owner, state string, key []byte,
	) (page []marketv1beta5.Order, next []byte, err error)
	FindProvider(ctx context.Context, addr string) (*providerv1beta4.Provider, error)
	SpendableBalances(ctx context.Context, addr string) (sdk.Coins, error)
	FindCertificates(ctx context.Context, owner, serial, state string) ([]certv1.CertificateResponse, error)
	MintStatus(ctx context.Context) (chain.MintStatus, error)
	MintRecords(ctx context.Context, owner string) ([]chain.MintRecord, error)
	FindFeeAllowance(ctx context.Context, granter, grantee string) (chain.FeeAllowance, error)
	FindAuthorization(ctx context.Context, granter, grantee, messageType string) (chain.Authorization, error)
	ListAuthorizations(ctx context.Context, granter, grantee string) ([]chain.Authorization, error)
	ListAuthorizationsTo(ctx context.Context, grantee string) ([]chain.Authorization, error)
}

// Transactions sends messages and knows what became of them. [*tx.Engine] is one.
type Transactions interface {
	Submit(ctx context.Context, request tx.Request) (tx.Result, error)
	Resolve(ctx context.Context, prepared tx.Prepared) (tx.Result, error)
	EstimateFee(ctx context.Context, gasUsed uint64) (math.Int, error)
}

// Gateway is one Akash provider's gateway. [*gateway.Client] is one.
type Gateway interface {
	Address(ctx context.Context) (string, error)
	SubmitManifest(ctx context.Context, dseq uint64, manifestJSON []byte) error
	LeaseStatus(ctx context.Context, id ids.LeaseID) (gateway.LeaseStatus, error)
	LeaseManifest(ctx context.Context, id ids.LeaseID) ([]byte, error)
	Logs(ctx context.Context, id ids.LeaseID, service string, count int) ([]gateway.LogLine, error)
	Events(ctx context.Context, id ids.LeaseID, count int) ([]gateway.Event, error)
	Run(ctx context.Context, id ids.LeaseID, command gateway.Command) (gateway.CommandResult, error)
	AttestationQuote(ctx context.Context, id ids.LeaseID, ask gateway.QuoteRequest) (gateway.Quote, error)
	MigrateHostnames(ctx context.Context, to ids.GroupID, hostnames []string) ([]string, error)
	MigrateEndpoints(ctx context.Context, to ids.GroupID, endpoints []string) ([]string, error)
}

// Clock tells the time and waits; tests replace it.
type Clock interface {
	Now() time.Time
	// Sleep waits for d or until ctx ends, whose error it returns.
	Sleep(ctx context.Context, d time.Duration) error
}

// Config is everything a [Deployer] works with. Every field is required, except Tx and Journal for reading only.
type Config struct {
	Owner string
	// Grantee is the account of Tx, when that is not Owner but one that Owner granted its messages to; "" otherwise.
	Grantee string
	// FeeGranter pays the fees of Tx, if set. Tx must have been told so.
	FeeGranter string
	Chain      Chain
	Tx         Transactions
	Journal    *journal.Journal
	// Market is asked for forecasts alone; nil makes none.
	Market Market
	// Gateways opens the gateway of the Akash provider at hostURI; it must not do I/O.
	Gateways func(hostURI, providerAddr string) (Gateway, error)
	Clock    Clock
	// BlockTime is the network's mean block time: prices a month and lengths of windows come from it.
	BlockTime time.Duration
	Logger    hclog.Logger
	// AutoMint lets missing uact be minted from uakt before a deposit.
	AutoMint bool
	// Limit is the most that may be spent; the zero value is no limit.
	Limit SpendLimit
}

// Deployer runs the use cases for one owner. It is safe for concurrent use.
type Deployer struct {
	Config
	sequence dseqSource
	refresh  *refresher
	allowed  allowance
	minter   minter
	picks    picks
	rules    rules

	unscreened unscreened
}

// New returns a Deployer. It does no I/O.
func New(config Config) *Deployer {
	d := &Deployer{Config: config, sequence: newDSeqSource(config.Clock.Now), minter: newMinter()}
	d.refresh = newRefresher(direct{d})
	if config.Tx != nil && config.Grantee != "" {
		d.Tx = delegated{Transactions: config.Tx, grantee: config.Grantee}
	}
	if config.Tx != nil && config.Limit.set() {
		d.Tx = newLimited(d.Tx, config.Limit)
	}
	if config.Tx != nil {
		d.Tx = d.newTidy(noted{Transactions: d.Tx, changes: &d.refresh.changes})
	}
	return d
}

// submit sends messages that need no journal: a re-run sees on chain whether they landed.
func (d *Deployer) submit(ctx context.Context, messages ...sdk.Msg) (tx.Result, error) {
	result, err := d.Tx.Submit(ctx, tx.Request{Msgs: messages})
	if err == nil {
		leaveTrail(ctx, result, messages)
	}
	return result, err
}

// SystemClock is the real [Clock].
type SystemClock struct{}

// Now is [time.Now].
func (SystemClock) Now() time.Time { return time.Now() }

// Sleep waits for d or until ctx ends.
func (SystemClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
