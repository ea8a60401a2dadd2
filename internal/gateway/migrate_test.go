// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

func TestMigrate(t *testing.T) {
	t.Parallel()
	hosts := (*gateway.Client).MigrateHostnames
	endpoints := (*gateway.Client).MigrateEndpoints
	for name, test := range map[string]struct {
		call     func(*gateway.Client, context.Context, ids.GroupID, []string) ([]string, error)
		path     string
		body     string
		status   int
		answer   string
		want     error
		wantText string
	}{
		"hosts": {
			call: hosts, path: "/hostname/migrate", status: 200, answer: `{"transferred":["a.example"]}`,
			body: `{"destination_dseq":2001,"destination_gseq":1,"hostnames_to_migrate":["a.example"]}`,
		},
		"endpoints": {
			call: endpoints, path: "/endpoint/migrate", status: 200, answer: `{"transferred":["a.example"]}`,
			body: `{"destination_dseq":2001,"destination_gseq":1,"endpoints_to_migrate":["a.example"]}`,
		},
		"no lease": {
			call: hosts, status: 400, answer: "destination deployment does not exist\n", want: gateway.ErrNoLease,
		},
		"not declared": {
			call: hosts, status: 400, answer: `the hostname "a.example" is not used by this deployment`,
			wantText: `HTTP 400: the hostname "a.example" is not used`,
		},
		"nonsense": {call: endpoints, status: 200, answer: `{}`, want: gateway.ErrUnavailable},
		"refused": {
			call: endpoints, status: 401, answer: `{"message":"unauthorized access"}`, want: gateway.ErrUnauthorized,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := gatewayOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil || r.Method != http.MethodPost || r.Header.Get("Authorization") == "" ||
					test.path != "" && r.URL.Path != test.path || test.body != "" && string(body) != test.body {
					w.WriteHeader(http.StatusTeapot)
					_, _ = w.Write(body)
					return
				}
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.answer))
			}), &counting{})
			moved, err := test.call(client, t.Context(), lease.Group(), []string{"a.example"})
			switch {
			case test.want != nil:
				require.ErrorIs(t, err, test.want)
			case test.wantText != "":
				require.ErrorContains(t, err, test.wantText)
			default:
				require.NoError(t, err)
				require.Equal(t, []string{"a.example"}, moved)
			}
		})
	}
}

func TestMigrate_nothing(t *testing.T) {
	t.Parallel()
	client := gatewayOf(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a gateway refuses an empty list")
	}), &counting{})
	moved, err := client.MigrateHostnames(t.Context(), lease.Group(), nil)
	require.NoError(t, err)
	require.Empty(t, moved)
}
