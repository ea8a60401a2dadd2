// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// Recovered is a deployment's manifest and an SDL that says the same.
type Recovered struct {
	SDL, Manifest []byte
}

// RecoverManifest reads the manifest back from the gateways that run it, one group each, and renders an SDL from it
// and the group specs on chain. It fails unless the result has exactly the hash on chain.
func (d *Deployer) RecoverManifest(ctx context.Context, deployment Deployment) (Recovered, error) {
	var groups []json.RawMessage
	for i := range deployment.Groups {
		id := deployment.ID.Group(deployment.Groups[i].ID.GSeq)
		slot, err := d.ReadSlot(ctx, id)
		if err != nil {
			return Recovered{}, err
		}
		if !slot.Active() {
			return Recovered{}, fmt.Errorf("group %s has no active lease", id)
		}
		client, err := d.gatewayOf(ctx, slot.LeaseID().ProviderAddr)
		if err != nil {
			return Recovered{}, err
		}
		part, err := client.LeaseManifest(ctx, slot.LeaseID())
		if err != nil {
			return Recovered{}, err
		}
		var found []json.RawMessage
		if err := json.Unmarshal(part, &found); err != nil || len(found) != 1 {
			return Recovered{}, fmt.Errorf("the gateway of lease %s answered no single group", slot.LeaseID())
		}
		groups = append(groups, found[0])
	}
	whole, err := json.Marshal(groups)
	if err != nil {
		return Recovered{}, errors.New("the manifest's parts cannot be joined") // the cause may quote it
	}
	text, err := sdl.Render(deployment.Specs(), whole)
	if err != nil {
		return Recovered{}, fmt.Errorf("render an SDL: %w", err)
	}
	if window := deployment.Reclamation; window > 0 { // not part of the manifest, so nothing to render it from
		text = fmt.Appendf(text, "reclamation:\n  min_window: %s\n", window)
	}
	doc, problems := sdl.Parse(text)
	if doc == nil {
		return Recovered{}, fmt.Errorf("the rendered SDL does not parse: %w", problems.Err())
	}
	if !bytes.Equal(doc.Hash(), deployment.Hash) {
		return Recovered{}, errors.New("the manifest that runs does not have the hash on chain")
	}
	return Recovered{SDL: text, Manifest: doc.ManifestJSON()}, nil
}
