// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// Preflight says what a plan does when the forecast is bad.
type Preflight string

const (
	// PreflightError refuses a plan that nobody would take, or only for more than the ceiling.
	PreflightError Preflight = "error"
	// PreflightWarn only warns.
	PreflightWarn Preflight = "warn"
	// PreflightOff reads no market at plan.
	PreflightOff Preflight = "off"
)

// forecastTime bounds how long a plan waits for the market: what is not there by then is told as missing.
const forecastTime = 8 * time.Second

// planStands says what an unreadable market means.
const planStands = "The plan stands: apply asks for bids, and none over the ceiling is accepted. Set preflight = " +
	"\"off\" in the provider block to plan without a forecast."

// destroyAllTheSame is the way out for somebody who wants the opposite: before it plans to destroy, a CLI plans as
// usual, unless it is told not to refresh.
const destroyAllTheSame = " To destroy, which this does not forbid: terraform destroy -refresh=false."

// Told remembers, beyond this process, what the same run of the CLI has told its user. It is safe for concurrent use.
type Told interface {
	// Again notes that key is being told, and reports whether it was before.
	Again(key string) bool
}

// Forecast is the diagnostic of what is about to be auctioned: nil when preflight is off or the network is not known
// yet. subject is who it is about, as people know it; why tells what led to the auction, "" for something new. told is
// true when the user knows by now, from this or from an earlier call. It never fails because the market could not be
// read.
//
// A repair is never refused: the user did not ask for it, and could not plan anything else, or destroy, before a market
// they have no hand in gets better.
//
// Terraform plans a replacement twice, and everything once more when it applies. Then it is silent, bad news included:
// part of what was planned may exist by that time, and a plan that was agreed to is not refused half-way; the
// bids decide.
func (d *Data) Forecast(
	ctx context.Context, subject, why string, request deploy.ForecastRequest,
) (_ diag.Diagnostics, told bool) {
	if !d.forecasts() {
		return nil, false
	}
	if d.isApplying() || d.again(d.keyOf(subject, request)) {
		return nil, true
	}
	outlook, err := d.outlook(ctx, request)
	if err != nil {
		return warn(subject+": who would run this is not known, the market could not be read",
			join(why, err.Error(), planStands)), true
	}
	headline := outlook.Headline(subject, d.BlockTime)
	detail := join(why, outlook.Tables(d.BlockTime, d.Now()))
	refuses := d.Preflight == PreflightError && !request.Repairs
	switch prospect, firm := outlook.Prospect(); {
	case prospect == market.Nobody && firm && refuses:
		return diag.Diagnostics{diag.NewErrorDiagnostic(headline, join(detail, "Nothing was created or spent. "+
			"Relax what the SDL's placement and resources ask for, or bid_policy; or set preflight = \"warn\" in the provider "+
			"block to apply all the same and wait for bids."+destroyAllTheSame))}, true
	case prospect == market.TooDear && firm && refuses:
		return diag.Diagnostics{diag.NewErrorDiagnostic(headline, join(detail, "Nothing was created or spent. Raise the "+
			"ceiling ("+outlook.Limit.Text+"), or set preflight = \"warn\" in the provider block to apply all the same and "+
			"wait for bids."+destroyAllTheSame))}, true
	case prospect == market.Unreadable:
		return warn(headline, join(detail, planStands)), true
	default:
		return warn(headline, join(detail, "An estimate of what apply will meet; the bids decide.")), true
	}
}

// keyOf names what a forecast is about, whatever the market says of it at the time, and without the slot, which a new
// deployment has at apply only.
func (d *Data) keyOf(subject string, request deploy.ForecastRequest) string {
	about := fmt.Appendf(nil, "%s\n%s\n%s\n", d.ChainID, subject, request.Policy.Ceiling)
	if spec, err := request.Spec.Marshal(); err == nil {
		about = append(about, spec...)
	}
	sum := sha256.Sum256(about)
	return hex.EncodeToString(sum[:])
}

func warn(headline, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewWarningDiagnostic(headline, detail)}
}

// join puts paragraphs together, leaving out those that are empty.
func join(paragraphs ...string) string {
	return strings.Join(slices.DeleteFunc(paragraphs, func(p string) bool { return p == "" }), "\n\n")
}
