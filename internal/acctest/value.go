// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"
)

// ValueOf builds a value of a type out of maps, slices, texts, numbers and [Unknown]; an absent attribute is null.
func ValueOf(typ tftypes.Type, value any) tftypes.Value {
	switch v := value.(type) {
	case Unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case map[string]any:
		values := map[string]tftypes.Value{}
		if of, ok := typ.(tftypes.Map); ok {
			for name, e := range v {
				values[name] = ValueOf(of.ElementType, e)
			}
			return tftypes.NewValue(typ, values)
		}
		for name, of := range typ.(tftypes.Object).AttributeTypes {
			values[name] = ValueOf(of, v[name])
		}
		return tftypes.NewValue(typ, values)
	case []any:
		elements := []tftypes.Value{}
		for _, e := range v {
			elements = append(elements, ValueOf(typ.(tftypes.List).ElementType, e))
		}
		return tftypes.NewValue(typ, elements)
	default:
		return tftypes.NewValue(typ, value)
	}
}

// anyOf is the way back.
func anyOf(t *testing.T, value tftypes.Value) any {
	t.Helper()
	switch {
	case !value.IsKnown():
		return Unknown{}
	case value.IsNull():
		return nil
	}
	typ := value.Type()
	switch {
	case typ.Is(tftypes.String):
		var v string
		require.NoError(t, value.As(&v))
		return v
	case typ.Is(tftypes.Bool):
		var v bool
		require.NoError(t, value.As(&v))
		return v
	case typ.Is(tftypes.Number):
		var v big.Float
		require.NoError(t, value.As(&v))
		whole, _ := v.Int64()
		return whole
	case typ.Is(tftypes.List{}):
		var v []tftypes.Value
		require.NoError(t, value.As(&v))
		elements := []any{}
		for _, e := range v {
			elements = append(elements, anyOf(t, e))
		}
		return elements
	default:
		var v map[string]tftypes.Value
		require.NoError(t, value.As(&v))
		values := map[string]any{}
		for name, e := range v {
			values[name] = anyOf(t, e)
		}
		return values
	}
}
