// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	errorsmod "cosmossdk.io/errors"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// hashSize is the length of a manifest hash in bytes (SHA-256).
const hashSize = 32

// ValidateBasic checks a message of this module without state; messages of other
// modules pass.
func ValidateBasic(msg sdk.Msg) error {
	switch m := msg.(type) {
	case *deploymentv1beta4.MsgCreateDeployment:
		return validateCreate(m)
	case *deploymentv1beta4.MsgUpdateDeployment:
		if err := stateless.DeploymentID(m.ID); err != nil {
			return err
		}
		return validateHash(m.Hash)
	case *deploymentv1beta4.MsgCloseDeployment:
		return stateless.DeploymentID(m.ID)
	case *deploymentv1beta4.MsgCloseGroup:
		return stateless.GroupID(m.ID)
	case *deploymentv1beta4.MsgPauseGroup:
		return stateless.GroupID(m.ID)
	case *deploymentv1beta4.MsgStartGroup:
		return stateless.GroupID(m.ID)
	default:
		return nil
	}
}

func validateCreate(m *deploymentv1beta4.MsgCreateDeployment) error {
	if err := stateless.DeploymentID(m.ID); err != nil {
		return err
	}
	if err := stateless.Deposit(m.Deposit); err != nil {
		return err
	}
	if len(m.Groups) == 0 {
		return ErrInvalidGroups
	}
	if err := validateHash(m.Hash); err != nil {
		return err
	}
	if m.Reclamation != nil && m.Reclamation.MinWindow < 0 {
		return errorsmod.Wrap(ErrInvalidReclamation, "min_window must be >= 0")
	}
	for i := range m.Groups {
		if err := validateGroupSpec(&m.Groups[i]); err != nil {
			return err
		}
		if m.Deposit.Amount.IsZero() {
			continue
		}
		if denom := priceDenom(&m.Groups[i]); denom != m.Deposit.Amount.Denom {
			return errorsmod.Wrapf(ErrInvalidDeposit, "Mismatched denominations (%s != %s)", m.Deposit.Amount.Denom, denom)
		}
	}
	return nil
}

func validateHash(hash []byte) error {
	switch len(hash) {
	case 0:
		return ErrEmptyHash
	case hashSize:
		return nil
	default:
		return ErrInvalidHash
	}
}
