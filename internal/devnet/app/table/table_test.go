// SPDX-License-Identifier: Apache-2.0

package table_test

import (
	"testing"

	storetypes "cosmossdk.io/store/types"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

type leases = table.Table[marketv1.Lease, *marketv1.Lease]

func newTable(t testing.TB) (sdk.Context, leases) {
	t.Helper()
	key := storetypes.NewKVStoreKey("test")
	ctx := testutil.DefaultContext(key, storetypes.NewTransientStoreKey("transient"))
	return ctx, table.New[marketv1.Lease](key, 7, table.Def[marketv1.Lease]{
		Primary: func(l *marketv1.Lease) table.Key { return table.Key{}.Text(l.ID.Owner).Uint64(l.ID.DSeq) },
		State:   func(l *marketv1.Lease) int32 { return int32(l.State) },
		Second:  func(l *marketv1.Lease) table.Key { return table.Key{}.Text(l.ID.Provider) },
	})
}

func lease(owner string, dseq uint64, seller string, state marketv1.Lease_State) marketv1.Lease {
	return marketv1.Lease{ID: marketv1.LeaseID{Owner: owner, DSeq: dseq, Provider: seller}, State: state}
}

func fill(ctx sdk.Context, tab leases) {
	for _, l := range []marketv1.Lease{
		lease("b", 1, "x", marketv1.Lease_closed), lease("a", 300, "y", marketv1.Lease_active),
		lease("a", 2, "x", marketv1.Lease_closed), lease("ab", 1, "x", marketv1.Lease_active),
		lease("a", 1, "x", marketv1.Lease_active),
	} {
		tab.Set(ctx, l)
	}
}

func names(found []marketv1.Lease) (out []string) {
	for _, l := range found {
		out = append(out, l.ID.Owner+string(rune('0'+l.ID.DSeq%10)))
	}
	return out
}

func TestListBySelection(t *testing.T) {
	t.Parallel()
	ctx, tab := newTable(t)
	fill(ctx, tab)
	all := []int32{1, 2, 3, 4}
	a, x := table.Key{}.Text("a"), table.Key{}.Text("x")
	for name, tc := range map[string]struct {
		sel  table.Selection
		want []string
	}{
		"all, state by state":        {table.Selection{AllStates: all}, []string{"a1", "a0", "ab1", "a2", "b1"}},
		"one state":                  {table.Selection{States: []int32{3}, AllStates: all}, []string{"a2", "b1"}},
		"owner, states mixed":        {table.Selection{AllStates: all, Prefix: a}, []string{"a1", "a2", "a0"}},
		"owner and state":            {table.Selection{States: []int32{1}, Prefix: a}, []string{"a1", "a0"}},
		"seller":                     {table.Selection{AllStates: all, Second: x}, []string{"a1", "a2", "ab1", "b1"}},
		"seller within an owner":     {table.Selection{AllStates: all, Second: x, Prefix: a}, []string{"a1", "a2"}},
		"no such owner":              {table.Selection{AllStates: all, Prefix: table.Key{}.Text("zz")}, nil},
		"an owner's text is no head": {table.Selection{AllStates: all, Prefix: table.Key{}.Text("ab")}, []string{"ab1"}},
	} {
		for _, limit := range []uint64{0, 1, 2} {
			var got []string
			page := &query.PageRequest{Limit: limit}
			sel := tc.sel
			for page != nil {
				found, next, err := tab.List(ctx, sel, page)
				require.NoError(t, err, name)
				require.EqualValues(t, len(found), next.Total, name)
				got = append(got, names(found)...)
				page = nil
				if len(next.NextKey) > 0 {
					// The key alone goes on: the selection is ignored.
					page, sel = &query.PageRequest{Limit: limit, Key: next.NextKey}, table.Selection{}
				}
			}
			require.Equal(t, tc.want, got, "%s, limit %d", name, limit)
		}
	}
}

func TestSetMovesAndDeleteRemovesIndexEntries(t *testing.T) {
	t.Parallel()
	ctx, tab := newTable(t)
	fill(ctx, tab)
	tab.Set(ctx, lease("a", 1, "x", marketv1.Lease_closed))
	active, _, err := tab.List(ctx, table.Selection{States: []int32{1}}, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"a0", "ab1"}, names(active))
	tab.Delete(ctx, table.Key{}.Text("a").Uint64(2))
	tab.Delete(ctx, table.Key{}.Text("a").Uint64(2))
	closed, _, err := tab.List(ctx, table.Selection{States: []int32{3}}, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"a1", "b1"}, names(closed))
	require.Len(t, tab.Scan(ctx, table.Key{}), 4)
}

func TestOffsetNeedsAState(t *testing.T) {
	t.Parallel()
	ctx, tab := newTable(t)
	fill(ctx, tab)
	_, _, err := tab.List(ctx, table.Selection{AllStates: []int32{1, 3}}, &query.PageRequest{Offset: 1})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	require.ErrorContains(t, err, "if offset is set, filter.state must be provided")
	found, _, err := tab.List(ctx, table.Selection{States: []int32{3}}, &query.PageRequest{Offset: 1})
	require.NoError(t, err)
	require.Equal(t, []string{"b1"}, names(found))
}

func TestStates(t *testing.T) {
	t.Parallel()
	wanted, all, err := table.States("closed", marketv1.Lease_State_value)
	require.NoError(t, err)
	require.Equal(t, []int32{3}, wanted)
	require.Equal(t, []int32{1, 2, 3, 4}, all)
	for _, bad := range []string{"open", "invalid", "Closed"} {
		_, _, err = table.States(bad, marketv1.Lease_State_value)
		require.Equal(t, codes.InvalidArgument, status.Code(err), bad)
	}
}

// A page key comes from outside: whatever it holds, the answer is a page or InvalidArgument.
func FuzzPageKey(f *testing.F) {
	ctx, tab := newTable(f)
	fill(ctx, tab)
	_, next, err := tab.List(ctx, table.Selection{AllStates: []int32{1, 3}}, &query.PageRequest{Limit: 1})
	require.NoError(f, err)
	f.Add(next.NextKey)
	f.Add([]byte{0, 0, 0})
	f.Add(next.NextKey[:len(next.NextKey)-1])
	f.Fuzz(func(t *testing.T, key []byte) {
		if len(key) == 0 {
			return
		}
		_, _, err := tab.List(ctx, table.Selection{}, &query.PageRequest{Limit: 2, Key: key})
		if err != nil {
			require.Equal(t, codes.InvalidArgument, status.Code(err))
		}
	})
}
