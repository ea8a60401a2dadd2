// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/bidpolicy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

func providerSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Runs workloads on Akash Network, the decentralised cloud marketplace. Every create, update " +
			"and delete is an on-chain transaction signed in this process; nothing is spent before `terraform apply`.",
		Attributes: map[string]schema.Attribute{
			"network": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The network: one of " + networkNamesText() + ". A preset brings the chain id and public " +
					"endpoints; `custom` brings nothing. Default `mainnet`. Environment: `AKASH_NETWORK`.",
				Validators: []validator.String{stringvalidator.OneOf(networkNames()...)},
			},
			"chain_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The chain id every endpoint must answer with; checked before anything is signed. Default: " +
					"the network's, e.g. `akashnet-2`. Environment: `AKASH_CHAIN_ID`.",
			},
			"grpc": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "gRPC endpoints, tried in order: `https://host:443` (TLS) or `http://host:9090`. Default: " +
					"the network's. Environment: `AKASH_GRPC`, comma separated.",
				Validators: []validator.List{listvalidator.SizeAtLeast(1)},
			},
			"rpc": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "CometBFT RPC endpoints, tried in order after `grpc`, e.g. `https://rpc.akashnet.net:443`. " +
					"Default: the network's. Environment: `AKASH_NODE`, comma separated.",
				Validators: []validator.List{listvalidator.SizeAtLeast(1)},
			},
			"rest": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Endpoints of nodes' REST API, tried after `grpc` and `rpc`, e.g. `https://host:443`. " +
					"Default: none. Environment: `AKASH_REST`, comma separated.",
				Validators: []validator.List{listvalidator.SizeAtLeast(1)},
			},
			"owner": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The account that owns deployments, `akash1…`. Default: the key's address. With `owner` " +
					"and no `key` plans and refreshes work and nothing can be signed. When both are set they must agree, " +
					"unless `authz_granter` is set, which `owner` then has to equal. Environment: `AKASH_OWNER`.",
				Validators: []validator.String{validators.Address()},
			},
			"allowed_owners": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "If set, the only accounts this configuration may run with: a guard against the wrong key. " +
					"Example: `[\"akash1…\"]`.",
				Validators: []validator.List{
					listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(validators.Address()),
				},
			},
			"authz_granter": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Act for this account, `akash1…`, with its permission: it owns deployments and pays " +
					"deposits, and the key signs. It has to grant the key's account every type of message that is sent, see " +
					"`akash_authz_grant`; what is missing is named before anything is spent. Environment: `AKASH_AUTHZ_GRANTER`.",
				Validators: []validator.String{validators.Address()},
			},
			"fee_granter": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The account that pays transaction fees, `akash1…`, instead of the key's. It has to grant " +
					"the key's account a fee allowance, see `akash_fee_grant`. Environment: `AKASH_FEE_GRANTER`.",
				Validators: []validator.String{validators.Address()},
			},
			"key":            keyAttribute(),
			"gas":            gasAttribute(),
			"price_ceiling":  ceilingAttribute(),
			"bid_policy":     bidpolicy.ForProvider(),
			"preflight":      preflightAttribute(),
			"gateway_auth":   gatewayAuthAttribute(),
			"budget":         budgetAttribute(),
			"auto_mint":      autoMintAttribute(),
			"default_labels": defaultLabelsAttribute(),
		},
	}
}

func keyAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "The signing key: exactly one of `mnemonic`, `private_key`, `keyring`, `exported` and " +
			"`signer`. Default: the environment variables `AKASH_MNEMONIC`, `AKASH_PRIVATE_KEY`, `AKASH_KEY_NAME` with a " +
			"keyring, or `AKASH_SIGNER`, in this order. Keys are never written to state, logs or files; prefer the " +
			"environment or an ephemeral value over a literal. See the guide \"Keys and signers\".",
		Attributes: map[string]schema.Attribute{
			"mnemonic": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "BIP-39 mnemonic of 12 to 24 words, derived at `m/44'/118'/0'/0/0` unless `hd_path` says " +
					"otherwise. Environment: `AKASH_MNEMONIC`.",
			},
			"hd_path": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Derivation path of the mnemonic's key. Default `m/44'/118'/0'/0/0`. Environment: " +
					"`AKASH_HD_PATH`.",
			},
			"private_key": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "secp256k1 private key, 64 hex digits. Environment: `AKASH_PRIVATE_KEY`.",
			},
			"keyring":  keyringAttribute(),
			"exported": exportedAttribute(),
			"signer":   signerAttribute(),
		},
	}
}

func gasAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "Transaction fees, paid in uakt (1 AKT = 1000000 uakt).",
		Attributes: map[string]schema.Attribute{
			"prices": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Price of a unit of gas, e.g. `0.025uakt`. Default: the node's minimum. Environment: " +
					"`AKASH_GAS_PRICES`.",
			},
			"adjustment": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The simulated gas is multiplied by this decimal from 1 to 10. Default `1.25`. Environment: " +
					"`AKASH_GAS_ADJUSTMENT`.",
				Validators: []validator.String{validators.PositiveDecimal()},
			},
			"max_fee_uakt": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The most a single transaction may cost, in uakt, e.g. `50000`. A dearer one is refused " +
					"before it is signed. Default `10000000` (10 AKT).",
				Validators: []validator.String{validators.PositiveDecimal()},
			},
		},
	}
}

func ceilingAttribute() schema.Attribute {
	return ceiling.ForProvider("The most any single lease may cost. A deployment's or a lease's own `price_ceiling` can " +
		"only be tighter: the tightest wins, and plans and reasons name it. What a deployment's groups may cost at most is " +
		"fixed on chain when it is created; a later change filters bids and replaces nothing. Default: no ceiling but the " +
		"SDL's prices. Example: `{ usd_per_month = 25 }`.")
}
