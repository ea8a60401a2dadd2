// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// probeOf asks for one GPU of each model, a group each.
func probeOf(t testing.TB, models ...string) deploy.ProbeRequest {
	t.Helper()
	m := sdl.Model{
		Services: map[string]sdl.ModelService{}, Compute: map[string]sdl.ModelCompute{},
		Placement: map[string]sdl.ModelPlacement{},
	}
	for i, model := range models {
		name := fmt.Sprintf("gpu%d", i)
		m.Services[name] = sdl.ModelService{
			Image: "probe", Expose: []sdl.ModelExpose{{Port: 80, To: []sdl.ModelExposeTo{{Global: true}}}},
		}
		m.Compute[name] = sdl.ModelCompute{
			CPU: "100m", Memory: "256Mi", Storage: []sdl.ModelVolume{{Name: "default", Size: "256Mi"}},
			GPU: &sdl.ModelGPU{Units: 1, Models: []sdl.ModelGPUModel{{Model: model}}},
		}
		m.Placement[name] = sdl.ModelPlacement{Pricing: map[string]string{name: "100000"}}
		m.Deployment = append(m.Deployment, sdl.ModelDeployment{Service: name, Placement: name, Profile: name, Count: 1})
	}
	_, doc, problems := sdl.Build(m)
	require.NotNil(t, doc, problems.String())
	return deploy.ProbeRequest{Groups: doc.Groups(), Hash: doc.Hash(), BidWindow: 60 * time.Second}
}

func (h *house) uact(t testing.TB) math.Int {
	t.Helper()
	coins, err := h.chain.SpendableBalances(t.Context(), h.key.Address())
	require.NoError(t, err)
	return coins.AmountOf(coin.UACT)
}

// entries are the journal's files.
func (h *house) entries(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(h.journal, "*", "*", "*.json"))
	require.NoError(t, err)
	return files
}

func TestProbeFindsOffersAndRefunds(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	before := h.uact(t)
	probe, err := h.start(nil).Probe(t.Context(), probeOf(t, "h100", "a100", "t4"))
	require.NoError(t, err)
	require.Empty(t, probe.Offers[0], "nobody has one")
	for i, model := range []string{"a100", "t4"} {
		require.Len(t, probe.Offers[i+1], 1)
		offer := probe.Offers[i+1][0]
		require.Equal(t, model, offer.GPU.Model)
		require.EqualValues(t, 1, offer.Units)
		require.Equal(t, h.net.AkashProviders()[2].Address(), offer.Bid.ProviderAddr)
		require.True(t, offer.Price.Amount.IsPositive())
	}
	require.Equal(t, before.String(), h.uact(t).String(), "the deposit came back, all of it")
	require.Empty(t, h.active(t))
	require.Empty(t, h.entries(t))
	found, err := h.chain.FindDeployment(t.Context(), probe.ID)
	require.NoError(t, err)
	leases, err := h.chain.ListLeases(t.Context(), chain.LeaseFilter{Owner: probe.ID.Owner})
	require.NoError(t, err)
	require.Empty(t, leases)
	require.GreaterOrEqual(t, probe.Height-found.Deployment.CreatedAt, int64(12), "h100 was waited for to the end")

	again, specs, err := h.start(nil).ReadProbe(t.Context(), probe.ID)
	require.NoError(t, err)
	require.Len(t, specs, 3)
	require.Equal(t, probe.Offers, again.Offers, "the chain keeps them")
	require.WithinDuration(t, probe.Time, again.Time, time.Minute)
}

func TestProbeEndsEarlyOnceEverybodyIsQuiet(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	request := probeOf(t, "a100", "t4")
	request.BidWindow = time.Hour
	probe, err := h.start(nil).Probe(t.Context(), request)
	require.NoError(t, err)
	require.NotEmpty(t, probe.Offers[0])
	require.NotEmpty(t, probe.Offers[1])
}

func TestProbeIsClosedWhateverHappens(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	before := h.uact(t)
	request := probeOf(t, "h100")
	request.BidWindow = time.Hour
	for name, end := range map[string]func() (context.Context, context.CancelFunc){
		"Timed out": func() (context.Context, context.CancelFunc) { return context.WithTimeout(t.Context(), time.Second) },
		"Interrupted": func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			return ctx, cancel
		},
	} {
		ctx, cancel := end()
		_, err := h.start(nil).Probe(ctx, request)
		cancel()
		var failure *deploy.Failure
		require.ErrorAs(t, err, &failure)
		require.Equal(t, name, failure.Title)
		require.Contains(t, failure.Exists, "The probe is closed and its deposit refunded")
		require.Empty(t, h.active(t))
		require.Empty(t, h.entries(t))
	}
	require.Equal(t, before.String(), h.uact(t).String())
}

// noClose is a network that takes no transaction that closes something.
type noClose struct{ deploy.Transactions }

func (n noClose) Submit(ctx context.Context, request tx.Request) (tx.Result, error) {
	if _, closes := request.Msgs[0].(*deploymentv1beta4.MsgCloseDeployment); closes {
		return tx.Result{}, fmt.Errorf("%w: nobody there", chain.ErrUnreachable)
	}
	return n.Transactions.Submit(ctx, request)
}

func TestAProbeThatCouldNotBeClosedIsClosedByTheNextRun(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	before := h.uact(t)
	first := h.start(noClose{h.engine})
	_, err := first.Probe(t.Context(), probeOf(t, "t4"))
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	left := h.active(t)
	require.Len(t, left, 1)
	require.Contains(t, failure.Exists, left[0].String()+" is active; its escrow holds 0.5 ACT, refunded")
	require.Contains(t, failure.Next, fmt.Sprintf("akash tx deployment close --dseq %d", left[0].DSeq))
	require.NoError(t, first.journal.Close())
	require.Len(t, h.entries(t), 1)
	require.Contains(t, h.entries(t)[0], "probe-")

	_, err = h.start(nil).Probe(t.Context(), probeOf(t, "t4"))
	require.NoError(t, err)
	require.Empty(t, h.active(t))
	require.Empty(t, h.entries(t))
	require.Equal(t, before.String(), h.uact(t).String())
}

func TestTheFirstTransactionOfARunClosesLeftProbes(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	killed := h.start(&dying{Transactions: h.engine, afterInclusion: true})
	_, err := killed.Probe(t.Context(), probeOf(t, "t4"))
	require.ErrorIs(t, err, errKilled)
	killed.killed(t)
	require.Len(t, h.active(t), 1)

	next := h.start(nil)
	left, err := deploy.Leftovers(t.Context(), next.journal, h.chain.ChainID(), h.key.Address(),
		func(context.Context) (*deploy.Deployer, error) { return next.Deployer, nil })
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.True(t, left[0].Probe)
	require.Contains(t, left[0].Text, "its escrow holds 0.5 ACT")
	require.Len(t, h.active(t), 1, "a look closes nothing")

	request, _ := web(t, nil)
	opened, err := next.Open(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, opened.ID, h.active(t)[0])
	require.Len(t, h.active(t), 1, "the probe is closed, the deployment open")
	require.Len(t, h.entries(t), 1)
	require.NotContains(t, h.entries(t)[0], "probe-")
}

// A probe whose transaction was never sent, or cannot land any more, is nothing.
func TestAProbeThatNeverLandedIsForgotten(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	killed := h.start(&dying{Transactions: h.engine, beforeBroadcast: true, timeout: time.Now().Add(-time.Minute)})
	_, err := killed.Probe(t.Context(), probeOf(t, "t4"))
	require.ErrorIs(t, err, errKilled)
	killed.killed(t)
	require.Len(t, h.entries(t), 1)
	request, _ := web(t, nil)
	_, err = h.start(nil).Open(t.Context(), request)
	require.NoError(t, err)
	require.Len(t, h.entries(t), 1)
	require.NotContains(t, h.entries(t)[0], "probe-")
}

func TestProbesOfALiveRunAreLeftAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	long := probeOf(t, "h100")
	long.BidWindow = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	other := h.start(nil)
	go func() {
		_, err := other.Probe(ctx, long)
		done <- err
	}()
	require.Eventually(t, func() bool { return len(h.active(t)) == 1 }, 30*time.Second, 50*time.Millisecond)
	_, err := h.start(nil).Probe(t.Context(), probeOf(t, "t4"))
	require.NoError(t, err)
	require.Len(t, h.active(t), 1, "the other run's probe is open still")
	cancel()
	require.Error(t, <-done)
	require.Empty(t, h.active(t))
}

func TestReadProbeRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	run := h.start(nil)
	request, _ := web(t, nil)
	opened, err := run.Open(t.Context(), request)
	require.NoError(t, err)
	_, _, err = run.ReadProbe(t.Context(), opened.ID)
	require.ErrorContains(t, err, "Probe is still open")
	require.NoError(t, run.CloseDeployment(t.Context(), opened.ID))
	_, _, err = run.ReadProbe(t.Context(), opened.ID)
	require.ErrorIs(t, err, deploy.ErrNoProbe)
	missing := opened.ID
	missing.DSeq = 7
	_, _, err = run.ReadProbe(t.Context(), missing)
	require.ErrorIs(t, err, deploy.ErrGone)
}
