// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"crypto/tls"
	"time"

	sdkmath "cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/odds"
)

// Faults are the ways in which a simulated Akash provider misbehaves on request. The zero value misbehaves
// in none. They change at run time with [AkashProvider.SetFaults].
type Faults struct {
	// NeverBid makes it ignore every order that it has not bid on yet.
	NeverBid bool
	// BidLateBlocks is added to the delay of the spec.
	BidLateBlocks int64
	// WithdrawBids makes it close each bid one block after it was included.
	WithdrawBids bool
	// PriceFactor multiplies every price from now on; nil or zero means no change.
	PriceFactor sdkmath.LegacyDec
	// RefuseManifests is how many of the next manifests are refused with 422; -1 refuses all.
	RefuseManifests int
	// HideLeases is how many of the next correct manifests are answered as if the lease had not been seen yet
	// (404); -1 answers all so. The manifest is kept, as on the network, and deployed a block later.
	HideLeases int
	// SlowReadyBlocks is added to the ready delay of every service.
	SlowReadyBlocks int64
	// NeverReady keeps every service pending.
	NeverReady bool
	// GatewayDown answers every request with 503.
	GatewayDown bool
	// Dead switches it off without forgetting anything: both listeners of the gateway refuse connections, those open are
	// cut, and no transaction is sent. Mended, it listens on the same ports and goes on with what the chain says.
	Dead bool
	// Delay comes before every answer of the gateway, by the machine's clock; on a websocket, before the first only.
	Delay time.Duration
	// Reset is thrown for every request to the gateway, over REST and gRPC; when it hits, the request is not looked at
	// and its connection is reset. nil never does.
	Reset *odds.Dice
	// ExpiredTokens is how many of the next good tokens are refused as if they had expired; -1 refuses all.
	ExpiredTokens int
	// Certificate is shown by the gateway in place of its own, on both listeners; nil shows its own. A change cuts the
	// connections that are open.
	Certificate *Identity
	// CutSocketsAfter cuts every new websocket in the middle of a frame after so many messages; 0 cuts none.
	CutSocketsAfter int
	// IngressStatus is the HTTP status that [AkashProvider.Ingress] answers for a ready service; 0 is 200.
	IngressStatus int
	// FailShells is how many of the next shells end with the failure marker instead of a result; -1 fails all.
	FailShells int
	// Attestation is one of [AttestationFaults]: how quotes are wrong; "" leaves them right.
	Attestation string
	// CloseLeases makes it close each lease one block after it has seen it.
	CloseLeases bool
	// IgnoreManifestTimeout leaves a lease without manifest open for ever, as the observed daemon did.
	IgnoreManifestTimeout bool
}

// take uses up one of a counted fault: -1 never runs out.
func take(counter *int) bool {
	switch {
	case *counter == 0:
		return false
	case *counter > 0:
		*counter--
	}
	return true
}

// Faults gives the faults in force; counted ones are what is left of them.
func (p *AkashProvider) Faults() Faults {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults
}

// SetFaults replaces the faults in force.
func (p *AkashProvider) SetFaults(f Faults) { p.EditFaults(func(now *Faults) { *now = f }) }

// EditFaults changes the faults in force; edit must not call the Akash provider. It returns what they were changed to.
func (p *AkashProvider) EditFaults(edit func(f *Faults)) Faults {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.faults
	edit(&p.faults)
	p.minds(before)
	return p.faults
}

// minds brings the doors in line with faults that were changed; the caller holds the lock.
func (p *AkashProvider) minds(before Faults) {
	for _, d := range p.doors {
		switch {
		case p.faults.Dead:
			d.Shut()
		case !d.IsOpen():
			if err := d.Open(); err != nil {
				p.log.Warn("somebody has the gateway's port, trying again", "error", err)
			}
		case before.Certificate != p.faults.Certificate:
			d.Cut()
		}
	}
}

// Alive tells whether the gateway lets connections in. It lags behind the end of [Faults.Dead] only where another
// process has taken a port meanwhile.
func (p *AkashProvider) Alive() bool {
	for _, d := range p.doors {
		if !d.IsOpen() {
			return false
		}
	}
	return true
}

// hinder is what faults do to a request before anybody looks at it: they delay it, or break off its connection, which
// is the one that a door has let in from an address. false is that there is nobody to answer.
func (p *AkashProvider) hinder(ctx context.Context, through int, remoteAddr string) bool {
	faults := p.Faults()
	if faults.Delay > 0 {
		timer := time.NewTimer(faults.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return false
		}
	}
	if faults.Reset.Next() {
		p.doors[through].Reset(remoteAddr)
		return false
	}
	return true
}

// The doors by number.
const (
	restDoor = iota
	grpcDoor
)

// shownCertificate is what the gateway shows.
func (p *AkashProvider) shownCertificate() tls.Certificate {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults.Certificate != nil {
		return p.faults.Certificate.certificate
	}
	return p.own.certificate
}
