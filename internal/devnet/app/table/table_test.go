// SPDX-License-Identifier: Apache-2.0

package table_test

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"slices"
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
		Pages: table.Pages{
			Marks: map[table.Path]byte{table.StateByState: 0, table.InSecond: 1, table.InPrimary: 2}, Marked: true,
			// A real key has the seller; here it is found by who has the lease.
			Leads: func(key table.Key) (owner, seller table.Key, err error) {
				r := key.Read()
				owner, seller = table.Key{}.Text(r.Text()), table.Key{}.Text("x")
				r.Uint64()
				return owner, seller, r.Err()
			},
		},
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
	type selection = table.Selection[marketv1.Lease]
	from2 := func(l *marketv1.Lease) bool { return l.ID.DSeq > 1 }
	for name, tc := range map[string]struct {
		sel  selection
		want []string
	}{
		"all, state by state": {selection{AllStates: all}, []string{"a1", "a0", "ab1", "a2", "b1"}},
		"one state":           {selection{States: []int32{3}, AllStates: all}, []string{"a2", "b1"}},
		"owner, states mixed": {selection{Path: table.InPrimary, AllStates: all, Prefix: a}, []string{"a1", "a2", "a0"}},
		"owner and state":     {selection{Path: table.InPrimary, States: []int32{1}, Prefix: a}, []string{"a1", "a0"}},
		"seller": {
			selection{Path: table.InSecond, AllStates: all, Second: x}, []string{"a1", "a2", "ab1", "b1"},
		},
		"seller and a state": {selection{Path: table.InSecond, States: []int32{3}, Second: x}, []string{"a2", "b1"}},
		"kept only":          {selection{AllStates: all, Keep: from2}, []string{"a0", "a2"}},
		"no such owner":      {selection{Path: table.InPrimary, AllStates: all, Prefix: table.Key{}.Text("zz")}, nil},
		"an owner's text is no head": {
			selection{Path: table.InPrimary, AllStates: all, Prefix: table.Key{}.Text("ab")}, []string{"ab1"},
		},
	} {
		for _, reverse := range []bool{false, true} {
			want := slices.Clone(tc.want)
			if reverse {
				slices.Reverse(want)
			}
			for _, limit := range []uint64{0, 1, 2} {
				var got []string
				page := &query.PageRequest{Limit: limit, Reverse: reverse}
				sel := tc.sel
				for page != nil {
					found, next, err := tab.List(ctx, sel, page)
					require.NoError(t, err, name)
					require.EqualValues(t, len(found), next.Total, name)
					got = append(got, names(found)...)
					page = nil
					if len(next.NextKey) > 0 {
						// The key alone goes on: of the selection only Keep still counts.
						page = &query.PageRequest{Limit: limit, Key: next.NextKey, Reverse: reverse}
						sel = selection{Keep: tc.sel.Keep}
					}
				}
				require.Equal(t, want, got, "%s, limit %d, reverse %t", name, limit, reverse)
			}
		}
	}
}

func TestSetMovesAndDeleteRemovesIndexEntries(t *testing.T) {
	t.Parallel()
	ctx, tab := newTable(t)
	fill(ctx, tab)
	tab.Set(ctx, lease("a", 1, "x", marketv1.Lease_closed))
	active, _, err := tab.List(ctx, table.Selection[marketv1.Lease]{States: []int32{1}}, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"a0", "ab1"}, names(active))
	tab.Delete(ctx, table.Key{}.Text("a").Uint64(2))
	tab.Delete(ctx, table.Key{}.Text("a").Uint64(2))
	closed, _, err := tab.List(ctx, table.Selection[marketv1.Lease]{States: []int32{3}}, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"a1", "b1"}, names(closed))
	require.Len(t, tab.Scan(ctx, table.Key{}), 4)
}

func TestOffsetSkips(t *testing.T) {
	t.Parallel()
	ctx, tab := newTable(t)
	fill(ctx, tab)
	found, _, err := tab.List(ctx, table.Selection[marketv1.Lease]{States: []int32{3}}, &query.PageRequest{Offset: 1})
	require.NoError(t, err)
	require.Equal(t, []string{"b1"}, names(found))
}

func TestStates(t *testing.T) {
	t.Parallel()
	states := marketv1.Lease_State_value
	wanted, all, err := table.States("closed", states, nil)
	require.NoError(t, err)
	require.Equal(t, []int32{3}, wanted)
	require.Equal(t, []int32{1, 2, 3, 4}, all)
	for _, bad := range []string{"open", "invalid", "Closed"} {
		_, _, err = table.States(bad, states, &query.PageRequest{})
		require.Equal(t, codes.InvalidArgument, status.Code(err), bad)
		wanted, _, err = table.States(bad, states, &query.PageRequest{Key: []byte{1}})
		require.NoError(t, err, "a page key has its own states")
		require.Empty(t, wanted)
	}
	for _, page := range []*query.PageRequest{{Offset: 1}, {Offset: 1, Key: []byte{1}}} {
		_, _, err = table.States("", states, page)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
		require.ErrorContains(t, err, "if offset is set, filter.state must be provided")
		_, _, err = table.States("closed", states, page)
		require.NoError(t, err)
	}
}

// The bytes are an official node's: queries deps_limit1, deps_active_limit2 and bids_limit1.
func TestPageKeysAreTheNetworks(t *testing.T) {
	t.Parallel()
	const owner, seller = "akash1lh6cxaa5hl0wv73jjct2mk7x2z6rq7deagy78u", "akash19tkvgvwht3n8pcqydrcq4cxwhr8rp2gejxetu7"
	deployment := table.Key{}.Text(owner)
	for text, key := range map[string]table.PageKey{
		"mdLuZQIBAgEBNWFrYXNoMWxoNmN4YWE1aGwwd3Y3M2pqY3QybWs3eDJ6NnJxN2RlYWd5Nzh1AAAAAAAAAAPqAQE=": {
			States: []byte{1, 2}, Prefix: []byte{1}, Key: deployment.Uint64(1002), Mark: []byte{1},
		},
		"AJHsAQEBAQE1YWthc2gxbGg2Y3hhYTVobDB3djczampjdDJtazd4Mno2cnE3ZGVhZ3k3OHUAAAAAAAAAA+sBAQ==": {
			States: []byte{1}, Prefix: []byte{1}, Key: deployment.Uint64(1003), Mark: []byte{1},
		},
		"4UiqzQQBAgMEAQFuYWthc2gxbGg2Y3hhYTVobDB3djczampjdDJtazd4Mno2cnE3ZGVhZ3k3OHUAAAAAAAAAA+oAAAABAAAAAWFrYXNo" +
			"MTl0a3ZndndodDNuOHBjcXlkcmNxNGN4d2hyOHJwMmdlanhldHU3AAAAAAABAg==": {
			States: []byte{1, 2, 3, 4}, Prefix: []byte{1}, Mark: []byte{2},
			Key: deployment.Uint64(1002).Uint32(1).Uint32(1).Text(seller).Uint32(0),
		},
	} {
		require.Equal(t, text, base64.StdEncoding.EncodeToString(key.Encode()))
		bz, err := base64.StdEncoding.DecodeString(text)
		require.NoError(t, err)
		got, err := table.DecodePageKey(bz)
		require.NoError(t, err)
		require.Equal(t, key, got)

		_, err = table.DecodePageKey(bz[:4])
		require.EqualError(t, err, "pagination: invalid key: invalid key length")
		bz[0] ^= 1
		_, err = table.DecodePageKey(bz)
		require.ErrorContains(t, err, "pagination: invalid key: invalid checksum, 0x")
	}
	for _, rest := range [][]byte{{1}, {0, 1}, {0, 0, 2, 1}, {0, 0, 0, 1}, {0, 0, 0, 0, 1}} {
		_, err := table.DecodePageKey(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(rest)))
		require.Error(t, err)
		_, err = table.DecodePageKey(append(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(rest)), rest...))
		require.EqualError(t, err, "pagination: invalid key: invalid state length", "%v", rest)
	}
}

func TestPageKeysOfOtherLists(t *testing.T) {
	t.Parallel()
	ctx, tab := newTable(t)
	fill(ctx, tab)
	good := table.Key{}.Text("a").Uint64(1)
	for name, tc := range map[string]struct {
		key  table.PageKey
		code codes.Code
		text string
	}{
		"no mark": {table.PageKey{States: []byte{1}, Key: good}, codes.InvalidArgument, "invalid pagination key"},
		"no text": {table.PageKey{Key: table.Key("a"), Mark: []byte{2}}, codes.Internal, "not a valid non terminal buffer"},
		"short":   {table.PageKey{Key: good[:5], Mark: []byte{2}}, codes.Internal, "wanted at least 8, got: 3"},
	} {
		_, _, err := tab.List(ctx, table.Selection[marketv1.Lease]{}, &query.PageRequest{Key: tc.key.Encode()})
		require.Equal(t, tc.code, status.Code(err), name)
		require.ErrorContains(t, err, tc.text, name)
	}
}

// A page key comes from outside: whatever it holds, the answer is a page or an error.
func FuzzPageKey(f *testing.F) {
	ctx, tab := newTable(f)
	fill(ctx, tab)
	_, next, err := tab.List(ctx, table.Selection[marketv1.Lease]{AllStates: []int32{1, 3}}, &query.PageRequest{Limit: 1})
	require.NoError(f, err)
	f.Add(next.NextKey[4:])
	f.Add([]byte{0, 0, 0})
	f.Add(append([]byte{0xff}, make([]byte, 300)...))
	f.Add([]byte{0, 0, 3, 'a', 0, 0, 1, 2})
	f.Fuzz(func(t *testing.T, rest []byte) {
		key := append(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(rest)), rest...)
		for _, reverse := range []bool{false, true} {
			page := &query.PageRequest{Limit: 1, Key: key, Reverse: reverse}
			_, next, err := tab.List(ctx, table.Selection[marketv1.Lease]{}, page)
			switch status.Code(err) {
			case codes.OK:
				require.NotNil(t, next)
			case codes.InvalidArgument, codes.Internal:
			default:
				t.Fatal(err)
			}
		}
	})
}
