// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"cosmossdk.io/math"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// minted: the exchange worked off one record of the owner, which has what the client says.
func (w *witness) minted(ctx context.Context, s statement) error {
	res, err := bmev1.NewQueryClient(w.network.Conn()).LedgerRecords(ctx, &bmev1.QueryLedgerRecordsRequest{
		Filters: bmev1.LedgerRecordFilters{Source: w.owner, Status: "ledger_record_status_executed"},
	})
	if err != nil {
		return err
	}
	if len(res.Records) != 1 || res.Records[0].GetExecutedRecord().GetRemintCreditAccrued() == nil {
		return fmt.Errorf("%d executed records with a credit, want one", len(res.Records))
	}
	credit := res.Records[0].GetExecutedRecord().RemintCreditAccrued.Coin
	return errors.Join(
		differs("taken", credit.String(), s.Burnt+coin.UAKT),
		w.holds(ctx, s.UACT),
	)
}

// leased: the lease is active at the price, no bid is open any more, the deployment has the hash.
func (w *witness) leased(ctx context.Context, s statement) error {
	lease, payment, err := w.lease(ctx, s)
	if err != nil {
		return err
	}
	price, err := math.LegacyNewDecFromStr(s.Price)
	if err != nil {
		return fmt.Errorf("price: %w", err)
	}
	open, err := marketv1beta5.NewQueryClient(w.network.Conn()).Bids(ctx, &marketv1beta5.QueryBidsRequest{
		Filters: marketv1beta5.BidFilters{Owner: w.owner, DSeq: s.DSeq, State: "open"},
	})
	if err != nil {
		return err
	}
	deployed, err := w.deployment(ctx, s)
	if err != nil {
		return err
	}
	return errors.Join(
		differs("lease", lease.State, marketv1.Lease_active),
		differs("price", lease.Price.String(), price.String()+coin.UACT),
		differs("payment", payment.State.State, escrowtypes.State_open),
		differs("open bids", len(open.Bids), 0),
		differs("hash", hex.EncodeToString(deployed.Deployment.Hash), s.Hash),
	)
}

// running: the Akash provider runs what was sent.
func (w *witness) running(s statement) error {
	seller, err := w.seller(s.Provider)
	if err != nil {
		return err
	}
	services, ok := seller.Deployed(w.leaseID(s))
	if !ok {
		return errors.New("nothing runs")
	}
	var images []string
	found := false
	for _, service := range services {
		images = append(images, service.Image)
		found = found || slices.Contains(service.Env, s.Env)
	}
	return errors.Join(
		differs("images", fmt.Sprint(images), fmt.Sprint(s.Images)),
		differs("a service with the variable", found, true),
	)
}

// closed: nothing of the deployment is left anywhere but its record, and the Akash provider has what was spent.
func (w *witness) closed(ctx context.Context, s statement) error {
	lease, payment, err := w.lease(ctx, s)
	if err != nil {
		return err
	}
	deployed, err := w.deployment(ctx, s)
	if err != nil {
		return err
	}
	left := math.LegacyZeroDec()
	for _, funds := range deployed.EscrowAccount.State.Funds {
		left = left.Add(funds.Amount)
	}
	return errors.Join(
		differs("deployment", deployed.Deployment.State, deploymentv1.Deployment_closed),
		differs("lease", lease.State, marketv1.Lease_closed),
		differs("escrow account", deployed.EscrowAccount.State.State, escrowtypes.State_closed),
		differs("payment", payment.State.State, escrowtypes.State_closed),
		differs("withdrawn", payment.State.Withdrawn.Amount.String(), s.Spent),
		differs("left in escrow", left.IsZero(), true),
		w.holds(ctx, s.UACT),
		w.forgotten(ctx, s),
	)
}

// forgotten waits until the Akash provider has seen that a lease is over.
func (w *witness) forgotten(ctx context.Context, s statement) error {
	const blocks = 20
	seller, err := w.seller(s.Provider)
	if err != nil {
		return err
	}
	for range blocks {
		if !slices.Contains(seller.Leases(), w.leaseID(s)) {
			return nil
		}
		if err := w.network.WaitHeight(ctx, w.network.Height()+1); err != nil {
			return err
		}
	}
	return fmt.Errorf("the Akash provider still serves the lease %d blocks later", blocks)
}

func (w *witness) leaseID(s statement) ids.LeaseID {
	return ids.LeaseID{Owner: w.owner, DSeq: s.DSeq, GSeq: 1, OSeq: 1, ProviderAddr: s.Provider}
}

func (w *witness) lease(ctx context.Context, s statement) (marketv1.Lease, escrowtypes.Payment, error) {
	res, err := marketv1beta5.NewQueryClient(w.network.Conn()).Lease(ctx, &marketv1beta5.QueryLeaseRequest{
		ID: marketv1.LeaseID{Owner: w.owner, DSeq: s.DSeq, GSeq: 1, OSeq: 1, Provider: s.Provider},
	})
	if err != nil {
		return marketv1.Lease{}, escrowtypes.Payment{}, err
	}
	return res.Lease, res.EscrowPayment, nil
}

func (w *witness) deployment(ctx context.Context, s statement) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	return deploymentv1beta4.NewQueryClient(w.network.Conn()).Deployment(ctx, &deploymentv1beta4.QueryDeploymentRequest{
		ID: deploymentv1.DeploymentID{Owner: w.owner, DSeq: s.DSeq},
	})
}

// holds compares the owner's ACT.
func (w *witness) holds(ctx context.Context, uact string) error {
	res, err := banktypes.NewQueryClient(w.network.Conn()).Balance(ctx, &banktypes.QueryBalanceRequest{
		Address: w.owner, Denom: coin.UACT,
	})
	if err != nil {
		return err
	}
	return differs("uact of the owner", res.Balance.Amount.String(), uact)
}

func (w *witness) seller(address string) (*akashprovider.AkashProvider, error) {
	for _, p := range w.network.AkashProviders() {
		if p.Address() == address {
			return p, nil
		}
	}
	return nil, fmt.Errorf("no Akash provider has the address %s", address)
}
