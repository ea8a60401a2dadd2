// SPDX-License-Identifier: Apache-2.0

//go:build linux

package crash_test

import (
	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// life is what a configuration of an account goes through, over and over.
type life struct {
	name    string
	account string
	// mints says that the account has AKT only, so that every deposit is minted for.
	mints bool
	steps []step
}

// step is one apply of a life.
type step struct {
	name string
	wish wish
}

// wish is what a configuration asks for; the zero value asks for nothing.
type wish struct {
	// greeting is what the workload says; "" is a deployment without a lease.
	greeting string
	cpu      string
	uact     int64
}

// running is the life of a deployment with a lease, paid from ACT that is there.
var running = life{name: "running", account: acctest.Tenant, steps: []step{
	{"create", wish{greeting: "hello", cpu: "100m", uact: 5_000_000}},
	{"update", wish{greeting: "changed", cpu: "100m", uact: 5_000_000}},
	{"top-up", wish{greeting: "changed", cpu: "100m", uact: 7_000_000}},
	{"replace", wish{greeting: "changed", cpu: "200m", uact: 5_000_000}},
	{"destroy", wish{}},
}}

// minting is the life of a deployment whose every deposit needs ACT that is not there. Nothing else happens in it, so
// that nearly every boundary lies around the minting. Each amount is above the exchange's least, 10 ACT.
var minting = life{name: "minting", account: acctest.Poor, mints: true, steps: []step{
	{"create", wish{cpu: "100m", uact: 15_000_000}},
	{"top-up", wish{cpu: "100m", uact: 30_000_000}},
	{"destroy", wish{}},
}}

// economy has an epoch every three seconds: longer than it takes until a killed run is followed by the next one.
func (l life) economy() devnet.Economy { return devnet.Economy{EpochBlocks: 30} }

// providerBlock is what the Terraform provider is told beside the environment.
func (l life) providerBlock() string {
	if !l.mints {
		return ""
	}
	return "provider \"akash\" {\n  auto_mint = true\n}\n"
}
