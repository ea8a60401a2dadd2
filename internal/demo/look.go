// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// balances are what an account has, in whole micro units.
type balances struct {
	uact, uakt math.Int
}

// balances asks the chain's REST endpoint, as anybody could.
func (s *stage) balances(ctx context.Context, address string) (balances, error) {
	b := balances{uact: math.ZeroInt(), uakt: math.ZeroInt()}
	url := s.net.REST() + "/cosmos/bank/v1beta1/balances/" + address
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return b, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return b, fmt.Errorf("ask the chain for balances: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Balances []struct{ Denom, Amount string }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode != http.StatusOK {
		return b, fmt.Errorf("ask the chain for balances: %s: %w", response.Status, err)
	}
	for _, c := range answer.Balances {
		amount, ok := math.NewIntFromString(c.Amount)
		if !ok {
			return b, fmt.Errorf("the chain says a balance is %q", c.Amount)
		}
		switch c.Denom {
		case coin.UACT:
			b.uact = amount
		case coin.UAKT:
			b.uakt = amount
		}
	}
	return b, nil
}

// onChain is a deployment as the chain has it.
type onChain struct {
	active bool
	hash   string   // 64 hex digits
	held   math.Int // uact in escrow
	paid   math.Int // uact that went from escrow to Akash providers
}

func (s *stage) deployment(ctx context.Context, text string) (onChain, error) {
	id, err := ids.ParseDeploymentID(text)
	if err != nil {
		return onChain{}, err
	}
	answer, err := deploymentv1beta4.NewQueryClient(s.net.Conn()).Deployment(ctx,
		&deploymentv1beta4.QueryDeploymentRequest{ID: deploymentv1.DeploymentID{Owner: id.Owner, DSeq: id.DSeq}})
	if err != nil {
		return onChain{}, fmt.Errorf("ask the chain for deployment %s: %w", id, err)
	}
	found := onChain{
		active: answer.Deployment.State == deploymentv1.Deployment_active,
		hash:   hex.EncodeToString(answer.Deployment.Hash),
		held:   math.ZeroInt(), paid: math.ZeroInt(),
	}
	for _, d := range answer.EscrowAccount.State.Deposits {
		found.held = found.held.Add(d.Balance.Amount.TruncateInt())
	}
	for _, t := range answer.EscrowAccount.State.Transferred {
		found.paid = found.paid.Add(t.Amount.TruncateInt())
	}
	return found, nil
}

// seller finds the simulated Akash provider with an address.
func (s *stage) seller(address string) (*akashprovider.AkashProvider, error) {
	for _, p := range s.net.AkashProviders() {
		if p.Address() == address {
			return p, nil
		}
	}
	return nil, fmt.Errorf("no Akash provider of the devnet has the address %s", address)
}

// runs reports whether the Akash provider of a lease runs a service with this variable, "NAME=value".
func (s *stage) runs(lease, service, variable string) (bool, error) {
	id, err := ids.ParseLeaseID(lease)
	if err != nil {
		return false, err
	}
	seller, err := s.seller(id.ProviderAddr)
	if err != nil {
		return false, err
	}
	services, _ := seller.Deployed(id)
	for _, running := range services {
		if running.Name != service {
			continue
		}
		for _, v := range running.Env {
			if strings.TrimSpace(v) == variable {
				return true, nil
			}
		}
	}
	return false, nil
}
