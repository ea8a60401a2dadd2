// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

func keyringAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "A key kept by the Akash CLI's keyring.",
		Attributes: map[string]schema.Attribute{
			"backend": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "`os`, `file` or `test`. Default `os`. Environment: `AKASH_KEYRING_BACKEND`.",
				Validators:          []validator.String{stringvalidator.OneOf("os", "file", "test")},
			},
			"dir": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The CLI's home folder, which holds the keyring. Default `~/.akash`. Environment: " +
					"`AKASH_HOME`.",
			},
			"name": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The key's name, e.g. `deployer`, or its address. Required, here or as " +
					"`AKASH_KEY_NAME`.",
			},
			"passphrase": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Passphrase of the `file` backend. Environment: `AKASH_KEYRING_PASSPHRASE`.",
			},
		},
	}
}

func exportedAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "A key in a file that `akash keys export NAME` wrote.",
		Attributes: map[string]schema.Attribute{
			"path": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The file, e.g. `~/deployer.key`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"passphrase": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "The passphrase given to `akash keys export`. Required, here or as " +
					"`AKASH_KEYRING_PASSPHRASE`.",
			},
		},
	}
}

func signerAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "A program that keeps the key, such as one for a hardware wallet or a key management service. " +
			"It is run for every signature, and at plan for its public key; the guide \"Keys and signers\" has the protocol.",
		Attributes: map[string]schema.Attribute{
			"command": schema.ListAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "The program and its arguments, e.g. `[\"akash-kms-signer\", \"--key\", \"prod\"]`. No " +
					"shell reads it; a name without a slash is looked up in `PATH`. Arguments are no place for secrets. " +
					"Environment: `AKASH_SIGNER`, split at spaces.",
				Validators: []validator.List{listvalidator.SizeAtLeast(1)},
			},
			"timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long the program may take for one answer, e.g. `2m` when a person has to press a " +
					"button. Default `1m`. A transaction has to be in a block 75 seconds after it was begun.",
				Validators: []validator.String{validators.PositiveDuration()},
			},
		},
	}
}

func gatewayAuthAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "How gateways of Akash providers know the owner of a lease: either `token`, or " +
			"`certificate_pem` with `private_key_pem`. Default: short-lived tokens that the key signs, which needs nothing " +
			"here. For grantees, whose key is not the owner's, and for whoever is bound to mTLS.",
		Attributes: map[string]schema.Attribute{
			"token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "A token that the owner made, see `akash_jwt`. It is used until it ends and never " +
					"renewed. Environment: `AKASH_GATEWAY_TOKEN`.",
			},
			"certificate_pem": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "A client certificate of the owner that is on chain, see `akash_certificate`: one PEM " +
					"block. Gateways are then spoken to over mTLS, without tokens.",
			},
			"private_key_pem": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "The private key of `certificate_pem`, not encrypted.",
			},
		},
	}
}
