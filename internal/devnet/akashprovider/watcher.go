// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// retryPause is how long a watcher waits after the chain has not answered.
const retryPause = 50 * time.Millisecond

// WatcherConfig is what a [Watcher] is made with.
type WatcherConfig struct {
	// Conn reaches the chain's gRPC. The caller closes it, after [Watcher.Close].
	Conn grpc.ClientConnInterface
	// Encoding packs and unpacks messages.
	Encoding pb.Encoding
	// Next waits for the next block, or several that have come meanwhile, and tells what changed in them. It returns an
	// error only when ctx ends. nil: the chain's lists are read again for every block, which is looked for four times in
	// BlockTime.
	Next      func(ctx context.Context) (Block, error)
	BlockTime time.Duration
	// Seed decides who comes first when an order takes fewer bids than there are Akash providers.
	Seed uint64
	// Logger may be nil.
	Logger hclog.Logger
}

// Watcher follows the chain on behalf of any number of Akash providers, and tells each what concerns it. With Next
// the work of a block grows with what changed in it, not with what is on chain. Safe for concurrent use.
type Watcher struct {
	cfg   WatcherConfig
	chain chainReader
	log   hclog.Logger
	stop  context.CancelFunc
	done  chan struct{}

	mu      sync.Mutex
	sellers []*AkashProvider

	// The rest belongs to the goroutine that watches.
	board   *board
	pending Block  // blocks that are not on the board yet
	shuffle uint64 // changes with every new order
}

// NewWatcher makes a watcher. Hand it to all Akash providers of a network, then call [Watcher.Start].
func NewWatcher(cfg WatcherConfig) *Watcher {
	if cfg.Logger == nil {
		cfg.Logger = hclog.NewNullLogger()
	}
	return &Watcher{
		cfg: cfg, log: cfg.Logger, board: newBoard(), done: make(chan struct{}),
		chain: chainReader{conn: cfg.Conn, codec: grpc.ForceCodec(cfg.Encoding.Codec.GRPCCodec())},
	}
}

// Start begins to watch, until [Watcher.Close]; ctx bounds the start only. With [WatcherConfig.Next] it returns
// once the Akash providers know the state as of the given height.
func (w *Watcher) Start(ctx context.Context, height int64) error {
	if w.cfg.Next != nil {
		if err := w.board.load(ctx, w.chain, height); err != nil {
			return fmt.Errorf("read the market: %w", err)
		}
		if err := w.tell(ctx); err != nil {
			return fmt.Errorf("read the market: %w", err)
		}
		w.board.active = nil
	}
	// Watching outlives ctx, which belongs to the start.
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	w.stop = stop
	go func() {
		defer close(w.done)
		w.run(life)
	}()
	return nil
}

// Close ends the watching. Call it once, after Start, before the Akash providers are closed.
func (w *Watcher) Close() {
	w.stop()
	<-w.done
}

func (w *Watcher) attach(p *AkashProvider) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sellers = append(w.sellers, p)
}

func (w *Watcher) attached() []*AkashProvider {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sellers)
}

// run handles block after block until ctx ends. A chain that does not answer is asked again.
func (w *Watcher) run(ctx context.Context) {
	pause := retryPause
	if w.cfg.Next == nil {
		pause = min(max(w.cfg.BlockTime/4, 10*time.Millisecond), time.Second)
	}
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		err := w.block(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			w.log.Warn("block not handled, trying again", "error", err)
		}
		if err == nil && w.cfg.Next != nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// block handles the blocks since the last one. Without a new one it waits, or when it polls, does nothing.
func (w *Watcher) block(ctx context.Context) error {
	if w.cfg.Next == nil {
		var addresses []string
		for _, p := range w.attached() {
			addresses = append(addresses, p.identity.Address)
		}
		changed, err := w.board.poll(ctx, w.chain, addresses)
		if err != nil || !changed {
			return err
		}
		return w.tell(ctx)
	}
	if w.pending.Height <= w.board.height {
		next, err := w.cfg.Next(ctx)
		if err != nil {
			return err
		}
		w.pending = next
	}
	if w.pending.Height > w.board.height {
		if err := w.board.apply(ctx, w.chain, w.pending); err != nil {
			return err
		}
	}
	return w.tell(ctx)
}

// tell lets every Akash provider act on the board.
func (w *Watcher) tell(ctx context.Context) error {
	sellers := w.attached()
	views := make([]view, len(sellers))
	fresh := w.fresh()
	for i, p := range sellers {
		s := w.board.of(p.identity.Address)
		views[i] = view{
			height: w.board.height, leaseHeight: w.board.leaseHeight, fresh: p.toJudge(fresh, w.board.orders),
			orders: w.board.orders, bids: s.bids, leases: s.leases,
		}
		var err error
		if len(views[i].fresh) > 0 {
			views[i].facts, err = w.facts(ctx, p, s)
			views[i].stranger = errors.Is(err, errStranger)
			if err != nil && !views[i].stranger {
				return err
			}
		}
		if views[i].adopted, err = w.adopted(ctx, p, s.leases); err != nil {
			return err
		}
	}
	w.board.fresh = nil
	for _, i := range w.ranking(sellers, fresh) {
		sellers[i].observe(views[i])
	}
	return nil
}

// facts are read again when an event has told of a change.
func (w *Watcher) facts(ctx context.Context, p *AkashProvider, s *standing) (bidding.Facts, error) {
	if s.facts == nil {
		facts, err := p.facts(ctx)
		if err != nil {
			return facts, err
		}
		s.facts = &facts
	}
	return *s.facts, nil
}

// fresh lists the orders to judge, older ones first, so that bids go out in the order in which they were asked for.
func (w *Watcher) fresh() []marketv1beta5.Order {
	out := make([]marketv1beta5.Order, 0, len(w.board.fresh))
	for _, id := range w.board.fresh {
		if o, open := w.board.orders[id]; open {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, compareOrders)
	return out
}

// ranking says in which order the Akash providers act. It changes with every new order, so that they take turns,
// and is the same for the same seed.
func (w *Watcher) ranking(sellers []*AkashProvider, fresh []marketv1beta5.Order) []int {
	if len(fresh) > 0 {
		w.shuffle = hash(w.cfg.Seed, orderID(fresh[len(fresh)-1].ID).String())
	}
	ranks := make([]uint64, len(sellers))
	out := make([]int, len(sellers))
	for i, p := range sellers {
		out[i], ranks[i] = i, hash(w.shuffle, p.identity.Address)
	}
	slices.SortFunc(out, func(a, b int) int { return cmp.Compare(ranks[a], ranks[b]) })
	return out
}

// hash mixes a seed with a text.
func hash(seed uint64, text string) uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d %s", seed, text) // a hash does not fail
	return h.Sum64()
}

// adopted finds the orders of leases that are new to an Akash provider although it bid nothing in this process.
func (w *Watcher) adopted(
	ctx context.Context, p *AkashProvider, leases leaseMap,
) (map[marketv1.OrderID]marketv1beta5.Order, error) {
	missing := p.unknown(leases, w.board.orders)
	if len(missing) == 0 {
		return nil, nil
	}
	out := make(map[marketv1.OrderID]marketv1beta5.Order, len(missing))
	for _, id := range missing {
		order, ok := w.board.active[id]
		if !ok {
			var err error
			if order, err = w.chain.order(ctx, id); err != nil {
				return nil, err
			}
		}
		out[id] = order
	}
	return out, nil
}
