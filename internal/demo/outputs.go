// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// outputs are the example's outputs.
type outputs struct {
	URI             string
	ProviderAddress string
	PricePerBlock   string
	USDPerMonth     string
	DeploymentID    string
	LeaseID         string
	Hash            string
	Bids            []bid
}

type bid struct {
	ProviderAddress string `json:"provider_address"`
	PricePerBlock   string `json:"price_per_block"`
	USDPerMonth     string `json:"usd_per_month"`
	Acceptable      bool   `json:"acceptable"`
	Reason          string `json:"reason"`
}

// value is one output of "output -json".
type value[T any] struct{ Value T }

// outputs reads them and wants each to say something.
func (s *stage) outputs(ctx context.Context) (outputs, error) {
	var found struct {
		URI             value[string] `json:"uri"`
		ProviderAddress value[string] `json:"provider_address"`
		PricePerBlock   value[string] `json:"price_per_block"`
		USDPerMonth     value[string] `json:"usd_per_month"`
		DeploymentID    value[string] `json:"deployment_id"`
		LeaseID         value[string] `json:"lease_id"`
		Hash            value[string] `json:"hash"`
		Bids            value[[]bid]  `json:"bids"`
	}
	if err := s.cli.read(ctx, &found, "output", "-json"); err != nil {
		return outputs{}, err
	}
	o := outputs{
		URI: found.URI.Value, ProviderAddress: found.ProviderAddress.Value, PricePerBlock: found.PricePerBlock.Value,
		USDPerMonth: found.USDPerMonth.Value, DeploymentID: found.DeploymentID.Value, LeaseID: found.LeaseID.Value,
		Hash: found.Hash.Value, Bids: found.Bids.Value,
	}
	for name, text := range map[string]string{
		"uri": o.URI, "provider_address": o.ProviderAddress, "price_per_block": o.PricePerBlock,
		"usd_per_month": o.USDPerMonth, "deployment_id": o.DeploymentID, "lease_id": o.LeaseID, "hash": o.Hash,
	} {
		if text == "" {
			return outputs{}, fmt.Errorf("output %q is empty", name)
		}
	}
	return o, check(
		claim(slices.ContainsFunc(o.Bids, func(b bid) bool { return b.Acceptable }), "no bid was acceptable"),
		claim(slices.ContainsFunc(o.Bids, func(b bid) bool { return strings.HasPrefix(b.Reason, "over the ceiling") }),
			"no bid was refused for its price, which the demo wants to show"),
	)
}

// show prints who runs it, for how much, and what became of every bid.
func (t *story) show(o outputs) error {
	t.say("")
	table := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	name := func(address string) string {
		if seller, err := t.seller(address); err == nil {
			return seller.Name()
		}
		return "?"
	}
	_, _ = fmt.Fprintf(table, "  URI\t%s\n", o.URI)
	_, _ = fmt.Fprintf(table, "  Akash provider\t%s (%s)\n", o.ProviderAddress, name(o.ProviderAddress))
	_, _ = fmt.Fprintf(table, "  price\t%s uact per block, %s USD per month\n", o.PricePerBlock, o.USDPerMonth)
	for i, b := range o.Bids {
		title := ""
		if i == 0 {
			title = "bids"
		}
		_, _ = fmt.Fprintf(table, "  %s\t%s: %s uact per block, %s USD per month: %s\n",
			title, name(b.ProviderAddress), b.PricePerBlock, b.USDPerMonth, b.Reason)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	t.say("(simulated Akash providers run nothing, so the URI does not answer)")
	return nil
}

// planned checks that a saved plan does one thing to the deployment and to the lease, and nothing else.
func (t *story) planned(ctx context.Context, file, action string) error {
	var plan struct {
		ResourceChanges []struct {
			Address string
			Change  struct{ Actions []string }
		} `json:"resource_changes"`
	}
	if err := t.cli.read(ctx, &plan, "show", "-json", file); err != nil {
		return err
	}
	actions := map[string]string{}
	for _, c := range plan.ResourceChanges {
		actions[c.Address] = strings.Join(c.Change.Actions, " and ")
	}
	return check(
		claim(len(actions) == 2, fmt.Sprintf("the plan has %d resources, not two", len(actions))),
		claim(actions[deploymentAddress] == action, deploymentAddress+": planned "+actions[deploymentAddress]),
		claim(actions[leaseAddress] == action, leaseAddress+": planned "+actions[leaseAddress]),
	)
}
