// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
)

// Certificate is a certificate on chain.
type Certificate struct {
	// PEM is the certificate.
	PEM string
	// Revoked is for good. What is past its end is not revoked by that.
	Revoked bool
}

// ReadCertificate reads an account's certificate by its decimal serial, or returns [chain.ErrCertificateNotFound].
func (d *Deployer) ReadCertificate(ctx context.Context, owner, serial string) (Certificate, error) {
	found, err := d.Chain.FindCertificates(ctx, owner, serial, "")
	if err != nil {
		return Certificate{}, err
	}
	for _, c := range found {
		if c.Serial == serial {
			return Certificate{
				PEM: string(c.Certificate.Cert), Revoked: c.Certificate.State == certv1.State_revoked,
			}, nil
		}
	}
	return Certificate{}, fmt.Errorf("%w: %s/%s", chain.ErrCertificateNotFound, owner, serial)
}

// PublishCertificate puts a certificate of the owner on chain and revokes the one of serial replaced, if that is not
// "", in one transaction: at every moment exactly one of the two holds. That the other is revoked already is no error.
func (d *Deployer) PublishCertificate(ctx context.Context, made *keys.ClientCertificate, replaced string) error {
	doing := fmt.Sprintf("Publishing certificate %s", made)
	exists := "No certificate was published."
	if replaced != "" {
		doing += fmt.Sprintf(" in place of %s/%s", d.Owner, replaced)
		exists = fmt.Sprintf("Nothing was changed: certificate %s/%s is as it was.", d.Owner, replaced)
	}
	publish := &certv1.MsgCreateCertificate{
		Owner: d.Owner, Cert: []byte(made.CertificatePEM), Pubkey: []byte(made.PublicKeyPEM),
	}
	messages := []sdk.Msg{publish}
	if replaced != "" {
		messages = append(messages, &certv1.MsgRevokeCertificate{ID: certv1.ID{Owner: d.Owner, Serial: replaced}})
	}
	_, err := d.submit(ctx, messages...)
	if replaced != "" && alreadyRevoked(err) { // all or nothing: the new one was not published either
		_, err = d.submit(ctx, publish)
	}
	if err == nil {
		return nil
	}
	var unknown *tx.UnknownOutcomeError
	if errors.As(err, &unknown) {
		exists = fmt.Sprintf("Certificate %s may be on chain. Its private key ends with this run, so nobody can use it; "+
			"akash tx cert revoke client --serial %s revokes it. It costs nothing.", made, made.Serial)
	}
	failed := d.fail(ctx, doing, exists, err)
	if failed.Next == nextApply {
		failed.Next = "Run terraform apply again: it makes a certificate of its own."
	}
	return failed
}

// RevokeCertificate revokes an account's certificate. That it is revoked or was never there is no error.
func (d *Deployer) RevokeCertificate(ctx context.Context, owner, serial string) error {
	_, err := d.submit(ctx, &certv1.MsgRevokeCertificate{ID: certv1.ID{Owner: owner, Serial: serial}})
	if err == nil || alreadyRevoked(err) {
		return nil
	}
	return d.fail(ctx, fmt.Sprintf("Revoking certificate %s/%s", owner, serial), "It costs nothing. Whoever has its "+
		"private key can go on asking gateways about this account's leases.", err).onDestroy()
}

// CertificateNeeds are of a certificate.
func CertificateNeeds() Needs {
	return Needs{Now: typesOf(&certv1.MsgCreateCertificate{}, &certv1.MsgRevokeCertificate{})}
}

func alreadyRevoked(err error) bool {
	return errors.Is(err, chain.ErrCertificateRevoked) || errors.Is(err, chain.ErrCertificateNotFound)
}
