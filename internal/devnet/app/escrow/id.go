// SPDX-License-Identifier: Apache-2.0

package escrow

import (
	"fmt"
	"strconv"
	"strings"

	errorsmod "cosmossdk.io/errors"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// DeploymentAccount is the id of a deployment's escrow account: xid "owner/dseq".
func DeploymentAccount(id deploymentv1.DeploymentID) escrowid.Account {
	return escrowid.Account{Scope: escrowid.Scope_deployment, XID: fmt.Sprintf("%s/%d", id.Owner, id.DSeq)}
}

// BidAccount is the id of a bid's escrow account: xid "owner/dseq/gseq/oseq/provider".
func BidAccount(id marketv1.BidID) escrowid.Account {
	xid := fmt.Sprintf("%s/%d/%d/%d/%s", id.Owner, id.DSeq, id.GSeq, id.OSeq, id.Provider)
	return escrowid.Account{Scope: escrowid.Scope_bid, XID: xid}
}

// LeasePayment is the id of a lease's payment: the deployment's account and xid "gseq/oseq/provider".
func LeasePayment(id marketv1.LeaseID) escrowid.Payment {
	return escrowid.Payment{
		AID: DeploymentAccount(deploymentv1.DeploymentID{Owner: id.Owner, DSeq: id.DSeq}),
		XID: fmt.Sprintf("%d/%d/%s", id.GSeq, id.OSeq, id.Provider),
	}
}

// ParseDeployment reads the deployment out of its account's id, or false for an
// account of another scope.
func ParseDeployment(id escrowid.Account) (deploymentv1.DeploymentID, bool) {
	owner, dseq, ok := strings.Cut(id.XID, "/")
	if id.Scope != escrowid.Scope_deployment || !ok {
		return deploymentv1.DeploymentID{}, false
	}
	n, err := strconv.ParseUint(dseq, 10, 64)
	if err != nil {
		return deploymentv1.DeploymentID{}, false
	}
	return deploymentv1.DeploymentID{Owner: owner, DSeq: n}, true
}

// segments of a full id text after the scope.
const (
	deploymentSegments = 2
	bidSegments        = 5
	paymentSegments    = 3
)

func validateID(id escrowid.Account) error {
	parts := strings.Split(id.XID, "/")
	want := deploymentSegments
	switch id.Scope {
	case escrowid.Scope_deployment:
	case escrowid.Scope_bid:
		want = bidSegments
	default:
		return errorsmod.Wrap(ErrInvalidID, "invalid scope")
	}
	if len(parts) != want {
		return errorsmod.Wrap(ErrInvalidID, "invalid xid format")
	}
	if _, err := stateless.Address(parts[0]); err != nil {
		return errorsmod.Wrapf(ErrInvalidID, "invalid xid/owner: %s", err)
	}
	if _, err := strconv.ParseUint(parts[1], 10, 64); err != nil {
		return errorsmod.Wrapf(ErrInvalidID, "invalid xid/dseq: %s", err)
	}
	if id.Scope != escrowid.Scope_bid {
		return nil
	}
	for i, name := range []string{"gseq", "oseq"} {
		if _, err := strconv.ParseUint(parts[2+i], 10, 32); err != nil {
			return errorsmod.Wrapf(ErrInvalidID, "invalid xid/%s: %s", name, err)
		}
	}
	if _, err := stateless.Address(parts[4]); err != nil {
		return errorsmod.Wrapf(ErrInvalidID, "invalid xid/provider: %s", err)
	}
	return nil
}

func accountKey(id escrowid.Account) table.Key {
	return table.Key(id.Scope.String() + "/" + id.XID)
}

func paymentKey(id escrowid.Payment) table.Key {
	return append(paymentPrefix(id.AID), id.XID...)
}

func paymentPrefix(id escrowid.Account) table.Key { return append(accountKey(id), '/') }
