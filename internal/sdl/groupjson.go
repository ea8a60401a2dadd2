// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"bytes"
	"encoding/json"
	"fmt"

	"cosmossdk.io/math"
	"github.com/cosmos/gogoproto/jsonpb"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// GroupJSON writes a group spec as the chain's proto JSON in canonical form:
// names in snake_case, defaults written out, decimals with 18 digits after the
// point, keys sorted, no white space. Equal specs give equal bytes.
func GroupJSON(g deploymentv1beta4.GroupSpec) ([]byte, error) {
	var text bytes.Buffer
	marshaler := jsonpb.Marshaler{OrigName: true, EmitDefaults: true}
	if err := marshaler.Marshal(&text, &g); err != nil {
		return nil, fmt.Errorf("writing group %q as JSON: %w", g.Name, err)
	}
	decoder := json.NewDecoder(&text)
	decoder.UseNumber()
	var generic any
	if err := decoder.Decode(&generic); err != nil {
		return nil, fmt.Errorf("sorting the JSON of group %q: %w", g.Name, err)
	}
	return json.Marshal(generic)
}

// ParseGroupJSON reads what [GroupJSON] writes. Keys may come in any order, in
// snake_case or camelCase; unknown ones are an error.
func ParseGroupJSON(text []byte) (deploymentv1beta4.GroupSpec, error) {
	var g deploymentv1beta4.GroupSpec
	if err := jsonpb.Unmarshal(bytes.NewReader(text), &g); err != nil {
		return deploymentv1beta4.GroupSpec{}, fmt.Errorf("reading a group spec: %w", err)
	}
	for i := range g.Resources {
		// A decimal that was not there would crash its users.
		if p := &g.Resources[i].Price; p.Amount.IsNil() {
			p.Amount = math.LegacyZeroDec()
		}
	}
	return g, nil
}
