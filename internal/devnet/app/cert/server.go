// SPDX-License-Identifier: Apache-2.0

package cert

import (
	"context"
	"math/big"

	errorsmod "cosmossdk.io/errors"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
)

// ValidateBasic checks a message of this module without state; messages of other
// modules pass.
func ValidateBasic(msg sdk.Msg) error {
	switch m := msg.(type) {
	case *certv1.MsgCreateCertificate:
		if _, err := stateless.Address(m.Owner); err != nil {
			return errorsmod.Wrap(sdkerrors.ErrInvalidAddress, "MsgCreateCertificate: Invalid Owner Address")
		}
		_, err := verify(m.Owner, m.Cert, m.Pubkey)
		return err
	case *certv1.MsgRevokeCertificate:
		if _, err := stateless.Address(m.ID.Owner); err != nil {
			return errorsmod.Wrap(sdkerrors.ErrInvalidAddress, "MsgRevoke: Invalid Owner Address")
		}
		_, err := parseSerial(m.ID.Serial)
		return err
	default:
		return nil
	}
}

func parseSerial(text string) (*big.Int, error) {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return nil, ErrInvalidSerial
	}
	return n, nil
}

// MsgServer executes the module's messages; they emit no typed event.
type MsgServer struct{ k *Keeper }

var _ certv1.MsgServer = MsgServer{}

// NewMsgServer makes the message server.
func NewMsgServer(k *Keeper) MsgServer { return MsgServer{k: k} }

// CreateCertificate publishes a certificate.
func (s MsgServer) CreateCertificate(
	ctx context.Context, m *certv1.MsgCreateCertificate,
) (*certv1.MsgCreateCertificateResponse, error) {
	if err := s.k.Publish(sdk.UnwrapSDKContext(ctx), m.Owner, m.Cert, m.Pubkey); err != nil {
		return nil, err
	}
	return &certv1.MsgCreateCertificateResponse{}, nil
}

// RevokeCertificate revokes a certificate.
func (s MsgServer) RevokeCertificate(
	ctx context.Context, m *certv1.MsgRevokeCertificate,
) (*certv1.MsgRevokeCertificateResponse, error) {
	serial, err := parseSerial(m.ID.Serial)
	if err != nil {
		return nil, err
	}
	if err := s.k.Revoke(sdk.UnwrapSDKContext(ctx), m.ID.Owner, serial); err != nil {
		return nil, err
	}
	return &certv1.MsgRevokeCertificateResponse{}, nil
}
