// SPDX-License-Identifier: Apache-2.0

// Package stateless checks the shared parts of Akash messages that need no
// chain state: addresses, ids, deposits and attributes, with the network's codes
// and texts. Used by the message checks of the modules below internal/devnet/app.
package stateless

import (
	"regexp"

	errorsmod "cosmossdk.io/errors"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	"google.golang.org/grpc/codes"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/chainerr"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// Errors of the codespace "akash". Source: protocol/messages.md section 14.
var (
	ErrDuplicateAttribute = chainerr.New("akash", 1, codes.InvalidArgument, "attributes cannot have duplicate keys")
	ErrAttributeKey       = chainerr.New("akash", 2, codes.InvalidArgument, "attribute key does not match regexp")
	ErrDepositor          = chainerr.New("akash", 3, codes.InvalidArgument, "invalid depositor")
	ErrDepositSource      = chainerr.New("akash", 4, codes.InvalidArgument, "invalid deposit source")
)

// attributeKey is the chain's rule for attribute keys (protocol/lifecycle.md 2.1).
var attributeKey = regexp.MustCompile(`^([a-zA-Z][\w/.\-]{1,126}[\w*]?)$`)

// wildcardFree is the same without the closing asterisk, for Akash providers.
var wildcardFree = regexp.MustCompile(`^([a-zA-Z][\w/.\-]{1,126})$`)

// Address reads a bech32 account address.
func Address(text string) (sdk.AccAddress, error) { return sdk.AccAddressFromBech32(text) }

// ForGovernance is the error of messages that only governance may send. Nobody here can sign for its account, so there
// is nothing else to answer.
func ForGovernance(signer string) error {
	authority := authtypes.NewModuleAddress(govtypes.ModuleName)
	return errorsmod.Wrapf(govtypes.ErrInvalidSigner, "invalid authority; expected %s, got %s", authority, signer)
}

// DeploymentID checks an owner address and a deployment number above zero.
func DeploymentID(id deploymentv1.DeploymentID) error {
	if _, err := Address(id.Owner); err != nil {
		return errorsmod.Wrap(sdkerrors.ErrInvalidAddress, "DeploymentID: Invalid Owner Address")
	}
	if id.DSeq == 0 {
		return errorsmod.Wrap(sdkerrors.ErrInvalidSequence, "DeploymentID: Invalid Deployment Sequence")
	}
	return nil
}

// GroupID checks the deployment part and a group number above zero.
func GroupID(id deploymentv1.GroupID) error {
	if err := DeploymentID(deploymentv1.DeploymentID{Owner: id.Owner, DSeq: id.DSeq}); err != nil {
		return errorsmod.Wrap(err, "GroupID: Invalid DeploymentID")
	}
	if id.GSeq == 0 {
		return errorsmod.Wrap(sdkerrors.ErrInvalidSequence, "GroupID: Invalid Group Sequence")
	}
	return nil
}

// OrderID checks the group part and an order number above zero.
func OrderID(id marketv1.OrderID) error {
	if err := GroupID(deploymentv1.GroupID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq}); err != nil {
		return errorsmod.Wrap(err, "OrderID: Invalid GroupID")
	}
	if id.OSeq == 0 {
		return errorsmod.Wrap(sdkerrors.ErrInvalidSequence, "OrderID: Invalid Order Sequence")
	}
	return nil
}

// BidID checks every part of a bid's id; the seller must not be the owner, and there is one bid a seller.
func BidID(id marketv1.BidID) error {
	order := marketv1.OrderID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq}
	if err := OrderID(order); err != nil {
		return errorsmod.Wrap(err, "BidID: Invalid OrderID")
	}
	if _, err := Address(id.Provider); err != nil {
		return errorsmod.Wrap(sdkerrors.ErrInvalidAddress, "BidID: Invalid Provider Address")
	}
	if id.Owner == id.Provider {
		return errorsmod.Wrap(sdkerrors.ErrConflict, "BidID: self-bid")
	}
	if id.BSeq != 0 {
		return errorsmod.Wrap(sdkerrors.ErrConflict, "BidID: invalid bseq")
	}
	return nil
}

// LeaseID is [BidID] for a lease's.
func LeaseID(id marketv1.LeaseID) error {
	if err := BidID(marketv1.BidID(id)); err != nil {
		return errorsmod.Wrap(err, "LeaseID: Invalid BidID")
	}
	return nil
}

// Deposit checks an amount, then its sources.
func Deposit(d depositv1.Deposit) error {
	if err := d.Amount.Validate(); err != nil {
		return err
	}
	return DepositSources(d.Sources)
}

// DepositSources checks that there is a source, none comes twice and each is known.
func DepositSources(sources []depositv1.Source) error {
	if len(sources) == 0 {
		return errorsmod.Wrap(ErrDepositSource, "empty deposit sources")
	}
	seen := map[depositv1.Source]bool{}
	for _, src := range sources {
		if src != depositv1.Source_balance && src != depositv1.Source_grant {
			return errorsmod.Wrapf(ErrDepositSource, "empty deposit source type %d", src)
		}
		if seen[src] {
			return errorsmod.Wrapf(ErrDepositSource, "duplicate deposit source type %d", src)
		}
		seen[src] = true
	}
	return nil
}

// Attributes checks keys and that none comes twice.
func Attributes(attrs []attributesv1.Attribute) error { return attributes(attrs, attributeKey) }

// ProviderAttributes is [Attributes] without wildcards.
func ProviderAttributes(attrs []attributesv1.Attribute) error { return attributes(attrs, wildcardFree) }

func attributes(attrs []attributesv1.Attribute, key *regexp.Regexp) error {
	seen := map[string]bool{}
	for _, a := range attrs {
		if !key.MatchString(a.Key) {
			return ErrAttributeKey
		}
		if seen[a.Key] {
			return ErrDuplicateAttribute
		}
		seen[a.Key] = true
	}
	return nil
}
