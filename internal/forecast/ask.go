// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// answer is what one gateway told, or why it did not.
type answer struct {
	Inventory *market.Inventory `json:"inventory,omitempty"`
	Silent    string            `json:"silent,omitempty"`
	Latency   time.Duration     `json:"latency,omitempty"`
	// Hurried is a silence that says little: there was less than half of the time a gateway has.
	Hurried bool `json:"hurried,omitempty"`
}

// addInventories asks the gateways of the candidates that want accepts. Those known to be silent are asked last: they
// would keep the others waiting.
func (r *Reader) addInventories(ctx context.Context, candidates []market.Candidate, want func(market.Seller) bool) {
	var wanted, last []string
	for _, c := range candidates {
		if want != nil && !want(c.Seller) {
			continue
		}
		key := gatewayKey(c.Addr, c.HostURI)
		if before, ok := r.statuses.known(key); ok && before.Silent != "" && !before.Hurried {
			last = append(last, key)
		} else {
			wanted = append(wanted, key)
		}
	}
	wanted = append(wanted, last...)
	answers := r.statuses.ask(ctx, wanted, r.statusFetcher(ctx))
	asked := make(map[string]bool, len(wanted))
	for _, key := range wanted {
		asked[key] = true
	}
	for i := range candidates {
		c := &candidates[i]
		key := gatewayKey(c.Addr, c.HostURI)
		told, ok := answers[key]
		switch {
		case ok:
			c.Inventory, c.Silent, c.ReadAt = told.value.Inventory, told.value.Silent, told.readAt
			c.Latency = told.value.Latency
		case asked[key]:
			c.Silent, c.ReadAt = r.slow(), r.clock()
		}
	}
}

// gatewayKey names a gateway: whoever moves is somebody else.
func gatewayKey(addr, hostURI string) string { return addr + " " + hostURI }

func (r *Reader) slow() string { return fmt.Sprintf("did not answer in %s", r.limits.Gateway) }

// statusFetcher asks gateways for as long as ctx has, so that whoever waits knows of each what became of it. What goes
// wrong is an answer like any other, so that a dead one costs time once.
func (r *Reader) statusFetcher(ctx context.Context) fetcher[answer] {
	until, bounded := ctx.Deadline()
	return func(ctx context.Context, key string) (answer, time.Duration, error) {
		limit := r.limits.Gateway
		if bounded {
			limit = min(limit, time.Until(until)-endOfRead)
		}
		addr, hostURI, _ := strings.Cut(key, " ")
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		g, err := r.gateways(hostURI, addr)
		if err != nil {
			r.log.Debug("gateway cannot be asked", "akash_provider", addr, "error", err)
			return answer{Silent: "has no usable host URI"}, silenceHolds, nil
		}
		defer g.Close()
		told, err := r.inventory(ctx, g)
		switch {
		case err == nil:
			return told, statusHolds, nil
		case errors.Is(err, gateway.ErrSlow) && limit < r.limits.Gateway/2:
			return answer{Silent: r.slow(), Hurried: true}, hurriedHolds, nil
		}
		r.log.Debug("gateway told no inventory", "akash_provider", addr, "error", err)
		return answer{Silent: r.silence(err)}, silenceHolds, nil
	}
}

// inventory asks for the status over gRPC and, when that fails or takes long, over REST, which tells less. Who proved
// to be somebody else is not asked again.
func (r *Reader) inventory(ctx context.Context, g Gateway) (answer, error) {
	full := r.begin(func() (*market.Inventory, error) { return fullInventory(ctx, g) })
	var lesser <-chan outcome // nil until it is asked
	askLesser := func() {
		if lesser == nil {
			lesser = r.begin(func() (*market.Inventory, error) { return lesserInventory(ctx, g) })
		}
	}
	hedge := time.NewTimer(r.limits.Hedge)
	defer hedge.Stop()
	var first error     // over gRPC
	var second *outcome // over REST
	for {
		select {
		case told := <-full:
			switch {
			case told.err == nil, errors.Is(told.err, gateway.ErrIdentity):
				return told.answer, told.err
			case second != nil:
				return second.answer, bothFailed(told.err, second.err)
			}
			first = told.err
			askLesser()
		case <-hedge.C:
			askLesser()
		case told := <-lesser:
			if first != nil || errors.Is(told.err, gateway.ErrIdentity) {
				return told.answer, bothFailed(first, told.err)
			}
			second = &told
		case <-ctx.Done():
			if second != nil && second.err == nil {
				return second.answer, nil
			}
			return answer{}, gateway.ErrSlow
		}
	}
}

// outcome is one way's answer.
type outcome struct {
	answer
	err error
}

// begin asks on its own; its answer waits for whoever comes.
func (r *Reader) begin(ask func() (*market.Inventory, error)) <-chan outcome {
	told := make(chan outcome, 1)
	go func() {
		began := time.Now()
		inventory, err := ask()
		told <- outcome{answer: answer{Inventory: inventory, Latency: time.Since(began)}, err: err}
	}()
	return told
}

func fullInventory(ctx context.Context, g Gateway) (*market.Inventory, error) {
	status, err := g.ClusterStatus(ctx)
	if err != nil {
		return nil, err
	}
	return inventoryOf(status)
}

func lesserInventory(ctx context.Context, g Gateway) (*market.Inventory, error) {
	status, err := g.ProviderStatus(ctx)
	if err != nil {
		return nil, err
	}
	return lesserInventoryOf(status), nil
}

// bothFailed is nil when the second way answered.
func bothFailed(first, second error) error {
	if second == nil {
		return nil
	}
	return errors.Join(first, second)
}

// silence says why a gateway told nothing, for people.
func (r *Reader) silence(err error) string {
	var unknown *net.DNSError
	switch {
	case errors.Is(err, gateway.ErrIdentity):
		return "did not prove to be itself: its certificate is not the one on chain"
	case errors.Is(err, errNoInventory):
		return "told an inventory that cannot be read"
	case errors.Is(err, gateway.ErrSlow), errors.Is(err, context.DeadlineExceeded):
		return r.slow()
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused the connection"
	case errors.As(err, &unknown):
		return "has a host name that is not known"
	}
	return "did not answer as a gateway does"
}
