// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"bytes"
	"strings"
	"testing"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

func unit(m *creation) *deploymentv1beta4.ResourceUnit { return &m.Groups[0].Resources[0] }

func storageAttributes(list ...attributesv1.Attribute) func(*creation) {
	return func(m *creation) { unit(m).Resource.Storage[0].Attributes = list }
}

// What a transaction is refused for without a look at the chain's state, by the mempool's check.
func TestStatelessLimits(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	a.do(t, a.creation(a.nextDSeq()))
	dseq := a.nextDSeq()
	const seen, read = "observed.md 7b", "lifecycle.md 2.1"
	early := func(fact, what, codespace string, code uint32, text string, change func(*creation)) refusal {
		return refusal{fact, what, a.creation(dseq, change), wallet.Options{Gas: 300_000}, codespace, code, text, true}
	}
	gigabytes := func(n int64) resourcesv1beta4.ResourceValue { return quantity(n << 30) }
	a.refuses(t,
		early(seen, "sequence 0", "sdk", 3, "DeploymentID: Invalid Deployment Sequence: invalid sequence",
			func(m *creation) { m.ID.DSeq = 0 }),
		early(seen, "no groups", "deployment", 7, "Invalid groups", func(m *creation) { m.Groups = nil }),
		early(seen, "no hash", "deployment", 9, "Invalid: empty hash", func(m *creation) { m.Hash = nil }),
		early(seen, "a hash too short", "deployment", 10, "Invalid: deployment hash",
			func(m *creation) { m.Hash = bytes.Repeat([]byte{1}, 31) }),
		early(seen, "a hash too long", "deployment", 10, "Invalid: deployment hash",
			func(m *creation) { m.Hash = bytes.Repeat([]byte{1}, 33) }),
		early(seen, "no sources of the deposit", "akash", 4, "empty deposit sources: invalid deposit source",
			func(m *creation) { m.Deposit.Sources = nil }),
		early("messages.md 1", "a source twice", "akash", 4, "invalid deposit source", func(m *creation) {
			m.Deposit.Sources = []depositv1.Source{depositv1.Source_balance, depositv1.Source_balance}
		}),
		early("messages.md 1", "no such source", "akash", 4, "invalid deposit source", func(m *creation) {
			m.Deposit.Sources = []depositv1.Source{depositv1.Source_invalid}
		}),
		early(read, "price and deposit of two denominations", "", 0, "Mismatched denominations",
			func(m *creation) { unit(m).Price = sdk.NewInt64DecCoin(coin.UAKT, 1) }),
		early(seen, "resource id 0", "undefined", 1, "error: invalid resources ID (> 0 fails)",
			func(m *creation) { unit(m).Resource.ID = 0 }),
		early(seen, "hardly any cpu", "undefined", 1, "error: invalid unit CPU (384000 > 1 > 384000 fails)",
			func(m *creation) { unit(m).Resource.CPU.Units = quantity(1) }),
		early(read, "cpu just below", "undefined", 1, "error: invalid unit CPU (384000 > 9 > 384000 fails)",
			func(m *creation) { unit(m).Resource.CPU.Units = quantity(9) }),
		early(read, "cpu just above", "undefined", 1, "error: invalid unit CPU (384000 > 384001 > 384000 fails)",
			func(m *creation) { unit(m).Resource.CPU.Units = quantity(384_001) }),
		early(read, "no cpu", "undefined", 1, "invalid unit CPU", func(m *creation) { unit(m).Resource.CPU = nil }),
		early(seen, "no gpu, not even 0", "undefined", 1, "error: invalid unit GPU, cannot be nil",
			func(m *creation) { unit(m).Resource.GPU = nil }),
		early(read, "gpu just above", "undefined", 1, "invalid unit GPU",
			func(m *creation) { unit(m).Resource.GPU.Units = quantity(25) }),
		early(read, "gpu attributes without a gpu", "undefined", 1, "", func(m *creation) {
			unit(m).Resource.GPU.Attributes = []attributesv1.Attribute{{Key: "vendor/nvidia/model/*", Value: "true"}}
		}),
		early(read, "memory just below", "undefined", 1, "invalid unit memory",
			func(m *creation) { unit(m).Resource.Memory.Quantity = quantity(1<<20 - 1) }),
		early(read, "memory just above", "undefined", 1, "invalid unit memory",
			func(m *creation) { unit(m).Resource.Memory.Quantity = quantity(2<<40 + 1) }),
		early(read, "no memory", "undefined", 1, "invalid unit memory",
			func(m *creation) { unit(m).Resource.Memory = nil }),
		early(read, "storage just below", "undefined", 1, "invalid unit storage",
			func(m *creation) { unit(m).Resource.Storage[0].Quantity = quantity(5<<20 - 1) }),
		early(read, "storage just above", "undefined", 1, "invalid unit storage",
			func(m *creation) { unit(m).Resource.Storage[0].Quantity = quantity(32<<40 + 1) }),
		early(read, "a price above 10 uact a block, in millions", "undefined", 1, "invalid unit price",
			func(m *creation) { unit(m).Price = sdk.NewInt64DecCoin(coin.UACT, 10_000_001) }),
		early(read, "no replicas at all", "undefined", 1, "", func(m *creation) { unit(m).Count = 0 }),
		early(read, "more cpu together than fifty of the largest", "undefined", 1, "", func(m *creation) {
			unit(m).Resource.CPU.Units, unit(m).Count = quantity(384_000), 51
		}),
		early(read, "more memory together than fifty of the largest", "undefined", 1, "", func(m *creation) {
			unit(m).Resource.Memory.Quantity, unit(m).Count = gigabytes(2048), 51
		}),
		early("messages.md 14", "an attribute's key that is none", "", 0, "attribute key does not match regexp",
			storageAttributes(attributesv1.Attribute{Key: "9", Value: "x"})),
		early("messages.md 14", "an attribute's key twice", "", 0, "attributes cannot have duplicate keys",
			storageAttributes(attributesv1.Attribute{Key: "class", Value: "a"},
				attributesv1.Attribute{Key: "class", Value: "b"})),
	)
	a.refuses(t, refusal{
		seen, "an update with a hash too short", a.update(dseq, []byte("short")),
		wallet.Options{Gas: 300_000},
		"deployment", 10, "Invalid: deployment hash", true,
	})
}

// What lies on the limits is good.
func TestLimitsThemselves(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	for what, change := range map[string]func(*creation){
		"least resources": func(m *creation) {
			r := &unit(m).Resource
			r.CPU.Units, r.Memory.Quantity, r.Storage[0].Quantity = quantity(10), quantity(1<<20), quantity(5<<20)
		},
		"most resources": func(m *creation) {
			r := &unit(m).Resource
			r.CPU.Units, r.Memory.Quantity, r.Storage[0].Quantity = quantity(384_000), quantity(2<<40), quantity(32<<40)
			r.GPU.Units = quantity(24)
			unit(m).Count = 50
		},
		"no endpoints":          func(m *creation) { unit(m).Resource.Endpoints = nil },
		"highest price":         func(m *creation) { unit(m).Price = sdk.NewInt64DecCoin(coin.UACT, 10_000_000) },
		"price of 0":            func(m *creation) { unit(m).Price.Amount = math.LegacyZeroDec() },
		"more than 50 replicas": func(m *creation) { unit(m).Count = 60 },
		"21 groups": func(m *creation) {
			for i := range 20 {
				m.Groups = append(m.Groups, a.group(strings.Repeat("g", i+1)))
			}
		},
	} {
		fact := "lifecycle.md 2.1"
		if what == "no endpoints" {
			fact = "observed.md 7b"
		}
		check(t, fact, "accepted: "+what, func(t *testing.T) { a.do(t, a.creation(a.nextDSeq(), change)) })
	}
	check(t, "lifecycle.md 2.1", "refused: two groups of a name", func(t *testing.T) {
		res := a.try(t, wallet.Options{}, a.creation(a.nextDSeq(), func(m *creation) {
			m.Groups = append(m.Groups, m.Groups[0])
		}))
		require.Equal(t, "deployment", res.Codespace, res.RawLog)
		require.Contains(t, res.RawLog, "duplicate group name")
	})
	check(t, "lifecycle.md 2.1", "refused: two resources of an id", func(t *testing.T) {
		res := a.try(t, wallet.Options{}, a.creation(a.nextDSeq(), func(m *creation) {
			m.Groups[0].Resources = append(m.Groups[0].Resources, *unit(m))
		}))
		require.NotZero(t, res.Code)
	})
}
