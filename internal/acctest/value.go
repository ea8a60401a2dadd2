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
		switch of := typ.(type) {
		case tftypes.Map:
			for name, e := range v {
				values[name] = ValueOf(of.ElementType, e)
			}
		case tftypes.Object:
			for name, attribute := range of.AttributeTypes {
				values[name] = ValueOf(attribute, v[name])
			}
		}
		return tftypes.NewValue(typ, values)
	case []any:
		of, ok := typ.(tftypes.List)
		if !ok {
			return tftypes.NewValue(typ, v) // panics, and names the type
		}
		elements := []tftypes.Value{}
		for _, e := range v {
			elements = append(elements, ValueOf(of.ElementType, e))
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
