// SPDX-License-Identifier: Apache-2.0

package forecast_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/forecast"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

// register is a [world] with what several auditors signed, by Akash provider.
type register struct {
	*world
	mu     sync.Mutex
	signed map[string][]auditv1.AuditedProvider
	broken map[string]error
}

func (r *register) ListAudits(_ context.Context, owner string) ([]auditv1.AuditedProvider, error) {
	r.audits.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.signed[owner], r.broken[owner]
}

func (r *register) sign(owner, auditor, key, value string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.signed[owner] = append(r.signed[owner], auditv1.AuditedProvider{
		Owner: owner, Auditor: auditor, Attributes: []attributesv1.Attribute{{Key: key, Value: value}},
	})
}

// TestRead_audits reads what all auditors signed, of everybody, when an auditor is asked for and only then; it holds
// for minutes, and what could not be read is told and asked for again.
func TestRead_audits(t *testing.T) {
	t.Parallel()
	r := &register{
		world: &world{sellers: 3}, signed: map[string][]auditv1.AuditedProvider{},
		broken: map[string]error{addrOf(3): errors.New("pruned")},
	}
	r.sign(addrOf(1), "akash1auditor", "host", "akash")
	r.sign(addrOf(1), "akash1another", "tier", "premium")
	r.sign(addrOf(2), "akash1another", "host", "akash")
	now := new(clock)
	reader := forecast.New(forecast.Config{Chain: r, Gateways: r.open, Clock: now.Now})
	met := map[string]map[string][]attributesv1.Attribute{}
	var mu sync.Mutex
	want := func(s market.Seller) bool {
		mu.Lock()
		defer mu.Unlock()
		met[s.Addr] = s.Audits
		return false
	}
	read := func(auditors ...string) market.Snapshot {
		got, err := reader.Read(t.Context(), want, auditors...)
		require.NoError(t, err)
		require.Len(t, got.Candidates, 3)
		return got
	}

	require.Nil(t, read().Candidates[0].Audits)
	require.Zero(t, r.audits.Load(), "nobody's signature matters")
	got := read("akash1auditor")
	require.Equal(t, map[string][]attributesv1.Attribute{
		"akash1auditor": {{Key: "host", Value: "akash"}}, "akash1another": {{Key: "tier", Value: "premium"}},
	}, got.Candidates[0].Audits)
	require.Len(t, got.Candidates[1].Audits, 1)
	require.Empty(t, got.Candidates[2].Audits)
	require.Equal(t, []string{"what auditors signed for 1 of 3 Akash providers"}, got.Partial)
	require.Equal(t, got.Candidates[0].Audits, met[addrOf(1)], "there before anybody is judged")
	require.EqualValues(t, 3, r.audits.Load())

	r.mu.Lock()
	delete(r.broken, addrOf(3))
	r.mu.Unlock()
	r.sign(addrOf(3), "akash1auditor", "host", "akash")
	r.sign(addrOf(2), "akash1auditor", "host", "akash")
	now.advance(time.Minute)
	got = read("akash1another")
	require.Empty(t, got.Partial)
	require.Len(t, got.Candidates[2].Audits, 1, "what failed is asked for again")
	require.Len(t, got.Candidates[1].Audits, 1, "what was read holds for minutes, whoever is asked for")
	require.EqualValues(t, 4, r.audits.Load())
	now.advance(10 * time.Minute)
	require.Len(t, read("akash1auditor").Candidates[1].Audits, 2)
	require.EqualValues(t, 7, r.audits.Load())
}
