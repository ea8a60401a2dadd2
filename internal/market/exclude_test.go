// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// TestJudge_excludes names the first constraint that each Akash provider fails.
func TestJudge_excludes(t *testing.T) {
	t.Parallel()
	h100 := market.GPU{Vendor: "nvidia", Model: "h100", RAM: "80Gi", Interface: "SXM5"}
	a100 := market.GPU{Vendor: "nvidia", Model: "a100", RAM: "80Gi", Interface: "PCIe"}
	const h100Key, a100Key = "vendor/nvidia/model/h100", "vendor/nvidia/model/a100"
	for name, test := range map[string]struct {
		group     deploymentv1beta4.GroupSpec
		candidate market.Candidate
		policy    market.Policy
		notice    time.Duration
		want      string
	}{
		"fits":                    {group: asks(1), candidate: has("a")},
		"replicas fill a machine": {group: asks(4), candidate: has("a")},
		"a replica too many":      {group: asks(5), candidate: has("a"), want: "no room for all 5 replicas"},
		"denied": {
			group: asks(1), candidate: has("a"), policy: market.Policy{Deny: []string{"a"}},
			want: "on the deny list",
		},
		"silent": {group: asks(1), candidate: has("a", silent), want: market.SilentText},
		"attribute": {
			group: asks(1, wantsAttributes("region", "eu")), candidate: has("a", declares("region", "us")),
			want: "no attribute region = eu",
		},
		"confidential computing of another kind": {
			group: asks(1, wantsAttributes("tee/type", "cpu")), candidate: has("a", declares("tee/type", "cpu-gpu")),
			want: "no confidential computing (tee: cpu), tee: cpu-gpu instead",
		},
		"attribute declared": {
			group:     asks(1, wantsAttributes("region", "eu")),
			candidate: has("a", declares("region", "eu")),
		},
		"glob does not cross slash": {
			group: asks(1, wantsAttributes("a/*", "x")), candidate: has("a", declares("a/b/c", "x")),
			want: "no attribute a/* = x",
		},
		"no such GPU declared": {
			group: asks(1, wantsGPU(1, h100Key)), candidate: has("a", hasGPUs(1, a100)),
			want: "no GPU h100",
		},
		"one of two models": {
			group:     asks(1, wantsGPU(1, h100Key, a100Key)),
			candidate: has("a", hasGPUs(1, a100)),
		},
		"GPUs without a model": {
			group: asks(1, wantsGPU(1, h100Key)), candidate: has("a", hasGPUs(2, h100), unnamed),
		},
		"too few GPUs without a model": {
			group: asks(1, wantsGPU(3, h100Key)), candidate: has("a", hasGPUs(2, h100), unnamed),
			want: "no machine with 3 such GPUs free",
		},
		"RAM not declared": {
			group: asks(1, wantsGPU(1, h100Key+"/ram/94Gi")), candidate: has("a", hasGPUs(1, h100)),
			want: "no GPU h100 94Gi",
		},
		"GPUs taken": {
			group: asks(1, wantsGPU(2, h100Key)), candidate: has("a", hasGPUs(1, h100, h100)),
			want: "no machine with 2 such GPUs free",
		},
		"GPUs for one replica only": {
			group: asks(2, wantsGPU(1, h100Key)), candidate: has("a", hasGPUs(1, h100)),
			want: "no room for all 2 replicas",
		},
		"replicas get one model": {
			group: asks(2, wantsGPU(1, h100Key, a100Key)), candidate: has("a", hasGPUs(2, h100, a100)),
			want: "no room for all 2 replicas",
		},
		"storage class": {
			group: asks(1, wantsVolume(gib)), candidate: has("a", hasPool("beta2", 9*gib)),
			want: "no storage of class beta3",
		},
		"pool too small": {
			group: asks(2, wantsVolume(gib)), candidate: has("a", hasPool("beta3", gib)),
			want: "no room for all 2 replicas",
		},
		"pool smaller still": {
			group: asks(1, wantsVolume(2*gib)), candidate: has("a", hasPool("beta3", gib)),
			want: "not 2 GiB of storage class beta3 free",
		},
		"pool fits": {group: asks(2, wantsVolume(gib)), candidate: has("a", hasPool("beta3", 2*gib))},
		"memory": {
			group:     asks(1, wantsMemory(9*gib)),
			candidate: has("a"), want: "no machine with 9 GiB memory free",
		},
		"core": {
			group:     asks(1, wantsCPU(4500)),
			candidate: has("a"), want: "no machine with 4.5 CPU free",
		},
		"no address left": {
			group: asks(1, wantsIP), candidate: has("a", tells(0, 0)),
			want: "no free IP address",
		},
		"address left": {group: asks(1, wantsIP), candidate: has("a", tells(2, 0))},
		"notice": {
			group: asks(1), candidate: has("a"), notice: time.Hour, want: "no reclamation window of 1h",
		},
		"notice given": {
			group: asks(1), notice: time.Hour,
			candidate: has("a", tells(0, 2*time.Hour)),
		},
		"not audited": {
			group:     asks(1, func(g *deploymentv1beta4.GroupSpec) { g.Requirements.SignedBy.AllOf = []string{"auditor"} }),
			candidate: has("a"), want: "not audited by auditor",
		},
		"audited for less": {
			group: asks(1, wantsAttributes("region", "eu"), func(g *deploymentv1beta4.GroupSpec) {
				g.Requirements.SignedBy.AnyOf = []string{"auditor"}
			}),
			candidate: has("a", declares("region", "eu"), func(c *market.Candidate) {
				c.Audits = map[string][]attributesv1.Attribute{"auditor": attributes("host", "x")}
			}),
			want: "not audited by auditor",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := market.Snapshot{Candidates: []market.Candidate{test.candidate}}.Judge(market.Question{
				Group: test.group, Policy: test.policy, MinReclamation: test.notice,
			})
			if test.want == "" {
				require.Empty(t, out.Excluded)
				require.Len(t, out.Offers, 1)
				return
			}
			require.Empty(t, out.Offers)
			require.Equal(t, []market.Exclusion{{Constraint: test.want, Sellers: []string{"a"}}}, out.Excluded)
		})
	}
}
