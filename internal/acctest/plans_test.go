// SPDX-License-Identifier: Apache-2.0

package acctest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var updatePlans = flag.Bool("update-plans", false, "write the plans' texts anew, to be read before they are committed")

// bidsTake is how many blocks every bid is sure to be there after.
const bidsTake = 20

// scenario is a situation that a plan tells of.
type scenario struct {
	// account plans; "" is the tenant.
	account string
	// sellers, if set, are other Akash providers than amber, birch and cedar.
	options devnet.Options
	config  string
	// applied, if set, is what was applied before; happens is what went on since.
	applied string
	happens func(t *testing.T, dev *acctest.Devnet, w *acctest.Workspace)
}

// webOf is a web with a lease.
func webOf(lines ...string) string {
	return acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web", lines...)
}

// gpuSDL asks for GPUs of a model.
func gpuSDL(model string, units int) string {
	return strings.Replace(acctest.Web{}.SDL(), "storage: [{size: 128Mi}]", fmt.Sprintf(
		"storage: [{size: 128Mi}], gpu: {units: %d, attributes: {vendor: {nvidia: [{model: %s}]}}}", units, model), 1)
}

// hugeSDL is twelve services in four placements.
func hugeSDL() string {
	var services, compute, deployment, prices strings.Builder
	for i := range 12 {
		fmt.Fprintf(&services, "  s%02d: {image: nginx:1.29.3, expose: [{port: 80, as: 80, to: [{global: true}]}]}\n", i)
		fmt.Fprintf(&compute, "    s%02d: {resources: {cpu: {units: 1}, memory: {size: 1Gi}, storage: [{size: 1Gi}]}}\n", i)
		fmt.Fprintf(&deployment, "  s%02d: {g%d: {profile: s%02d, count: 2}}\n", i, i%4, i)
	}
	for g := range 4 {
		fmt.Fprintf(&prices, "    g%d: {pricing: {", g)
		for i := g; i < 12; i += 4 {
			fmt.Fprintf(&prices, "s%02d: {denom: uact, amount: 1000}, ", i)
		}
		prices.WriteString("}}\n")
	}
	return "version: \"2.0\"\nservices:\n" + services.String() + "profiles:\n  compute:\n" + compute.String() +
		"  placement:\n" + prices.String() + "deployment:\n" + deployment.String()
}

var scenarios = map[string]scenario{
	"healthy": {config: webOf("  price_ceiling = { usd_per_month = 12 }")},
	"tight_ceiling": {
		config: webOf("  price_ceiling = { usd_per_month = 4 }"),
	},
	"long_notice": {
		options: devnet.Options{AkashProviders: withNotice(24*time.Hour, 72*time.Hour, 168*time.Hour)},
		config:  acctest.Deployment("web", "reclamation: {min_window: 48h}\n"+acctest.Web{}.SDL()) + acctest.Lease("web"),
	},
	"confidential": {
		options: devnet.Options{AkashProviders: confidential()},
		config: acctest.Deployment("web", acctest.Web{TEE: "cpu"}.SDL()) +
			acctest.Lease("web", "attestation = { required = true }"),
	},
	"none_eligible": {
		config: acctest.Deployment("web", strings.Replace(acctest.Web{}.SDL(), "dcloud: {pricing",
			"dcloud: {attributes: {region: mars}, pricing", 1)) + acctest.Lease("web"),
	},
	"gpu_sold_out": {config: acctest.Deployment("gpu", gpuSDL("a100", 8)) + acctest.Lease("gpu")},
	"killed_lease": {
		applied: webOf(),
		happens: func(t *testing.T, dev *acctest.Devnet, w *acctest.Workspace) {
			t.Helper()
			dev.KillLease(t, strings.TrimSpace(w.MustRun(t, "output", "-raw", "lease")))
		},
	},
	"price_rise": {
		applied: acctest.Deployment("web", acctest.Web{}.SDL()),
		options: devnet.Options{AkashProviders: dear()},
		happens: func(t *testing.T, dev *acctest.Devnet, _ *acctest.Workspace) { // their bids come in
			t.Helper()
			require.NoError(t, dev.Inside.WaitHeight(t.Context(), dev.Inside.Height()+bidsTake))
		},
		config: webOf("  price_ceiling = { uact_per_block = 15 }"),
	},
	"reclaiming": {
		options: devnet.Options{AkashProviders: withNotice(24*time.Hour, 24*time.Hour, 24*time.Hour)},
		applied: webOf(),
		happens: func(t *testing.T, dev *acctest.Devnet, w *acctest.Workspace) {
			t.Helper()
			dev.ReclaimLease(t, strings.TrimSpace(w.MustRun(t, "output", "-raw", "lease")))
		},
	},
	"low_funds": {account: acctest.Poor, config: webOf()},
	"lowered_ceiling": {
		applied: webOf(),
		config:  webOf("  price_ceiling = { uact_per_block = \"0.1\" }"),
	},
	"huge_sdl": {
		config: acctest.Deployment("web", hugeSDL()) + `
resource "akash_lease" "web" {
  for_each = toset(["g0", "g1", "g2", "g3"])
  group    = akash_deployment.web.groups[each.key]
}
`,
	},
	"dead_market": {
		config: webOf(),
		happens: func(_ *testing.T, dev *acctest.Devnet, _ *acctest.Workspace) {
			dev.AllFaults(akashprovider.Faults{GatewayDown: true})
		},
	},
}

// withNotice are Akash providers that announce so long ahead that they take a lease back.
func withNotice(windows ...time.Duration) []akashprovider.Spec {
	specs := akashprovider.DefaultSpecs()
	for i := range specs {
		specs[i].ReclamationWindow = windows[i]
	}
	return specs
}

// confidential are Akash providers of which two have confidential computing, each of another kind.
func confidential() []akashprovider.Spec {
	specs := akashprovider.DefaultSpecs()
	specs[0], specs[2] = specs[0].Confidential(), specs[2].Confidential()
	specs[2].Attributes["tee/type"] = "cpu-gpu"
	return specs
}

// dear are Akash providers that ask a hundred times as much as they did lately.
func dear() []akashprovider.Spec {
	specs := akashprovider.DefaultSpecs()
	for i := range specs {
		specs[i].Pricing.PerMilliCPU = specs[i].Pricing.PerMilliCPU.MulInt64(100)
	}
	return specs
}

// TestAccPlans holds what people read: the text of plans in ordinary and in bad situations, word by word.
func TestAccPlans(t *testing.T) {
	t.Parallel()
	for name, s := range scenarios {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := s.options
			options.Deployments = append(options.Deployments, lately(t)...)
			dev := acctest.StartDevnet(t, "known Akash providers and prices", options, acctest.Calm("the text is compared"))
			account := s.account
			if account == "" {
				account = acctest.Tenant
			}
			w := dev.NewWorkspace(t, account, "")
			if s.applied != "" {
				if strings.Contains(s.applied, "akash_lease") {
					s.applied += "output \"lease\" {\n  value = akash_lease.web.lease_id\n}\n"
				}
				w.Write(t, "web.tf", s.applied)
				w.MustRun(t, "apply", "-no-color", "-auto-approve")
			}
			if s.happens != nil {
				s.happens(t, dev, w)
			}
			if s.config != "" {
				w.Write(t, "web.tf", s.config)
			}
			out, _ := w.Run(t, "plan", "-no-color", "-input=false") // some are refused
			got := readable(t, dev, out)
			golden := filepath.Join("testdata", "plans", name+".txt")
			if *updatePlans {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
				return
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err, "run the test with -update-plans, then read the text")
			require.Equal(t, string(want), got)
		})
	}
}

// lately makes every Akash provider run a web of somebody else's, at 10, 20 and 30 uact a block.
func lately(t *testing.T) []devnet.Deployment {
	t.Helper()
	doc, problems := sdl.Parse([]byte(acctest.Web{}.SDL()))
	require.Empty(t, problems)
	var running []devnet.Deployment
	for i, name := range []string{"amber", "birch", "cedar"} {
		running = append(running, devnet.Deployment{
			Owner: devnet.Tenant2, DSeq: uint64(i + 1), Hash: doc.Hash(), Groups: doc.Groups(),
			Leases: []devnet.Lease{{
				AkashProvider: name,
				Price:         sdk.DecCoin{Denom: coin.UACT, Amount: math.LegacyNewDec(int64(i+1) * 10)},
			}},
		})
	}
	return running
}

// What differs from run to run in a plan.
var (
	overrideWarning = regexp.MustCompile(`(?s)^.*?the state to become incompatible with published\sreleases\.`)
	dseqDigits      = regexp.MustCompile(`\b1[0-9]{15}\b`)
	heightDigits    = regexp.MustCompile(`(ended_in_block +=|block|height) [0-9]+`)
	readAge         = regexp.MustCompile(`Read (just now|[0-9a-z]+ (second|minute)s? ago)`)
	longHex         = regexp.MustCompile(`\b[0-9a-fA-F]{64}\b`)
	ingressHost     = regexp.MustCompile(`\b[0-9a-v]{26}\.ingress`)
	moment          = regexp.MustCompile(`\b20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]+Z`)
	refreshing      = regexp.MustCompile(`(?m)^(akash_|data\.)\S+: (Refreshing|Reading|Read complete).*\n`)
)

// readable puts names for what differs from run to run, and leaves out what the CLI says of itself.
func readable(t *testing.T, dev *acctest.Devnet, out string) string {
	t.Helper()
	out = overrideWarning.ReplaceAllString(out, "")
	for _, a := range dev.Inside.Accounts() {
		out = strings.ReplaceAll(out, a.Address, "akash1"+a.Name)
	}
	out = refreshing.ReplaceAllString(out, "")
	out = dseqDigits.ReplaceAllString(out, "DSEQ")
	out = heightDigits.ReplaceAllString(out, "$1 N")
	out = readAge.ReplaceAllString(out, "Read just now")
	out = longHex.ReplaceAllString(out, "HASH")
	out = ingressHost.ReplaceAllString(out, "HOST.ingress")
	// Resources are planned side by side, so their diagnostics come in any order.
	parts := strings.Split(moment.ReplaceAllString(out, "TIME"), "\nWarning: ")
	for i, part := range parts {
		parts[i] = strings.TrimRight(part, "\n") + "\n"
	}
	slices.Sort(parts[1:])
	return strings.TrimLeft(strings.Join(parts, "\nWarning: "), "\n")
}

// TestAccPlans_toldOnce applies without a saved plan: the forecast is told when it is planned, and not again by the
// process that applies, which plans once more and knows the slot by then.
func TestAccPlans_toldOnce(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "known Akash providers and prices", devnet.Options{Deployments: lately(t)},
		acctest.Calm("the text is looked at"))
	w := dev.NewWorkspace(t, acctest.Tenant, webOf())
	out := w.MustRun(t, "apply", "-no-color", "-auto-approve")
	require.Equal(t, 1, strings.Count(out, "3 Akash providers can run this"), out)
	require.Contains(t, w.MustRun(t, "plan", "-no-color", "-replace=akash_deployment.web"), "can run this",
		"another run tells it anew")
}
