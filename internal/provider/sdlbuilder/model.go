// SPDX-License-Identifier: Apache-2.0

package sdlbuilder

import (
	"cmp"
	"slices"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

type model struct {
	Services    map[string]serviceModel `tfsdk:"services"`
	Profiles    profilesModel           `tfsdk:"profiles"`
	Deployment  []deploymentModel       `tfsdk:"deployment"`
	Reclamation *reclamationModel       `tfsdk:"reclamation"`
	YAML        types.String            `tfsdk:"yaml"`
	Hash        types.String            `tfsdk:"hash"`
	Groups      types.Map               `tfsdk:"groups"`
}

type serviceModel struct {
	Image       string               `tfsdk:"image"`
	Command     []string             `tfsdk:"command"`
	Args        []string             `tfsdk:"args"`
	Env         map[string]string    `tfsdk:"env"`
	Files       map[string]fileModel `tfsdk:"files"`
	Expose      []exposeModel        `tfsdk:"expose"`
	Params      *paramsModel         `tfsdk:"params"`
	Credentials *credentialsModel    `tfsdk:"credentials"`
}

type exposeModel struct {
	Port        int64             `tfsdk:"port"`
	As          types.Int64       `tfsdk:"as"`
	Proto       types.String      `tfsdk:"proto"`
	Accept      []string          `tfsdk:"accept"`
	To          []toModel         `tfsdk:"to"`
	HTTPOptions *httpOptionsModel `tfsdk:"http_options"`
}

type toModel struct {
	Service types.String `tfsdk:"service"`
	Global  types.Bool   `tfsdk:"global"`
	IP      types.String `tfsdk:"ip"`
}

type httpOptionsModel struct {
	MaxBodySize     types.Int64 `tfsdk:"max_body_size"`
	ReadTimeout     types.Int64 `tfsdk:"read_timeout"`
	SendTimeout     types.Int64 `tfsdk:"send_timeout"`
	NextTries       types.Int64 `tfsdk:"next_tries"`
	NextTimeout     types.Int64 `tfsdk:"next_timeout"`
	NextCases       []string    `tfsdk:"next_cases"`
	ProxyBufferSize types.Int64 `tfsdk:"proxy_buffer_size"`
}

type paramsModel struct {
	Storage     map[string]mountModel `tfsdk:"storage"`
	Permissions *permissionsModel     `tfsdk:"permissions"`
	TEE         types.String          `tfsdk:"tee"`
}

type mountModel struct {
	Mount    string     `tfsdk:"mount"`
	ReadOnly types.Bool `tfsdk:"read_only"`
}

type permissionsModel struct {
	Read []string `tfsdk:"read"`
}

type credentialsModel struct {
	Host     string       `tfsdk:"host"`
	Email    types.String `tfsdk:"email"`
	Username string       `tfsdk:"username"`
	Password string       `tfsdk:"password"`
}

type profilesModel struct {
	Compute   map[string]computeModel   `tfsdk:"compute"`
	Placement map[string]placementModel `tfsdk:"placement"`
}

type computeModel struct {
	CPU     string        `tfsdk:"cpu"`
	Arch    types.String  `tfsdk:"arch"`
	Memory  string        `tfsdk:"memory"`
	Storage []volumeModel `tfsdk:"storage"`
	GPU     *gpuModel     `tfsdk:"gpu"`
}

type volumeModel struct {
	Name       types.String `tfsdk:"name"`
	Size       string       `tfsdk:"size"`
	Persistent types.Bool   `tfsdk:"persistent"`
	Class      types.String `tfsdk:"class"`
}

type gpuModel struct {
	Units  int64           `tfsdk:"units"`
	Models []gpuModelModel `tfsdk:"models"`
}

type gpuModelModel struct {
	Model     string       `tfsdk:"model"`
	RAM       types.String `tfsdk:"ram"`
	Interface types.String `tfsdk:"interface"`
}

type placementModel struct {
	Attributes map[string]string     `tfsdk:"attributes"`
	SignedBy   *signedByModel        `tfsdk:"signed_by"`
	Pricing    map[string]priceModel `tfsdk:"pricing"`
}

type signedByModel struct {
	AllOf []string `tfsdk:"all_of"`
	AnyOf []string `tfsdk:"any_of"`
}

type priceModel struct {
	UACTPerBlock types.String `tfsdk:"uact_per_block"`
	USDPerMonth  types.String `tfsdk:"usd_per_month"`
}

type deploymentModel struct {
	Service   string       `tfsdk:"service"`
	Placement types.String `tfsdk:"placement"`
	Profile   types.String `tfsdk:"profile"`
	Count     types.Int64  `tfsdk:"count"`
}

type reclamationModel struct {
	MinWindow string `tfsdk:"min_window"`
}

// build gives the text and the document, nil when a problem is an error.
func (m model) build() ([]byte, *sdl.Document, diag.Diagnostics) {
	var all diag.Diagnostics
	in := sdl.Model{
		Services: make(map[string]sdl.ModelService), Compute: make(map[string]sdl.ModelCompute),
		Placement: make(map[string]sdl.ModelPlacement), Deployment: m.deployment(&all),
	}
	for name, s := range m.Services {
		in.Services[name] = s.toSDL()
	}
	for name, c := range m.Profiles.Compute {
		in.Compute[name] = c.toSDL()
	}
	for name, p := range m.Profiles.Placement {
		in.Placement[name] = p.toSDL(path.Root("profiles").AtName("placement").AtMapKey(name), &all)
	}
	if m.Reclamation != nil {
		in.ReclamationMinWindow = m.Reclamation.MinWindow
	}
	if m.checkFiles(&all); all.HasError() {
		return nil, nil, all
	}
	text, doc, problems := sdl.Build(in)
	all.Append(m.diagnostics(problems)...)
	return text, doc, all
}

// deployment fills in what may be left out: every service runs once, in the only placement, with the compute profile
// of its own name or else the only one.
func (m model) deployment(all *diag.Diagnostics) []sdl.ModelDeployment {
	uses := m.Deployment
	if uses == nil {
		for _, name := range sortedKeys(m.Services) {
			uses = append(uses, deploymentModel{Service: name})
		}
	}
	var out []sdl.ModelDeployment
	for i, u := range uses {
		at := path.Root("deployment").AtListIndex(i)
		if m.Deployment == nil {
			at = path.Root("deployment")
		}
		use := sdl.ModelDeployment{
			Service: u.Service, Placement: u.Placement.ValueString(), Profile: u.Profile.ValueString(), Count: 1,
		}
		if u.Placement.IsNull() {
			names := sortedKeys(m.Profiles.Placement)
			if len(names) != 1 {
				all.AddAttributeError(at, "Placement missing", "Which placement service "+u.Service+" goes to must be said, "+
					"since there is not exactly one. Write deployment = [{ service = \""+u.Service+"\", placement = … }].")
				continue
			}
			use.Placement = names[0]
		}
		if u.Profile.IsNull() {
			names := sortedKeys(m.Profiles.Compute)
			_, own := m.Profiles.Compute[u.Service]
			switch {
			case own:
				use.Profile = u.Service
			case len(names) == 1:
				use.Profile = names[0]
			default:
				all.AddAttributeError(at, "Compute profile missing", "No compute profile is named like service "+u.Service+
					", and there is not exactly one. Write deployment = [{ service = \""+u.Service+"\", profile = … }].")
				continue
			}
		}
		if !u.Count.IsNull() {
			use.Count = number(u.Count)
		}
		out = append(out, use)
	}
	return out
}

// toSDL converts a placement. Prices a month become prices a block, rounded down to six digits, never to nothing.
func (p placementModel) toSDL(at path.Path, all *diag.Diagnostics) sdl.ModelPlacement {
	out := sdl.ModelPlacement{Attributes: p.Attributes, Pricing: make(map[string]string)}
	if p.SignedBy != nil {
		out.SignedByAllOf, out.SignedByAnyOf = p.SignedBy.AllOf, p.SignedBy.AnyOf
	}
	for profile, price := range p.Pricing {
		out.Pricing[profile] = price.UACTPerBlock.ValueString()
		if price.USDPerMonth.IsNull() {
			continue
		}
		usd, err := coin.ParseDecimal(price.USDPerMonth.ValueString())
		if err != nil {
			all.AddAttributeError(at.AtName("pricing").AtMapKey(profile).AtName("usd_per_month"), "Invalid price", err.Error())
			continue
		}
		exact := coin.PerBlockFromUSDPerMonth(usd, coin.DefaultBlockTime).Amount
		rounded := exact.MulInt64(1_000_000).TruncateDec().QuoInt64(1_000_000)
		if rounded.IsZero() {
			rounded = exact
		}
		out.Pricing[profile] = coin.Trim(math.LegacyMaxDec(rounded, math.LegacyZeroDec()))
	}
	return out
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
