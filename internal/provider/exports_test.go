// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"context"
	"io"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// Settings shows what resolve found.
type Settings struct {
	ChainID              string
	GRPC, RPC, REST      []string
	BlockTime            time.Duration
	Owner                string
	CanSign              bool
	Ceiling              market.Ceiling
	GasPrices, GasFactor string
	MaxFee               math.Int
	Secrets              []string
	Grantee, FeeGranter  string
	GatewayToken         bool
	GatewayCertificate   bool
	NoGateway            string
}

// Unknown stands for a value that only apply knows.
type Unknown struct{}

// Resolve resolves a provider block, whose absent attributes are null.
func Resolve(
	t *testing.T, block map[string]any, env map[string]string,
) (found Settings, unknown bool, problems diag.Diagnostics) {
	t.Helper()
	schema := providerSchema()
	config := tfsdk.Config{Schema: schema, Raw: valueOf(schema.Type().TerraformType(t.Context()), block)}
	var m model
	require.Empty(t, config.Get(t.Context(), &m))
	s, unknown, problems := resolve(t.Context(), m, func(name string) string { return env[name] })
	return Settings{
		ChainID: s.chainID, GRPC: s.grpc, RPC: s.rpc, REST: s.rest, BlockTime: s.blockTime,
		Owner: s.owner, CanSign: s.key != nil,
		Ceiling: s.ceiling, GasPrices: s.gasPrices, GasFactor: s.gasFactor, MaxFee: s.maxFee, Secrets: s.secrets,
		Grantee: s.grantee, FeeGranter: s.feeGranter, NoGateway: noGateway(s),
		GatewayToken: s.gateways.token != nil, GatewayCertificate: s.gateways.certificate != nil,
	}, unknown, problems
}

// valueOf builds a value of a type out of maps, slices, texts and [Unknown].
func valueOf(typ tftypes.Type, value any) tftypes.Value {
	switch v := value.(type) {
	case Unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case map[string]any:
		object := typ.(tftypes.Object)
		attributes := map[string]tftypes.Value{}
		for name, of := range object.AttributeTypes {
			attributes[name] = valueOf(of, v[name])
		}
		return tftypes.NewValue(typ, attributes)
	case []any:
		var elements []tftypes.Value
		for _, e := range v {
			elements = append(elements, valueOf(typ.(tftypes.List).ElementType, e))
		}
		return tftypes.NewValue(typ, elements)
	default:
		return tftypes.NewValue(typ, value)
	}
}

// NewLogger is newLogger.
func NewLogger(getenv func(string) string, secrets []string, out io.Writer) hclog.Logger {
	return newLogger(getenv, secrets, out)
}

// MaskContext is maskContext.
func MaskContext(ctx context.Context, secrets []string) context.Context {
	return maskContext(ctx, secrets)
}
