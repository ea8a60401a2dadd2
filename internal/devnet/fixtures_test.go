// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"bytes"
	"fmt"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkquery "github.com/cosmos/cosmos-sdk/types/query"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

func quantity(n int64) resourcesv1beta4.ResourceValue {
	return resourcesv1beta4.ResourceValue{Val: math.NewInt(n)}
}

// groupSpec is the small group of the recordings: half a core, 512 MiB, at most 1000 uact a block.
func groupSpec(name string) deploymentv1beta4.GroupSpec {
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
			Count: 1, Price: sdk.NewInt64DecCoin("uact", 1000),
		}},
	}
}

func deposit(amount int64, denom string) depositv1.Deposit {
	return depositv1.Deposit{
		Amount:  sdk.NewInt64Coin(denom, amount),
		Sources: []depositv1.Source{depositv1.Source_grant, depositv1.Source_balance},
	}
}

func createDeployment(owner string, dseq uint64) *deploymentv1beta4.MsgCreateDeployment {
	return &deploymentv1beta4.MsgCreateDeployment{
		ID: deploymentv1.DeploymentID{Owner: owner, DSeq: dseq}, Hash: bytes.Repeat([]byte{1}, 32),
		Groups: []deploymentv1beta4.GroupSpec{groupSpec("dcloud")}, Deposit: deposit(5_000_000, "uact"),
	}
}

func bidID(owner string, dseq uint64, oseq uint32, seller string) marketv1.BidID {
	return marketv1.BidID{Owner: owner, DSeq: dseq, GSeq: 1, OSeq: oseq, Provider: seller}
}

func createBid(id marketv1.BidID, price string) *marketv1beta5.MsgCreateBid {
	return &marketv1beta5.MsgCreateBid{
		ID: id, Price: sdk.NewDecCoinFromDec("uact", math.LegacyMustNewDecFromStr(price)), Deposit: deposit(500_000, "uact"),
	}
}

func accountDeposit(owner string, dseq uint64, denom string, amount int64) *escrowv1.MsgAccountDeposit {
	return &escrowv1.MsgAccountDeposit{
		Signer:  owner,
		ID:      escrowid.Account{Scope: escrowid.Scope_deployment, XID: fmt.Sprintf("%s/%d", owner, dseq)},
		Deposit: deposit(amount, denom),
	}
}

// accountFunds sends uakt for fees, which also makes the account.
func accountFunds(from, to string) *banktypes.MsgSend {
	return &banktypes.MsgSend{FromAddress: from, ToAddress: to, Amount: sdk.NewCoins(sdk.NewInt64Coin("uakt", 1_000_000))}
}

func page(limit uint64, key []byte) *sdkquery.PageRequest {
	return &sdkquery.PageRequest{Limit: limit, Key: key}
}
