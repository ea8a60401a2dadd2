// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

// maxChecks is how many pages a lease may wait for.
const maxChecks = 32

var (
	pagePath    = regexp.MustCompile(`^/[\x21-\x7e]*$`)
	pageAddress = regexp.MustCompile(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)
	hostName    = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)
)

// waitForModel is wait_for.
type waitForModel struct {
	Replicas types.Map  `tfsdk:"replicas"`
	HTTP     types.List `tfsdk:"http"`
}

// pageModel is an element of wait_for.http.
type pageModel struct {
	Service  types.String `tfsdk:"service"`
	Path     types.String `tfsdk:"path"`
	Host     types.String `tfsdk:"host"`
	Port     types.Int64  `tfsdk:"port"`
	Address  types.String `tfsdk:"address"`
	Statuses types.Set    `tfsdk:"statuses"`
	Timeout  types.String `tfsdk:"timeout"`
}

func waitForAttribute() schema.Attribute {
	matches := func(pattern *regexp.Regexp, wanted string) []validator.String {
		return []validator.String{stringvalidator.RegexMatches(pattern, wanted)}
	}
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "What counts as running, for `on_failure` and for what depends on the lease. Default: every " +
			"replica of every service is ready. It is looked at when a manifest is delivered; a change of it alone changes " +
			"the state and nothing else. Example: `{ http = [{ service = \"web\", path = \"/healthz\" }] }`.",
		Attributes: map[string]schema.Attribute{
			"replicas": schema.MapAttribute{
				Optional: true, ElementType: types.Int64Type,
				MarkdownDescription: "How many ready replicas of a service are enough, by service, e.g. `{ worker = 1 }`; `0` " +
					"does not wait for it. A service that is not named needs all of its replicas.",
				Validators: []validator.Map{mapvalidator.ValueInt64sAre(int64validator.AtLeast(0))},
			},
			"http": schema.ListNestedAttribute{
				Optional: true,
				MarkdownDescription: "Pages that have to answer once the replicas are ready, in this order. Each is asked for " +
					"with `GET` over plain HTTP, again and again until its `timeout` or the one of the apply, through the proxy of " +
					"the environment (`HTTP_PROXY`, `NO_PROXY`). Redirects are not followed and bodies are not kept.",
				Validators: []validator.List{listvalidator.SizeBetween(1, maxChecks)},
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"service": schema.StringAttribute{
						Required: true, MarkdownDescription: "The service, e.g. `web`.",
						Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
					},
					"path": schema.StringAttribute{
						Optional: true, MarkdownDescription: "The path, with a query where needed, e.g. `/healthz`. Default `/`.",
						Validators: matches(pagePath, "must begin with a slash and hold no spaces, as in /healthz"),
					},
					"host": schema.StringAttribute{
						Optional: true,
						MarkdownDescription: "The host name to ask for, one that the service accepts. Default: the one that the Akash " +
							"provider makes. With `port`: any name, in place of the one that the Akash provider tells.",
						Validators: matches(hostName, "must be a host name without scheme and port, as in app.example.com"),
					},
					"port": schema.Int64Attribute{
						Optional: true,
						MarkdownDescription: "A TCP port inside the container that is forwarded or on a leased IP, e.g. `8080`. " +
							"Default: the ingress, port 80 of the host name.",
						Validators: []validator.Int64{int64validator.Between(1, 65535)},
					},
					"address": schema.StringAttribute{
						Optional: true,
						MarkdownDescription: "Connect to this `host` or `host:port` instead, past name servers and proxies, and ask " +
							"for the host name all the same: for names that do not lead to the Akash provider yet, e.g. `203.0.113.7`.",
						Validators: matches(pageAddress, "must be host or host:port, as in 203.0.113.7:80 or [2001:db8::7]:80"),
					},
					"statuses": schema.SetAttribute{
						Optional: true, ElementType: types.Int64Type,
						MarkdownDescription: "HTTP statuses that will do, e.g. `[200, 401]`. Default: any from 200 to 399.",
						Validators: []validator.Set{
							setvalidator.SizeAtLeast(1), setvalidator.ValueInt64sAre(int64validator.Between(100, 599)),
						},
					},
					"timeout": schema.StringAttribute{
						Optional: true, Validators: []validator.String{validators.PositiveDuration()},
						MarkdownDescription: "How long the page may take, from when the replicas are ready, e.g. `90s`. Default: what " +
							"`timeouts` leaves.",
					},
				}},
			},
		},
	}
}

// readWaitFor decodes wait_for; known is false while a part of it is open, which is left out.
func readWaitFor(ctx context.Context, value types.Object) (w deploy.WaitFor, known bool, problems diag.Diagnostics) {
	if value.IsNull() || value.IsUnknown() {
		return w, !value.IsUnknown(), nil
	}
	var m waitForModel
	if problems.Append(value.As(ctx, &m, basetypes.ObjectAsOptions{})...); problems.HasError() {
		return w, false, problems
	}
	known = !m.Replicas.IsUnknown() && !m.HTTP.IsUnknown()
	w.Replicas = map[string]int64{}
	for service, element := range m.Replicas.Elements() {
		number, ok := element.(types.Int64)
		if !ok || number.IsUnknown() || number.IsNull() {
			known = false
			continue
		}
		w.Replicas[service] = number.ValueInt64()
	}
	if m.HTTP.IsUnknown() {
		return w, known, problems
	}
	var pages []types.Object
	problems.Append(m.HTTP.ElementsAs(ctx, &pages, false)...)
	for _, page := range pages {
		if page.IsUnknown() {
			known = false
			continue
		}
		check, sure, more := readPage(ctx, page)
		problems.Append(more...)
		known = known && sure
		w.HTTP = append(w.HTTP, check)
	}
	return w, known, problems
}

func readPage(ctx context.Context, value types.Object) (c deploy.HTTPCheck, known bool, problems diag.Diagnostics) {
	var m pageModel
	if problems.Append(value.As(ctx, &m, basetypes.ObjectAsOptions{})...); problems.HasError() {
		return c, false, problems
	}
	known = !m.Service.IsUnknown() && !m.Host.IsUnknown() && !m.Port.IsUnknown()
	c = deploy.HTTPCheck{
		Service: m.Service.ValueString(), Path: m.Path.ValueString(), Host: m.Host.ValueString(),
		Port:    uint32(m.Port.ValueInt64()), //nolint:gosec // the schema bounds it
		Address: m.Address.ValueString(),
	}
	for _, element := range m.Statuses.Elements() {
		if status, ok := element.(types.Int64); ok {
			c.Statuses = append(c.Statuses, int(status.ValueInt64()))
		}
	}
	if text := m.Timeout.ValueString(); text != "" {
		timeout, err := time.ParseDuration(text)
		if err != nil {
			problems.AddAttributeError(path.Root("wait_for").AtName("http"), "Invalid timeout", err.Error())
		}
		c.Timeout = timeout
	}
	return c, known, problems
}

// checkWaitFor refuses at plan what the manifest cannot fulfil; what is not known yet is checked when it is.
func checkWaitFor(ctx context.Context, value types.Object, group groupModel) diag.Diagnostics {
	w, known, problems := readWaitFor(ctx, value)
	open := group.Manifest.IsUnknown() || group.Manifest.IsNull() || group.Name.IsUnknown()
	if value.IsNull() || !known || open || problems.HasError() {
		return problems
	}
	for _, err := range w.Check([]byte(group.Manifest.ValueString()), group.Name.ValueString()) {
		problems.AddAttributeError(path.Root("wait_for"), "Waiting for what cannot be",
			err.Error()+".\n\nNothing was created or spent. Change wait_for or the SDL.")
	}
	return problems
}
