// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// MigrateHostnames moves host names to a group's active lease with this Akash provider, whichever deployment of the
// same owner held them. The group's manifest must have been delivered and name each in an accept list. It returns the
// names the gateway moved; traffic follows within seconds, and nothing of it is on chain.
//
// Errors: [ErrNoLease] when the group has no lease here on which a manifest runs.
func (c *Client) MigrateHostnames(ctx context.Context, to ids.GroupID, hostnames []string) ([]string, error) {
	return c.migrate(ctx, "hostname", to, hostnames)
}

// MigrateEndpoints moves leased addresses, by endpoint name, to a group's active lease with this Akash provider, as
// [Client.MigrateHostnames] does with host names. Gateways move every leased address of the group's manifest, whatever
// the list says, and do so asynchronously: the group's lease status tells when it is done.
func (c *Client) MigrateEndpoints(ctx context.Context, to ids.GroupID, endpoints []string) ([]string, error) {
	return c.migrate(ctx, "endpoint", to, endpoints)
}

func (c *Client) migrate(ctx context.Context, kind string, to ids.GroupID, names []string) ([]string, error) {
	if len(names) == 0 {
		return nil, nil // the gateway would refuse an empty list
	}
	body, err := json.Marshal(map[string]any{
		kind + "s_to_migrate": names, "destination_dseq": to.DSeq, "destination_gseq": to.GSeq,
	})
	if err != nil {
		return nil, fmt.Errorf("encode a migration: %w", err)
	}
	answer, err := c.call(ctx, request{
		method: http.MethodPost, path: "/" + kind + "/migrate", body: body, protected: true,
	})
	var moved []string
	if err == nil {
		if moved, err = decodeTransferred(answer); err != nil {
			err = fmt.Errorf("%w: answer cannot be read: %w", ErrUnavailable, err)
		}
	}
	return moved, c.wrap(err, "migrate %ss to group %s", kind, to)
}

func decodeTransferred(body []byte) ([]string, error) {
	var answer struct {
		Transferred *[]string `json:"transferred"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	if answer.Transferred == nil {
		return nil, errors.New("it names nothing as transferred")
	}
	return *answer.Transferred, nil
}
