// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"bytes"
	"fmt"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const (
	// ceiling is the most that an order offers, in uact a block.
	ceiling = 1000
	// smallDeposit is twice what the network asks for by default.
	smallDeposit = 1_000_000
	bidDeposit   = 500_000
)

func quantity(n int64) resourcesv1beta4.ResourceValue {
	return resourcesv1beta4.ResourceValue{Val: math.NewInt(n)}
}

// anybodysGroup is half a core with 512 MiB, on which any Akash provider may bid.
func anybodysGroup(name string) deploymentv1beta4.GroupSpec {
	return deploymentv1beta4.GroupSpec{
		Name: name,
		Resources: []deploymentv1beta4.ResourceUnit{{
			Resource: resourcesv1beta4.Resources{
				ID:        1,
				CPU:       &resourcesv1beta4.CPU{Units: quantity(500)},
				Memory:    &resourcesv1beta4.Memory{Quantity: quantity(512 << 20)},
				Storage:   []resourcesv1beta4.Storage{{Name: "default", Quantity: quantity(512 << 20)}},
				GPU:       &resourcesv1beta4.GPU{Units: quantity(0)},
				Endpoints: []resourcesv1beta4.Endpoint{{Kind: resourcesv1beta4.Endpoint_SHARED_HTTP}},
			},
			Count: 1, Price: sdk.NewInt64DecCoin(coin.UACT, ceiling),
		}},
	}
}

// group is one for this run's sellers alone.
func (a *actor) group(name string) deploymentv1beta4.GroupSpec {
	spec := anybodysGroup(name)
	spec.Requirements.Attributes = []attributesv1.Attribute{{Key: runKey, Value: a.pool.run}}
	return spec
}

// granted takes a deposit out of what the first account allows, and then out of the signer's own.
func granted(amount int64, denom string) depositv1.Deposit {
	return depositv1.Deposit{
		Amount:  sdk.NewInt64Coin(denom, amount),
		Sources: []depositv1.Source{depositv1.Source_grant, depositv1.Source_balance},
	}
}

// fromBalance takes a deposit out of the signer's own.
func fromBalance(amount int64, denom string) depositv1.Deposit {
	return depositv1.Deposit{
		Amount: sdk.NewInt64Coin(denom, amount), Sources: []depositv1.Source{depositv1.Source_balance},
	}
}

func hashOf(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

func (a *actor) id(dseq uint64) deploymentv1.DeploymentID {
	return deploymentv1.DeploymentID{Owner: a.addr, DSeq: dseq}
}

func (a *actor) groupID(dseq uint64, gseq uint32) deploymentv1.GroupID {
	return deploymentv1.GroupID{Owner: a.addr, DSeq: dseq, GSeq: gseq}
}

// creation is a deployment of one group that this run's sellers may bid on.
func (a *actor) creation(dseq uint64, changes ...func(*deploymentv1beta4.MsgCreateDeployment)) sdk.Msg {
	m := &deploymentv1beta4.MsgCreateDeployment{
		ID: a.id(dseq), Hash: hashOf(1), Groups: []deploymentv1beta4.GroupSpec{a.group("dcloud")},
		Deposit: granted(smallDeposit, coin.UACT),
	}
	for _, change := range changes {
		change(m)
	}
	return m
}

func (a *actor) update(dseq uint64, hash []byte) *deploymentv1beta4.MsgUpdateDeployment {
	return &deploymentv1beta4.MsgUpdateDeployment{ID: a.id(dseq), Hash: hash}
}

func (a *actor) closing(dseq uint64) *deploymentv1beta4.MsgCloseDeployment {
	return &deploymentv1beta4.MsgCloseDeployment{ID: a.id(dseq)}
}

func (a *actor) startGroup(dseq uint64) *deploymentv1beta4.MsgStartGroup {
	return &deploymentv1beta4.MsgStartGroup{ID: a.groupID(dseq, 1)}
}

func (a *actor) pauseGroup(dseq uint64) *deploymentv1beta4.MsgPauseGroup {
	return &deploymentv1beta4.MsgPauseGroup{ID: a.groupID(dseq, 1)}
}

func (a *actor) closeGroup(dseq uint64) *deploymentv1beta4.MsgCloseGroup {
	return &deploymentv1beta4.MsgCloseGroup{ID: a.groupID(dseq, 1)}
}

// xid names a deployment's escrow account.
func (a *actor) xid(dseq uint64) string { return fmt.Sprintf("%s/%d", a.addr, dseq) }

// addition deposits onto a deployment, signed by anybody.
func (a *actor) addition(signer string, dseq uint64, deposit depositv1.Deposit) *escrowv1.MsgAccountDeposit {
	return &escrowv1.MsgAccountDeposit{
		Signer: signer, ID: escrowid.Account{Scope: escrowid.Scope_deployment, XID: a.xid(dseq)}, Deposit: deposit,
	}
}

// bidFor names a bid on the first group of this tenant's deployment.
func (a *actor) bidFor(dseq uint64, oseq uint32, seller *actor) marketv1.BidID {
	return marketv1.BidID{Owner: a.addr, DSeq: dseq, GSeq: 1, OSeq: oseq, Provider: seller.addr}
}

// bid offers for a price in uact a block. The deposit is AKT of the seller's own.
func bid(id marketv1.BidID, price string, changes ...func(*marketv1beta5.MsgCreateBid)) sdk.Msg {
	m := &marketv1beta5.MsgCreateBid{
		ID: id, Price: sdk.NewDecCoinFromDec(coin.UACT, math.LegacyMustNewDecFromStr(price)),
		Deposit: fromBalance(bidDeposit, coin.UAKT),
	}
	for _, change := range changes {
		change(m)
	}
	return m
}

func lease(id marketv1.BidID) *marketv1beta5.MsgCreateLease {
	return &marketv1beta5.MsgCreateLease{BidID: id}
}

func closeLease(id marketv1.BidID) *marketv1beta5.MsgCloseLease {
	return &marketv1beta5.MsgCloseLease{ID: marketv1.LeaseID(id), Reason: marketv1.LeaseClosedReason_lease_closed_owner}
}

func closeBid(id marketv1.BidID, reason marketv1.LeaseClosedReason) *marketv1beta5.MsgCloseBid {
	return &marketv1beta5.MsgCloseBid{ID: id, Reason: reason}
}

func withdraw(id marketv1.BidID) *marketv1beta5.MsgWithdrawLease {
	return &marketv1beta5.MsgWithdrawLease{ID: marketv1.LeaseID(id)}
}
