// SPDX-License-Identifier: Apache-2.0

// Package cert keeps the certificates that accounts publish for TLS between
// tenants and Akash providers: publish, revoke, list.
//
// A serial is used once per owner, for ever; expiry is for whoever uses a certificate to check.
// Source: protocol/lifecycle.md section 9.
package cert

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"

	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"google.golang.org/grpc/codes"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/chainerr"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
)

// ModuleName names the module and its store.
const ModuleName = "cert"

// PEM block types the chain accepts.
const (
	blockCertificate = "CERTIFICATE"
	blockPublicKey   = "EC PUBLIC KEY"
)

// Errors of the codespace "cert". Source: protocol/messages.md section 14.
var (
	ErrNotFound           = chainerr.New(ModuleName, 1, codes.NotFound, "certificate not found")
	ErrExists             = chainerr.New(ModuleName, 3, codes.AlreadyExists, "certificate exists")
	ErrAlreadyRevoked     = chainerr.New(ModuleName, 4, codes.FailedPrecondition, "certificate already revoked")
	ErrInvalidSerial      = chainerr.New(ModuleName, 5, codes.InvalidArgument, "invalid serial number")
	ErrInvalidCertificate = chainerr.New(ModuleName, 6, codes.InvalidArgument, "invalid certificate value")
	ErrInvalidPubkey      = chainerr.New(ModuleName, 7, codes.InvalidArgument, "invalid pubkey value")
)

// Keeper is the module's state.
type Keeper struct {
	certs table.Table[certv1.GenesisCertificate, *certv1.GenesisCertificate]
}

// NewKeeper makes a keeper on its store.
func NewKeeper(store storetypes.StoreKey) *Keeper {
	return &Keeper{
		certs: table.New[certv1.GenesisCertificate](store, 1, table.Def[certv1.GenesisCertificate]{
			Primary: func(c *certv1.GenesisCertificate) table.Key {
				serial, err := serialOf(c.Certificate)
				if err != nil {
					serial = new(big.Int) // never stored: Publish parsed it before
				}
				return key(c.Owner, serial)
			},
			State: func(c *certv1.GenesisCertificate) int32 { return int32(c.Certificate.State) },
		}),
	}
}

// key orders certificates by the owner's bytes and then by serial, shorter ones first, as the network does.
func key(owner string, serial *big.Int) table.Key {
	addr, err := stateless.Address(owner)
	if err != nil {
		addr = []byte(owner) // no address has such a key
	}
	return append(table.Key(lengthPrefixed(addr)), lengthPrefixed(serial.Bytes())...)
}

func lengthPrefixed(bz []byte) []byte { return append([]byte{byte(len(bz))}, bz...) } //nolint:gosec // short

func serialOf(c certv1.Certificate) (*big.Int, error) {
	block, _ := pem.Decode(c.Cert)
	if block == nil {
		return nil, ErrInvalidCertificate
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, err
	}
	return parsed.SerialNumber, nil
}

// Publish stores a certificate as valid after checking that it is owner's own.
func (k *Keeper) Publish(ctx sdk.Context, owner string, certPEM, pubPEM []byte) error {
	parsed, err := verify(owner, certPEM, pubPEM)
	if err != nil {
		return err
	}
	if _, ok := k.certs.Get(ctx, key(owner, parsed.SerialNumber)); ok {
		return ErrExists
	}
	k.certs.Set(ctx, certv1.GenesisCertificate{
		Owner:       owner,
		Certificate: certv1.Certificate{State: certv1.State_valid, Cert: certPEM, Pubkey: pubPEM},
	})
	return nil
}

// Revoke marks a certificate revoked.
func (k *Keeper) Revoke(ctx sdk.Context, owner string, serial *big.Int) error {
	c, ok := k.certs.Get(ctx, key(owner, serial))
	if !ok {
		return ErrNotFound
	}
	if c.Certificate.State == certv1.State_revoked {
		return ErrAlreadyRevoked
	}
	c.Certificate.State = certv1.State_revoked
	k.certs.Set(ctx, c)
	return nil
}

// verify parses both PEM blocks; the public key must be ECDSA and have signed the
// certificate, which must name owner as its subject. Details are wrapped so that the code gets lost, as on the network.
func verify(owner string, certPEM, pubPEM []byte) (*x509.Certificate, error) {
	pub, err := publicKey(pubPEM)
	if err != nil {
		return nil, err
	}
	block, rest := pem.Decode(certPEM)
	if block == nil || len(rest) > 0 {
		return nil, ErrInvalidCertificate
	}
	if block.Type != blockCertificate {
		return nil, fmt.Errorf("%w: invalid pem block type", ErrInvalidCertificate)
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(parsed.RawTBSCertificate)
	if !ecdsa.VerifyASN1(pub, digest[:], parsed.Signature) {
		return nil, fmt.Errorf("%w: invalid certificate signature", ErrInvalidCertificate)
	}
	subject, err := stateless.Address(parsed.Subject.CommonName)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalidCertificate, err)
	}
	if subject.String() != owner {
		return nil, fmt.Errorf("%w: CommonName does not match owner", ErrInvalidCertificate)
	}
	return parsed, nil
}

func publicKey(text []byte) (*ecdsa.PublicKey, error) {
	block, rest := pem.Decode(text)
	if block == nil || len(rest) > 0 {
		return nil, ErrInvalidPubkey
	}
	if block.Type != blockPublicKey {
		return nil, fmt.Errorf("%w: invalid pem block type", ErrInvalidPubkey)
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalidPubkey, err)
	}
	pub, ok := parsed.(*ecdsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("%w: invalid public key type", ErrInvalidPubkey)
	}
	return pub, nil
}
