// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

const (
	pathDeployments = "/akash/deployment/v1beta4/deployments/"
	pathMarket      = "/akash/market/v1beta5/"
)

// dseqs are the sequences that a list of deployments has, in its order.
func dseqs(t *testing.T, list any) []string {
	t.Helper()
	items, ok := list.([]any)
	require.True(t, ok)
	out := []string{}
	for i := range items {
		text, _ := at(t, items, i, "deployment", "id", "dseq").(string)
		out = append(out, text)
	}
	return out
}

func TestDeploymentLists(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	var made []string
	var msgs []sdk.Msg
	first := a.nextDSeq()
	for i := range uint64(4) {
		msgs = append(msgs, a.creation(first+i))
		made = append(made, fmt.Sprint(first+i))
	}
	a.do(t, msgs...)
	a.do(t, a.closing(first+1))
	mine := pathDeployments + "list?filters.owner=" + a.addr
	list := func(t *testing.T, query string) (dseq []string, key any, total any) {
		t.Helper()
		got := a.getOK(t, mine+query)
		return dseqs(t, at(t, got, "deployments")), at(t, got, "pagination", "next_key"), at(t, got, "pagination", "total")
	}
	check(t, "observed.md 12", "without a state: by sequence, states mixed", func(t *testing.T) {
		got, key, total := list(t, "")
		require.Equal(t, made, got)
		require.Nil(t, key)
		require.Equal(t, "4", total)
	})
	check(t, "messages.md 0.4", "by state", func(t *testing.T) {
		got, _, total := list(t, "&filters.state=active")
		require.Equal(t, []string{made[0], made[2], made[3]}, got)
		require.Equal(t, "3", total)
		got, _, _ = list(t, "&filters.state=closed")
		require.Equal(t, made[1:2], got)
	})
	check(t, "observed.md 12", "a page's total is the number of its items, counted or not", func(t *testing.T) {
		for _, query := range []string{"&pagination.limit=2", "&pagination.limit=2&pagination.count_total=true"} {
			got, key, total := list(t, query)
			require.Equal(t, made[:2], got)
			require.NotEmpty(t, key)
			require.Equal(t, "2", total)
		}
	})
	check(t, "observed.md 12, messages.md 0.4", "a key alone goes on with the filtered list", func(t *testing.T) {
		got, key, _ := list(t, "&filters.state=active&pagination.limit=2")
		require.Equal(t, []string{made[0], made[2]}, got)
		text, ok := key.(string)
		require.True(t, ok)
		rest := a.getOK(t, pathDeployments+"list?pagination.limit=1&pagination.key="+url.QueryEscape(text))
		require.Equal(t, made[3:], dseqs(t, at(t, rest, "deployments")))
	})
	check(t, "observed.md 12", "an offset needs a state", func(t *testing.T) {
		a.misses(t, mine+"&pagination.offset=1", http.StatusBadRequest, 3,
			"invalid request parameters. if offset is set, filter.state must be provided")
		got, _, _ := list(t, "&filters.state=active&pagination.offset=1")
		require.Equal(t, made[2:], got)
	})
	check(t, "observed.md 12", "a key that is none", func(t *testing.T) {
		a.misses(t, mine+"&pagination.key=AAAA", http.StatusBadRequest, 3,
			"pagination: invalid key: invalid key length")
	})
	check(t, "observed.md 7d", "a state that is none", func(t *testing.T) {
		a.misses(t, mine+"&filters.state=leased", http.StatusBadRequest, 3, "invalid state value")
	})
	check(t, "messages.md 0.4", "owner and sequence: the one, or an empty list", func(t *testing.T) {
		got, _, total := list(t, "&filters.dseq="+made[2])
		require.Equal(t, made[2:3], got)
		require.Equal(t, "1", total)
		got, _, _ = list(t, "&filters.dseq=999999999999999999")
		require.Empty(t, got)
	})
	check(t, "observed.md 12", "an owner that nobody is, or that is none", func(t *testing.T) {
		for _, owner := range []string{noAccount, "akash1notvalid"} {
			got := a.getOK(t, pathDeployments+"list?filters.owner="+owner)
			require.Equal(t, []any{}, at(t, got, "deployments"))
		}
	})
	check(t, "observed.md 12", "filters that nobody knows are ignored", func(t *testing.T) {
		got, _, _ := list(t, "&filters.colour=red")
		require.Equal(t, made, got)
	})
}

func TestMarketLists(t *testing.T) {
	t.Parallel()
	tenant, one, two := newActor(t), newSeller(t), newSeller(t)
	dseq := tenant.nextDSeq()
	tenant.do(t, tenant.creation(dseq), tenant.creation(tenant.nextDSeq()))
	one.do(t, bid(tenant.bidFor(dseq, 1, one), "10"), bid(tenant.bidFor(dseq+1, 1, one), "20"))
	two.do(t, bid(tenant.bidFor(dseq, 1, two), "30"))
	leased := tenant.bidFor(dseq+1, 1, one)
	tenant.do(t, lease(leased))
	list := func(t *testing.T, what, query string) []any {
		t.Helper()
		items, ok := at(t, tenant.getOK(t, pathMarket+what+"/list?"+query), what).([]any)
		require.True(t, ok)
		return items
	}
	owner := "filters.owner=" + tenant.addr
	of := fmt.Sprintf("%s&filters.dseq=%d", owner, dseq)
	for _, c := range []struct {
		what, which, query string
		count              int
	}{
		{"bids", "of an order", of + "&filters.gseq=1&filters.oseq=1", 2},
		{"bids", "of an owner", owner, 3},
		{"bids", "of an owner, open", owner + "&filters.state=open", 2},
		{"bids", "of an owner, active", owner + "&filters.state=active", 1},
		{"bids", "of an Akash provider alone", "filters.provider=" + one.addr, 2},
		{"bids", "of an Akash provider, open", "filters.provider=" + one.addr + "&filters.state=open", 1},
		{"bids", "of one id", of + "&filters.gseq=1&filters.oseq=1&filters.provider=" + two.addr, 1},
		{"bids", "of one id that is not there", of + "&filters.gseq=1&filters.oseq=9&filters.provider=" + two.addr, 0},
		{"bids", "of an owner, a page", owner + "&pagination.limit=1", 1},
		{"leases", "of an owner", owner, 1},
		{"leases", "of an owner, active", owner + "&filters.state=active", 1},
		{"leases", "of an owner, closed", owner + "&filters.state=closed", 0},
		{"leases", "of an Akash provider alone", "filters.provider=" + one.addr, 1},
		{"leases", "of an Akash provider without any", "filters.provider=" + two.addr, 0},
		{"orders", "of an owner", owner, 2},
		{"orders", "of an owner, open", owner + "&filters.state=open", 1},
		{"orders", "of a deployment", of, 1},
		{"orders", "of a group that is not there", of + "&filters.gseq=7", 0},
	} {
		check(t, "messages.md 0.4", c.what+" "+c.which, func(t *testing.T) {
			require.Len(t, list(t, c.what, c.query), c.count)
		})
	}
	for _, what := range []string{"bids", "leases", "orders"} {
		check(t, "observed.md 7d", "a state that no "+what+" have", func(t *testing.T) {
			tenant.misses(t, pathMarket+what+"/list?"+owner+"&filters.state=nonsense", http.StatusBadRequest, 3,
				"invalid state value")
		})
	}
	check(t, "conformance node/queries leases_bad_state", "leases are never open", func(t *testing.T) {
		tenant.misses(t, pathMarket+"leases/list?"+owner+"&filters.state=open", http.StatusBadRequest, 3,
			"invalid state value")
	})
	check(t, "observed.md 8, conformance node/queries", "the forms of a bid", func(t *testing.T) {
		got := list(t, "bids", of+"&filters.gseq=1&filters.oseq=1&filters.provider="+two.addr)[0]
		require.Equal(t, map[string]any{
			"owner": tenant.addr, "dseq": fmt.Sprint(dseq), "gseq": 1.0, "oseq": 1.0, "provider": two.addr, "bseq": 0.0,
		}, at(t, got, "bid", "id"))
		require.Equal(t, "30.000000000000000000", at(t, got, "bid", "price", "amount"))
		require.Regexp(t, `^\d+$`, at(t, got, "bid", "created_at"))
		require.Equal(t, []any{}, at(t, got, "bid", "resources_offer"))
		require.Nil(t, at(t, got, "bid", "reclamation_window"))
		require.Equal(t, "bid", at(t, got, "escrow_account", "id", "scope"))
		require.Equal(t, "500000.000000000000000000", at(t, got, "escrow_account", "state", "funds", 0, "amount"))
	})
	check(t, "observed.md 8", "the forms of a lease", func(t *testing.T) {
		got := list(t, "leases", owner)[0]
		require.Equal(t, "0", at(t, got, "lease", "closed_on"))
		require.Equal(t, "lease_closed_invalid", at(t, got, "lease", "reason"))
		require.Nil(t, at(t, got, "lease", "reclamation"))
		require.Equal(t, map[string]any{
			"aid": map[string]any{"scope": "deployment", "xid": tenant.xid(dseq + 1)}, "xid": "1/1/" + one.addr,
		}, at(t, got, "escrow_payment", "id"))
		require.Equal(t, map[string]any{"denom": "uact", "amount": "0"}, at(t, got, "escrow_payment", "state", "withdrawn"))
	})
}

func TestDeploymentJSON(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	dseq := a.nextDSeq()
	created := a.do(t, a.creation(dseq))
	got := a.getOK(t, fmt.Sprintf("%sinfo?id.owner=%s&id.dseq=%d", pathDeployments, a.addr, dseq))
	check(t, "messages.md 0", "whole numbers of 64 bits are text, bytes are base64", func(t *testing.T) {
		require.Equal(t, map[string]any{
			"id": map[string]any{"owner": a.addr, "dseq": fmt.Sprint(dseq)}, "state": "active",
			"hash": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "created_at": fmt.Sprint(created.Height), "reclamation": nil,
		}, at(t, got, "deployment"))
	})
	check(t, "messages.md 0", "quantities are decimal text, lists are never null", func(t *testing.T) {
		require.Equal(t, map[string]any{
			"resource": map[string]any{
				"id":     1.0,
				"cpu":    map[string]any{"units": map[string]any{"val": "500"}, "attributes": []any{}},
				"memory": map[string]any{"quantity": map[string]any{"val": "536870912"}, "attributes": []any{}},
				"storage": []any{map[string]any{
					"name": "default", "quantity": map[string]any{"val": "536870912"}, "attributes": []any{},
				}},
				"gpu":       map[string]any{"units": map[string]any{"val": "0"}, "attributes": []any{}},
				"endpoints": []any{map[string]any{"kind": "SHARED_HTTP", "sequence_number": 0.0}},
			},
			"count": 1.0, "price": map[string]any{"denom": "uact", "amount": "1000.000000000000000000"},
		}, at(t, got, "groups", 0, "group_spec", "resources", 0))
		require.Equal(t, map[string]any{"all_of": []any{}, "any_of": []any{}},
			at(t, got, "groups", 0, "group_spec", "requirements", "signed_by"))
	})
	check(t, "observed.md 6, messages.md 4", "an escrow account that nothing was paid from", func(t *testing.T) {
		require.Equal(t, map[string]any{"scope": "deployment", "xid": a.xid(dseq)}, at(t, got, "escrow_account", "id"))
		state := at(t, got, "escrow_account", "state")
		require.Equal(t, a.addr, at(t, state, "owner"))
		require.Equal(t, "open", at(t, state, "state"))
		amount := map[string]any{"denom": coin.UACT, "amount": "1000000.000000000000000000"}
		require.Equal(t, []any{amount}, at(t, state, "funds"))
		require.Equal(t, []any{map[string]any{
			"owner": a.pool.funder.addr, "height": fmt.Sprint(created.Height), "source": "grant",
			"balance": amount,
		}}, at(t, state, "deposits"))
		require.Equal(t, fmt.Sprint(created.Height), at(t, state, "settled_at"))
	})
}
