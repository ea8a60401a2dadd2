// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"bytes"
	"context"
	"fmt"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"

	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// registrationPause is how often the chain is asked for what was sent.
const registrationPause = 20 * time.Millisecond

// register brings the chain up to date with the identity and the host URI: nothing to send when genesis holds
// both; a new certificate and a new address after a restart.
func (p *AkashProvider) register(ctx context.Context) error {
	var msgs []sdk.Msg
	record, err := p.chain.record(ctx, p.identity.Address)
	if err != nil {
		return err
	}
	switch {
	case record == nil:
		msgs = append(msgs, &providerv1beta4.MsgCreateProvider{
			Owner: p.identity.Address, HostURI: p.hostURI, Attributes: p.spec.AttributeList(),
		})
	case record.HostURI != p.hostURI:
		msgs = append(msgs, &providerv1beta4.MsgUpdateProvider{
			Owner: p.identity.Address, HostURI: p.hostURI, Attributes: record.Attributes, Info: record.Info,
		})
	}
	known, err := p.chain.certificate(ctx, p.identity.Address, p.identity.Serial)
	if err != nil {
		return err
	}
	if known == nil || !bytes.Equal(known.Cert, p.identity.CertPEM) {
		msgs = append(msgs, &certv1.MsgCreateCertificate{
			Owner: p.identity.Address, Cert: p.identity.CertPEM, Pubkey: p.identity.PubKeyPEM,
		})
	}
	if len(msgs) == 0 {
		return nil
	}
	if err := p.wallet.Broadcast(ctx, msgs...); err != nil {
		return fmt.Errorf("register on chain: %w", err)
	}
	return p.awaitRegistration(ctx)
}

// awaitRegistration returns once the chain shows what was sent: a wallet may return before inclusion.
func (p *AkashProvider) awaitRegistration(ctx context.Context) error {
	tick := time.NewTicker(registrationPause)
	defer tick.Stop()
	for {
		record, err := p.chain.record(ctx, p.identity.Address)
		if err != nil {
			return err
		}
		known, err := p.chain.certificate(ctx, p.identity.Address, p.identity.Serial)
		if err != nil {
			return err
		}
		if record != nil && record.HostURI == p.hostURI && known != nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the registration to be included: %w", ctx.Err())
		case <-tick.C:
		}
	}
}
