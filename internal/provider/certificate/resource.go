// SPDX-License-Identifier: Apache-2.0

// Package certificate is akash_certificate: a client certificate that an account has on chain, for gateways that are
// asked over mTLS.
package certificate

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var (
	_ resource.ResourceWithConfigure      = (*certificateResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*certificateResource)(nil)
	_ resource.ResourceWithImportState    = (*certificateResource)(nil)
	_ resource.ResourceWithIdentity       = (*certificateResource)(nil)
	_ resource.ResourceWithValidateConfig = (*certificateResource)(nil)
)

// defaultTimeout covers a transaction on mainnet several times over.
const defaultTimeout = 5 * time.Minute

type certificateResource struct {
	providerdata.ForResource
}

// NewResource returns akash_certificate.
func NewResource() resource.Resource { return &certificateResource{} }

// Metadata names the resource.
func (r *certificateResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_certificate"
}

// IdentitySchema is the owner and the serial of the first certificate.
func (r *certificateResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"owner": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The account that published the certificate, akash1….",
		},
		"serial": identityschema.StringAttribute{
			RequiredForImport: true, Description: "The serial of the first certificate, a decimal number.",
		},
	}}
}

// ImportState takes owner/serial, the serial alone, or an identity. The private key is not on chain, so the next apply
// publishes another certificate and revokes this one.
func (r *certificateResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	text := req.ID
	if text == "" && req.Identity != nil {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		if resp.Diagnostics.HasError() {
			return
		}
		text = identity.Owner.ValueString() + "/" + identity.Serial.ValueString()
	}
	if !strings.Contains(text, "/") && r.Data != nil && r.Data.Owner != "" {
		text = r.Data.Owner + "/" + text
	}
	if _, _, err := parseID(text); err != nil {
		resp.Diagnostics.AddError("Invalid import id",
			err.Error()+"\n\nUse owner/serial, or the serial alone for a certificate of the configured account.")
		return
	}
	resp.Diagnostics.AddWarning("Certificate without its private key", "The chain has no private keys. The next apply "+
		"publishes another certificate in place of "+text+" and revokes that one, in one transaction.")
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), text)...)
}

// parseID reads owner/serial.
func parseID(text string) (owner, serial string, err error) {
	owner, serial, ok := strings.Cut(text, "/")
	if !ok {
		return "", "", fmt.Errorf("certificate %q: want owner/serial", text)
	}
	if err := keys.ValidateOwner(owner); err != nil {
		return "", "", fmt.Errorf("certificate %q: %w", text, err)
	}
	if number, ok := new(big.Int).SetString(serial, 10); !ok || number.Sign() <= 0 || number.String() != serial {
		return "", "", fmt.Errorf("certificate %q: serial %q is no decimal number", text, serial)
	}
	return owner, serial, nil
}
