// SPDX-License-Identifier: Apache-2.0

package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

const (
	// aliveWait bounds how long a revived gateway may need to get its port back.
	aliveWait  = 30 * time.Second
	alivePause = 10 * time.Millisecond

	reasonPrefix = "lease_closed_reason_"
)

// CloseReasons are the words for which an Akash provider may close a lease.
func CloseReasons() []string {
	var words []string
	for _, reason := range []marketv1.LeaseClosedReason{
		marketv1.LeaseClosedReason_lease_closed_reason_unstable,
		marketv1.LeaseClosedReason_lease_closed_reason_decommission,
		marketv1.LeaseClosedReason_lease_closed_reason_unspecified,
		marketv1.LeaseClosedReason_lease_closed_reason_manifest_timeout,
	} {
		words = append(words, strings.TrimPrefix(reason.String(), reasonPrefix))
	}
	return words
}

func closeReason(word string) (marketv1.LeaseClosedReason, error) {
	for _, known := range CloseReasons() {
		if word == known || word == "" {
			return marketv1.LeaseClosedReason(marketv1.LeaseClosedReason_value[reasonPrefix+known]), nil
		}
	}
	return 0, &badRequest{
		fmt.Errorf("%.40q is no reason for which an Akash provider closes a lease", word),
		"reasons are " + strings.Join(CloseReasons(), ", "),
	}
}

func (s *steering) getAkashProviders(*http.Request) (any, error) {
	words := map[string][]string{}
	for _, setting := range s.network.FaultPlan().Settings {
		words[setting.On] = append(words[setting.On], setting.String())
	}
	out := []AkashProvider{}
	for _, p := range s.network.AkashProviders() {
		leases := []string{}
		for _, id := range p.Leases() {
			leases = append(leases, id.String())
		}
		factor := "1"
		if f := p.Faults().PriceFactor; !f.IsNil() && f.IsPositive() {
			factor = f.String()
		}
		out = append(out, AkashProvider{
			Name: p.Name(), Address: p.Address(), HostURI: p.HostURI(), GRPC: p.GRPCAddr(), Alive: p.Alive(),
			PriceFactor: factor, Leases: leases, Faults: strings.Join(words[p.Name()], ","),
		})
	}
	return out, nil
}

func (s *steering) postKill(r *http.Request) (any, error) {
	p, err := s.network.AkashProvider(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	p.EditFaults(func(f *akashprovider.Faults) { f.Dead = true })
	return s.now(), nil
}

func (s *steering) postRevive(r *http.Request) (any, error) {
	p, err := s.network.AkashProvider(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	p.EditFaults(func(f *akashprovider.Faults) { f.Dead = false })
	if err := awaitAlive(r.Context(), p); err != nil {
		return nil, err
	}
	return s.now(), nil
}

// awaitAlive returns once a gateway has its ports back.
func awaitAlive(ctx context.Context, p *akashprovider.AkashProvider) error {
	ctx, cancel := context.WithTimeout(ctx, aliveWait)
	defer cancel()
	tick := time.NewTicker(alivePause)
	defer tick.Stop()
	for !p.Alive() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("another program has the port of %s at %s; it keeps trying: %w", p.Name(), p.HostURI(), ctx.Err())
		case <-tick.C:
		}
	}
	return nil
}

func (s *steering) postProviderPrice(r *http.Request) (any, error) {
	const example = `{"factor": "1.5"}`
	p, err := s.network.AkashProvider(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	var in factorRequest
	if err := read(r, &in, example); err != nil {
		return nil, err
	}
	factor, err := positive(in.Factor, example)
	if err != nil {
		return nil, err
	}
	p.EditFaults(func(f *akashprovider.Faults) { f.PriceFactor = factor })
	return s.now(), nil
}

func (s *steering) postCloseLeases(r *http.Request) (any, error) {
	var in CloseLeases
	if err := read(r, &in, `{"akash_provider": "amber", "reason": "unstable"}, or {} for all leases`); err != nil {
		return nil, err
	}
	reason, err := closeReason(in.Reason)
	if err != nil {
		return nil, err
	}
	sellers := s.network.AkashProviders()
	if in.AkashProvider != "" {
		p, err := s.network.AkashProvider(in.AkashProvider)
		if err != nil {
			return nil, err
		}
		sellers = []*akashprovider.AkashProvider{p}
	}
	closed, err := closeLeases(r.Context(), sellers, in, reason)
	if err != nil {
		return nil, err
	}
	return closedLeases{Closed: closed, Height: s.network.Height()}, nil
}

// closeLeases closes what fits, one by one; an error tells what it closed before.
func closeLeases(
	ctx context.Context, sellers []*akashprovider.AkashProvider, which CloseLeases, reason marketv1.LeaseClosedReason,
) ([]string, error) {
	closed := []string{}
	var errs []error
	for _, p := range sellers {
		for _, id := range p.Leases() {
			if (which.Owner != "" && which.Owner != id.Owner) || (which.DSeq != 0 && which.DSeq != id.DSeq) {
				continue
			}
			if err := p.CloseLease(ctx, id, reason); err != nil {
				errs = append(errs, err)
				continue
			}
			closed = append(closed, id.String())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("closed %d (%s), and then: %w", len(closed), strings.Join(closed, ", "), err)
	}
	return closed, nil
}
