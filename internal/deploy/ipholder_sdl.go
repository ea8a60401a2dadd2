// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// IPHolderPort is the TCP port on which a holder keeps its address: the highest nobody else is likely to want. A port
// of an address belongs to one lease, so this one must stay the holder's.
const IPHolderPort = 65535

// holderGroup is the name of a holder's group, where the endpoint's name follows from the dseq; one that was given
// stands behind it. So both can be read from the chain.
const holderGroup = "ip-endpoint"

// holderService is the name of a holder's only service.
const holderService = "holder"

// holderSDL is what a holder runs: a container that sleeps. Resources, count and endpoint are fixed on chain when a
// holder is created, and the manifest has to agree with them, so this text must stay as it is for as long as there are
// holders. The price is not in the manifest.
const holderSDL = `version: "2.1"
endpoints:
  %[1]s: {kind: ip}
services:
  holder:
    image: registry.k8s.io/pause:3.10
    expose: [{port: %[4]d, as: %[4]d, to: [{global: true, ip: %[1]s}]}]
profiles:
  compute:
    holder: {resources: {cpu: {units: 100m}, memory: {size: 64Mi}, storage: [{size: 128Mi}]}}
  placement:
    %[2]s: {pricing: {holder: {denom: uact, amount: %[3]s}}}
deployment:
  holder:
    %[2]s: {profile: holder, count: 1}
`

// holderDocument is the SDL of a holder. given is the endpoint's name as configured, "" for the one that follows from
// the dseq; most is the highest price that bids on it may have.
func holderDocument(given string, dseq uint64, most coin.PerBlock) (*sdl.Document, error) {
	group := holderGroup
	if given != "" {
		group += "-" + given
	}
	name := HolderName(group, dseq)
	doc, problems := sdl.Parse(fmt.Appendf(nil, holderSDL, name, group, coin.Trim(most.Amount), IPHolderPort))
	if doc == nil {
		return nil, fmt.Errorf("the holder of endpoint %q cannot be written: %w", name, problems.Err())
	}
	return doc, nil
}

// HolderName is the endpoint name that a holder has, by its group's name and its dseq; "" when it is no holder.
func HolderName(group string, dseq uint64) string {
	if group == holderGroup {
		return "ip-" + strconv.FormatUint(dseq, 10)
	}
	name, _ := strings.CutPrefix(group, holderGroup+"-")
	if name == group {
		return ""
	}
	return name
}

// HolderGroup is a holder's only group.
func HolderGroup(id ids.DeploymentID) ids.GroupID { return id.Group(1) }
