// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"
	"encoding/hex"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/attest"
	"github.com/akash-iac/terraform-provider-akash/internal/attest/keyserver"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
)

var (
	measurementText = regexp.MustCompile(`^[0-9a-f]{96}$`)
	serverURL       = regexp.MustCompile(`^(https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~/-]*)?)?$`)
)

// attestedType is an element of attested.
var attestedType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"platform": types.StringType, "measurements": types.ListType{ElemType: types.StringType},
	"revocation_checked": types.BoolType, "verified_height": types.Int64Type,
}}

// attestationModel is attestation.
type attestationModel struct {
	Required     types.Bool   `tfsdk:"required"`
	Measurements types.Set    `tfsdk:"measurements"`
	Roots        types.String `tfsdk:"trusted_roots"`
	KeyServer    types.String `tfsdk:"key_server_url"`
}

func attestationAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Has every replica of every service with `params.tee: cpu` prove that it runs in a " +
			"confidential virtual machine, after the services are ready and before the apply ends, by a report that its CPU " +
			"signs for a fresh nonce. The report is verified here: its signature, the certificates up to AMD's root, chip and " +
			"firmware level, and that the host may neither debug nor move the machine. What can be verified is AMD SEV-SNP; " +
			"Intel TDX and GPUs (`tee: cpu-gpu`) are refused, never accepted unseen.\n\nIt comes too late for secrets: an " +
			"Akash provider gets the manifest, with its `env`, before any machine exists that could prove something. Give a " +
			"workload its secrets later, when `attested` is there. It does not say which image runs, and without " +
			"`measurements` not which kernel either: only that a genuine machine answered. Asked again when a manifest is " +
			"delivered, a lease is won, or this changes. Example: `{ required = true }`.",
		Attributes: map[string]schema.Attribute{
			"required": schema.BoolAttribute{
				Required: true,
				MarkdownDescription: "`true`: a proof that fails, or that cannot be verified, fails the apply, and `on_failure` " +
					"says what becomes of a new lease. `false`: it is a warning, and `attested` stays empty.",
			},
			"measurements": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Launch measurements that are allowed, 96 hex digits each; default: any. They follow from " +
					"the firmware, kernel and CPU count with which an Akash provider starts machines, not from the image; compare " +
					"`attested`.",
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1),
					setvalidator.ValueStringsAre(stringvalidator.RegexMatches(measurementText, "must be 96 lower-case hex digits")),
				},
			},
			"trusted_roots": schema.StringAttribute{
				Optional: true, Validators: []validator.String{rootsValidator{}},
				MarkdownDescription: "Certificates in PEM to trust instead of AMD's, which are built in for the product lines " +
					"Milan, Genoa (with Bergamo and Siena) and Turin: the self-signed root and the signing key's.",
			},
			"key_server_url": schema.StringAttribute{
				Optional: true,
				Validators: []validator.String{
					stringvalidator.RegexMatches(serverURL, "must be empty, or a URL without a query as in https://kds.example.com"),
				},
				MarkdownDescription: "Who is asked for the certificate of a chip, which today's Akash providers do not send, and " +
					"for the list of revoked ones; both are signed, so a cache of AMD's server will do. It learns the chip's id. " +
					"Default: `" + keyserver.AMD + "`. `\"\"` asks nobody: then certificates must come with the report, and " +
					"revocation is not checked.",
			},
		},
	}
}

func attestedAttribute() schema.Attribute {
	return schema.MapNestedAttribute{
		Computed: true,
		MarkdownDescription: "What the confidential machines proved, by service, as of the last `attestation`; a refresh " +
			"does not ask again. Null when it was not asked for, empty when it failed and was not required.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"platform": schema.StringAttribute{Computed: true, MarkdownDescription: "`snp`: AMD SEV-SNP."},
			"measurements": schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "The launch measurement of each replica's machine, 96 hex digits.",
			},
			"revocation_checked": schema.BoolAttribute{
				Computed: true, MarkdownDescription: "Whether AMD's list of revoked certificates was looked at.",
			},
			"verified_height": schema.Int64Attribute{
				Computed: true, MarkdownDescription: "The newest block when the proofs were in.",
			},
		}},
	}
}

// readAttestation decodes attestation; nil when there is none, or while a part of it is open.
func readAttestation(ctx context.Context, value types.Object) (*deploy.Attestation, diag.Diagnostics) {
	if value.IsNull() || value.IsUnknown() {
		return nil, nil
	}
	var m attestationModel
	problems := value.As(ctx, &m, basetypes.ObjectAsOptions{})
	if problems.HasError() || m.Measurements.IsUnknown() || m.Roots.IsUnknown() || m.KeyServer.IsUnknown() {
		return nil, problems
	}
	out := &deploy.Attestation{Required: m.Required.ValueBool(), KeyServer: keyserver.AMD}
	if !m.KeyServer.IsNull() {
		out.KeyServer = m.KeyServer.ValueString()
	}
	var texts []types.String
	problems.Append(m.Measurements.ElementsAs(ctx, &texts, false)...)
	for _, text := range texts {
		measurement, err := hex.DecodeString(text.ValueString())
		if err != nil || len(measurement) == 0 {
			problems.AddAttributeError(path.Root("attestation").AtName("measurements"), "Invalid measurement",
				"It must be 96 lower-case hex digits.")
			continue
		}
		out.Measurements = append(out.Measurements, measurement)
	}
	var err error
	if out.Roots, err = attest.AMD(); !m.Roots.IsNull() {
		out.Roots, err = attest.ReadRoots([]byte(m.Roots.ValueString()))
	}
	if err != nil {
		problems.AddAttributeError(path.Root("attestation").AtName("trusted_roots"), "Invalid roots", err.Error())
	}
	return out, problems
}

// rootsValidator wants certificates of authorities in PEM.
type rootsValidator struct{}

// Description says what is wanted.
func (rootsValidator) Description(context.Context) string {
	return "certificates of authorities in PEM, one of them self-signed"
}

// MarkdownDescription says what is wanted.
func (v rootsValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString reads the certificates.
func (rootsValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := attest.ReadRoots([]byte(req.ConfigValue.ValueString())); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid roots", err.Error()+
			".\n\nGive the vendor's root and signing key as PEM, as AMD's server does at /vcek/v1/Milan/cert_chain.")
	}
}

// checkAttestation refuses at plan what the manifest cannot fulfil; what is not known yet is checked when it is.
func checkAttestation(ctx context.Context, plan model, group groupModel) diag.Diagnostics {
	open := group.Manifest.IsUnknown() || group.Manifest.IsNull() || group.Name.IsUnknown()
	if plan.Attestation.IsNull() || plan.Attestation.IsUnknown() || open {
		return nil
	}
	waitFor, _, problems := readWaitFor(ctx, plan.WaitFor)
	if problems.HasError() {
		return nil // told of elsewhere
	}
	for _, err := range deploy.CheckAttestation([]byte(group.Manifest.ValueString()), group.Name.ValueString(), waitFor) {
		problems.AddAttributeError(path.Root("attestation"), "Nothing to attest",
			err.Error()+".\n\nNothing was created or spent. Change attestation or the SDL.")
	}
	return problems
}

// openAttested leaves attested open where an apply will ask, and makes it null where nobody will. It comes last: what
// else is planned decides.
func (m *model) openAttested(state *model) {
	switch {
	case m.Attestation.IsNull() || m.isPaused():
		m.Attested = types.MapNull(attestedType)
	case state == nil || m.LeaseID.IsUnknown() || m.State.IsUnknown() || m.DeliveredHash.IsUnknown() ||
		!m.DeliveredHash.Equal(state.DeliveredHash) || !m.Attestation.Equal(state.Attestation) || state.Attested.IsNull():
		m.Attested = types.MapUnknown(attestedType)
	default:
		m.Attested = state.Attested
	}
}

// setAttested fills in what the machines proved.
func (m *model) setAttested(lease deploy.Lease, problems *diag.Diagnostics) {
	m.Attested = types.MapNull(attestedType)
	if lease.Attested == nil {
		return
	}
	values := map[string]attr.Value{}
	for name, s := range lease.Attested.Services {
		measurements := make([]attr.Value, 0, len(s.Measurements))
		for _, text := range s.Measurements {
			measurements = append(measurements, types.StringValue(text))
		}
		values[name] = types.ObjectValueMust(attestedType.AttrTypes, map[string]attr.Value{
			"platform": types.StringValue(s.Platform), "measurements": types.ListValueMust(types.StringType, measurements),
			"revocation_checked": types.BoolValue(s.RevocationChecked),
			"verified_height":    types.Int64Value(lease.Attested.Height),
		})
	}
	m.Attested = types.MapValueMust(attestedType, values)
	if lease.Unattested != nil {
		problems.AddAttributeWarning(path.Root("attestation"), "Attestation failed: "+m.ID.ValueString(),
			lease.Unattested.Error()+".\n\nThe lease runs, since attestation.required is false. Nothing proves that the "+
				"Akash provider cannot read what it keeps in memory.")
	}
}
