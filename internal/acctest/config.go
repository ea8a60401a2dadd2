// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"cmp"
	"fmt"
	"strings"
)

// Web is a small SDL that every Akash provider of a plain devnet bids on. Its zero value is complete; each field is
// something a test changes.
type Web struct {
	// Env lists variables as NAME=value; nil is GREETING=hello.
	Env []string
	// CPU is the units of a replica; "" is 100m.
	CPU string
	// Count is the number of replicas; 0 is 1.
	Count int
	// Volume is the size of a persistent volume on an SSD, which the cheapest and the middle Akash provider of a plain
	// devnet have; "" is none.
	Volume string
	// Hosts are the host names that it accepts besides a generated one.
	Hosts []string
	// Image is what runs; "" is nginx:1.29.3.
	Image string
	// TEE is params.tee; "" is none.
	TEE string
	// Groups are the placements the service is spread over; nil is dcloud.
	Groups []string
}

// SDL is the text.
func (w Web) SDL() string {
	env, groups := w.Env, w.Groups
	if env == nil {
		env = []string{"GREETING=hello"}
	}
	if groups == nil {
		groups = []string{"dcloud"}
	}
	var placement, deployment strings.Builder
	for _, g := range groups {
		fmt.Fprintf(&placement, "    %s: {pricing: {web: {denom: uact, amount: 1000}}}\n", g)
		fmt.Fprintf(&deployment, "    %s: {profile: web, count: %d}\n", g, cmp.Or(w.Count, 1))
	}
	var mount, volume, accept string
	var params []string
	if w.TEE != "" {
		params = append(params, "tee: "+w.TEE)
	}
	if w.Volume != "" {
		params = append(params, "storage: {data: {mount: /data}}")
		volume = fmt.Sprintf(", {name: data, size: %s, attributes: {persistent: true, class: beta2}}", w.Volume)
	}
	if len(params) > 0 {
		mount = fmt.Sprintf("    params: {%s}\n", strings.Join(params, ", "))
	}
	if len(w.Hosts) > 0 {
		accept = fmt.Sprintf("        accept: [%s]\n", strings.Join(w.Hosts, ", "))
	}
	return fmt.Sprintf(`version: "2.0"
services:
  web:
    image: %s
    env: [%s]
%s    expose:
      - port: 80
        as: 80
%s        to: [{global: true}]
profiles:
  compute:
    web: {resources: {cpu: {units: %s}, memory: {size: 64Mi}, storage: [{size: 128Mi}%s]}}
  placement:
%sdeployment:
  web:
%s`, cmp.Or(w.Image, "nginx:1.29.3"), strings.Join(env, ", "), mount, accept, cmp.Or(w.CPU, "100m"), volume,
		placement.String(), deployment.String())
}

// Deployment is an akash_deployment of an SDL; lines are put into the block.
func Deployment(name, sdl string, lines ...string) string {
	return fmt.Sprintf("resource \"akash_deployment\" %q {\n  sdl = %s%s\n}\n",
		name, Indent(sdl), strings.Join(lines, "\n"))
}

// Lease is an akash_lease of the same name for group dcloud of a deployment; lines are put into the block.
func Lease(name string, lines ...string) string { return LeaseOf(name, name, "dcloud", lines...) }

// LeaseOf is an akash_lease for a group of a deployment; lines are put into the block.
func LeaseOf(name, deployment, group string, lines ...string) string {
	return fmt.Sprintf("resource \"akash_lease\" %q {\n  group = akash_deployment.%s.groups[%q]\n%s\n}\n",
		name, deployment, group, strings.Join(lines, "\n"))
}
