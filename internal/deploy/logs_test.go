// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

func TestReadLogs(t *testing.T) {
	t.Parallel()
	h, r, request := printing(t)
	lease, err := r.EnsureLease(t.Context(), request)
	require.NoError(t, err)
	ask := deploy.LogRequest{Lease: lease.ID, Lines: 1000, Events: true}

	logs, err := r.ReadLogs(t.Context(), ask)
	require.NoError(t, err)
	require.Empty(t, logs.Missing)
	require.NotEmpty(t, logs.Lines)
	require.Equal(t, "web", logs.Lines[0].Service)
	require.Regexp(t, `^web-\S+$`, logs.Lines[0].Replica)
	require.Equal(t, "web: a devnet stands in for ***", logs.Lines[0].Text)
	require.NotEmpty(t, logs.Events)
	require.NotContains(t, fmt.Sprint(logs), image)

	ask.Lines, ask.Events, ask.Services = 1, false, []string{"db", "web"}
	logs, err = r.ReadLogs(t.Context(), ask)
	require.NoError(t, err)
	require.Equal(t, []string{`the lease runs no service "db"`}, logs.Missing)
	require.Len(t, logs.Lines, 1, "the last line alone")
	require.Empty(t, logs.Events)

	h.net.AkashProviders()[h.seller(t, lease.ID.ProviderAddr)].SetFaults(akashprovider.Faults{Dead: true})
	_, err = r.ReadLogs(t.Context(), ask)
	require.ErrorIs(t, err, gateway.ErrUnavailable)
	h.net.AkashProviders()[h.seller(t, lease.ID.ProviderAddr)].SetFaults(akashprovider.Faults{})
	require.NoError(t, r.EndLease(t.Context(), request.Group))
	require.Eventually(t, func() bool {
		_, err = r.ReadLogs(t.Context(), ask)
		return errors.Is(err, gateway.ErrLeaseNotFound)
	}, 10*time.Second, 50*time.Millisecond, "what it ran went with the lease")
}

// talker is a gateway that tells what a test says.
type talker struct {
	deploy.Gateway
	manifest    string
	manifestErr error
	line        string
	logErr      error
}

func (g talker) LeaseManifest(context.Context, ids.LeaseID) ([]byte, error) {
	return []byte(g.manifest), g.manifestErr
}

func (g talker) Logs(_ context.Context, _ ids.LeaseID, service string, _ int) ([]gateway.LogLine, error) {
	return []gateway.LogLine{{Replica: service + "-0", Text: g.line}}, g.logErr
}

func (g talker) Events(context.Context, ids.LeaseID, int) ([]gateway.Event, error) {
	return []gateway.Event{{Note: g.line}}, g.logErr
}

// registered knows every Akash provider.
type registered struct{ deploy.Chain }

func (registered) FindProvider(context.Context, string) (*providerv1beta4.Provider, error) {
	return &providerv1beta4.Provider{HostURI: "https://h:8443"}, nil
}

// TestReadLogs_secrets: nothing is shown that cannot be masked, and lines are masked before they are cut.
func TestReadLogs_secrets(t *testing.T) {
	t.Parallel()
	const secret = "open-sesame-1234"
	good := `[{"name": "g", "services": [{"name": "a", "env": ["S=` + secret + `"]}, {"name": "b"}]}]`
	for name, test := range map[string]struct {
		gateway talker
		lines   int
		missing int
		fails   bool
	}{
		"masked":             {gateway: talker{manifest: good, line: "key " + secret}, lines: 2},
		"masked, then cut":   {gateway: talker{manifest: good, line: strings.Repeat("x", 1990) + secret}, lines: 2},
		"failure masked":     {gateway: talker{manifest: good, logErr: errors.New("bad " + secret)}, lines: 2, missing: 3},
		"nothing started":    {gateway: talker{manifest: good, logErr: gateway.ErrNoReplicas}, lines: 2, missing: 3},
		"no manifest":        {gateway: talker{manifestErr: gateway.ErrUnauthorized, line: secret}, fails: true},
		"unreadable, quoted": {gateway: talker{manifest: `{"env": "` + secret, line: secret}, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := deploy.New(deploy.Config{
				Chain: registered{}, Clock: deploy.SystemClock{},
				Gateways: func(string, string) (deploy.Gateway, error) { return test.gateway, nil },
			})
			logs, err := d.ReadLogs(t.Context(), deploy.LogRequest{Lines: 5, Events: true})
			require.NotContains(t, fmt.Sprint(logs, err), secret[:5])
			require.Equal(t, test.fails, err != nil)
			require.Len(t, logs.Lines, test.lines)
			require.Len(t, logs.Missing, test.missing)
			if test.lines > 0 {
				require.Equal(t, []string{"a", "b"}, []string{logs.Lines[0].Service, logs.Lines[1].Service})
				require.LessOrEqual(t, len([]rune(logs.Lines[0].Text)), 2000)
			}
		})
	}
	d := deploy.New(deploy.Config{Chain: nobody{}, Clock: deploy.SystemClock{}})
	_, err := d.ReadLogs(t.Context(), deploy.LogRequest{})
	require.ErrorIs(t, err, chain.ErrProviderNotFound)
}

// nobody is registered.
type nobody struct{ deploy.Chain }

func (nobody) FindProvider(context.Context, string) (*providerv1beta4.Provider, error) {
	return nil, chain.ErrProviderNotFound
}
