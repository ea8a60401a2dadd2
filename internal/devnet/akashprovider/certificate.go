// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"fmt"
	"time"

	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
)

// Identity is the account with the certificate that is its own now, whatever a fault shows.
func (p *AkashProvider) Identity() Identity {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.own
}

// RotateCertificate publishes a new certificate of the account, shows it from then on, cuts the connections made under
// the old one, and revokes that. now is the time it is valid from. On an error the chain may have both; the old one is
// shown as long as the new one is not on chain.
func (p *AkashProvider) RotateCertificate(ctx context.Context, now time.Time) error {
	p.sending.Lock()
	defer p.sending.Unlock()
	old := p.Identity()
	fresh, err := NewIdentity(old.Address, p.hostname, now)
	if err != nil {
		return fmt.Errorf("rotate certificate of %q: %w", p.spec.Name, err)
	}
	if err := p.wallet.Broadcast(ctx, &certv1.MsgCreateCertificate{
		Owner: old.Address, Cert: fresh.CertPEM, Pubkey: fresh.PubKeyPEM,
	}); err != nil {
		return fmt.Errorf("rotate certificate of %q: publish: %w", p.spec.Name, err)
	}
	p.mu.Lock()
	p.own = fresh
	for _, d := range p.doors {
		d.Cut()
	}
	p.mu.Unlock()
	if err := p.wallet.Broadcast(ctx, &certv1.MsgRevokeCertificate{
		ID: certv1.ID{Owner: old.Address, Serial: old.Serial},
	}); err != nil {
		return fmt.Errorf("rotate certificate of %q: revoke the old one: %w", p.spec.Name, err)
	}
	return nil
}
