// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// ErrUnread: the chain did not tell who is in the market, so nothing is known. It is joined with the reason. Callers
// warn and go on: a plan does not fail because the market could not be read.
var ErrUnread = errors.New("the market could not be read")

// Chain is what a [Reader] asks a node. [*chain.Client] is one.
type Chain interface {
	LatestBlock(ctx context.Context) (chain.Block, error)
	ListProviders(ctx context.Context) ([]providerv1beta4.Provider, error)
	ListAudits(ctx context.Context, owner string) ([]auditv1.AuditedProvider, error)
	BidsPage(
		ctx context.Context, filter chain.BidFilter, key []byte,
	) (page []marketv1beta5.QueryBidResponse, next []byte, err error)
}

// Gateway is one Akash provider's gateway, asked without credentials. [*gateway.Client] is one.
type Gateway interface {
	ClusterStatus(ctx context.Context) (*providerv1.Status, error)
	ProviderStatus(ctx context.Context) (gateway.Status, error)
	Close()
}

// Limits bound what a [Reader] takes. A zero field has the default named there.
type Limits struct {
	// Total is how long [Reader.Read] takes at most: 2.5 s.
	Total time.Duration
	// Gateway is how long one gateway has to answer: 2 s.
	Gateway time.Duration
	// Hedge is when a gateway whose gRPC server has not answered is asked over REST too: 1.2 s.
	Hedge time.Duration
	// Gateways and Audits are asked at once, as many: 128 and 32.
	Gateways, Audits int
	// BidPages are read at most, of active and of open bids each: 4.
	BidPages int
	// Observations are kept at most, PerSeller of one Akash provider: 4,000 and 40.
	Observations, PerSeller int
}

func (l Limits) orDefaults() Limits {
	duration := func(value *time.Duration, otherwise time.Duration) {
		if *value <= 0 {
			*value = otherwise
		}
	}
	number := func(value *int, otherwise int) {
		if *value <= 0 {
			*value = otherwise
		}
	}
	duration(&l.Total, 2500*time.Millisecond)
	duration(&l.Gateway, 2*time.Second)
	duration(&l.Hedge, 1200*time.Millisecond)
	number(&l.Gateways, 128)
	number(&l.Audits, 32)
	number(&l.BidPages, 4)
	number(&l.Observations, 4000)
	number(&l.PerSeller, 40)
	return l
}

// How long what was read holds.
const (
	listsHold    = 5 * time.Minute // the registered, the audits, the bids
	statusHolds  = 3 * time.Minute
	silenceHolds = time.Minute
	hurriedHolds = 5 * time.Second
	failureHolds = 10 * time.Second // of the chain
)

// endOfRead is left of the time of [Reader.Read] to put together what was read.
const endOfRead = 50 * time.Millisecond

// Config is everything a [Reader] works with.
type Config struct {
	Chain Chain
	// Gateways opens the gateway of the Akash provider at hostURI; it must not do I/O.
	Gateways func(hostURI, providerAddr string) (Gateway, error)
	// Dir is a folder that processes share what was read in; "" keeps it in memory alone.
	Dir string
	// Source tells markets apart in Dir: the chain id and the endpoints.
	Source []string
	// Clock tells how old things are; nil is [time.Now]. Limits are of real time.
	Clock  func() time.Time
	Limits Limits
	// Logger may be nil.
	Logger hclog.Logger
}

// Reader reads the market. It is safe for concurrent use, and meant to be shared: what is asked at the same time is
// asked once.
type Reader struct {
	chain    Chain
	gateways func(hostURI, providerAddr string) (Gateway, error)
	clock    func() time.Time
	limits   Limits
	log      hclog.Logger

	sellers  *crowd[sellerList]
	audits   *crowd[auditList]
	prices   *crowd[priceList]
	statuses *crowd[answer]

	store  *store
	loaded sync.Once

	// lesson is what was learned of the prices that were read at a time: once for all that is planned together.
	lesson struct {
		sync.Mutex
		at     time.Time
		prices *market.Prices
	}
}

// New returns a Reader. It does no I/O.
func New(config Config) *Reader {
	if config.Clock == nil {
		config.Clock = time.Now
	}
	if config.Logger == nil {
		config.Logger = hclog.NewNullLogger()
	}
	limits := config.Limits.orDefaults()
	return &Reader{
		chain: config.Chain, gateways: config.Gateways, clock: config.Clock, limits: limits, log: config.Logger,
		sellers:  newCrowd[sellerList](1, config.Clock),
		audits:   newCrowd[auditList](limits.Audits, config.Clock),
		prices:   newCrowd[priceList](1, config.Clock),
		statuses: newCrowd[answer](limits.Gateways, config.Clock),
		store:    newStore(config.Dir, config.Source, config.Clock, config.Logger),
	}
}

// theOne is the key of what there is only one of.
var theOne = []string{"market"}

// Read returns who is registered, with attributes, and what the gateways of those that want accepts, of all when
// it is nil, say they have free.
// Whoever does not answer in time is Silent, and what else could not be read is in Partial. Audits are read, and there
// before want is called, when auditors are named: each takes a call a seller, and only signed placements need them.
//
// It takes at most [Limits].Total. The error is the context's, or [ErrUnread].
func (r *Reader) Read(
	ctx context.Context, want func(market.Seller) bool, auditors ...string,
) (market.Snapshot, error) {
	r.loaded.Do(r.load)
	defer r.save()
	bounded, cancel := context.WithTimeout(ctx, r.limits.Total)
	defer cancel()
	prices := make(chan map[string]found[priceList], 1)
	go func() { prices <- r.prices.ask(bounded, theOne, r.fetchPrices) }()

	listed, ok := r.sellers.ask(bounded, theOne, r.fetchSellers)[theOne[0]]
	switch {
	case ctx.Err() != nil:
		return market.Snapshot{}, ctx.Err()
	case !ok:
		return market.Snapshot{}, fmt.Errorf("%w: the chain did not answer in %s", ErrUnread, r.limits.Total)
	case listed.err != nil:
		return market.Snapshot{}, fmt.Errorf("%w: %w", ErrUnread, listed.err)
	}
	snapshot := market.Snapshot{ReadAt: listed.readAt, Height: listed.value.Height}
	for _, s := range listed.value.Sellers {
		snapshot.Candidates = append(snapshot.Candidates, market.Candidate{Seller: market.Seller{
			Addr: s.Addr, HostURI: s.HostURI, Email: s.Email, Website: s.Website, Attributes: s.Attributes,
		}})
	}
	if missing := r.addAudits(bounded, snapshot.Candidates, auditors); missing > 0 {
		snapshot.Partial = append(snapshot.Partial, fmt.Sprintf("what auditors signed for %d of %d Akash providers",
			missing, len(snapshot.Candidates)))
	}
	r.addInventories(bounded, snapshot.Candidates, want)
	if ctx.Err() != nil {
		return market.Snapshot{}, ctx.Err()
	}
	seen, ok := (<-prices)[theOne[0]]
	switch {
	case !ok || seen.err != nil && len(seen.value.Observations) == 0:
		snapshot.Partial = append(snapshot.Partial, "prices of the network's bids")
	case seen.value.Rest:
		snapshot.Partial = append(snapshot.Partial, fmt.Sprintf("prices of the network's bids beyond the first %d",
			seen.value.Read))
	}
	snapshot.Observations = seen.value.Observations
	snapshot.Expected = r.learned(seen)
	return snapshot, ctx.Err()
}

// Ask returns what the gateways of sellers say they have free, in their order, as [Reader.Read] does for the market's.
// It takes at most [Limits].Total, and what a gateway told lately is not asked again.
func (r *Reader) Ask(ctx context.Context, sellers ...market.Seller) []market.Candidate {
	r.loaded.Do(r.load)
	defer r.save()
	bounded, cancel := context.WithTimeout(ctx, r.limits.Total)
	defer cancel()
	candidates := make([]market.Candidate, 0, len(sellers))
	for _, s := range sellers {
		candidates = append(candidates, market.Candidate{Seller: s})
	}
	r.addInventories(bounded, candidates, nil)
	return candidates
}

// learned are the prices to expect after what was seen.
func (r *Reader) learned(seen found[priceList]) *market.Prices {
	r.lesson.Lock()
	defer r.lesson.Unlock()
	if r.lesson.prices == nil || !r.lesson.at.Equal(seen.readAt) {
		r.lesson.at, r.lesson.prices = seen.readAt, market.NewPrices(seen.value.Observations)
	}
	return r.lesson.prices
}
