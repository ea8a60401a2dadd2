// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"encoding/base64"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// A page key alone continues the filtered list it came from, in either direction.
func TestPagesContinueByKeyAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	other := walletOf(t, s.net, "2").Address()
	for _, owner := range []string{s.tenant, other} {
		for dseq := uint64(1); dseq <= 5; dseq++ {
			s.do(createDeployment(owner, dseq))
		}
	}
	s.do(closeDeployment(s.tenant, 3))
	client := deploymentv1beta4.NewQueryClient(s.net.Conn())
	for _, tc := range []struct {
		name    string
		filters deploymentv1beta4.DeploymentFilters
		reverse bool
		want    []uint64
	}{
		{"owner", deploymentv1beta4.DeploymentFilters{Owner: s.tenant}, false, []uint64{1, 2, 3, 4, 5}},
		{"owner backwards", deploymentv1beta4.DeploymentFilters{Owner: s.tenant}, true, []uint64{5, 4, 3, 2, 1}},
		{"owner, state", deploymentv1beta4.DeploymentFilters{Owner: s.tenant, State: "active"}, false, []uint64{1, 2, 4, 5}},
		{
			"state",
			deploymentv1beta4.DeploymentFilters{State: "active"},
			false,
			[]uint64{1, 2, 4, 5, 1, 2, 3, 4, 5},
		},
		{"all, by state", deploymentv1beta4.DeploymentFilters{}, false, []uint64{1, 2, 4, 5, 1, 2, 3, 4, 5, 3}},
		{"all, backwards", deploymentv1beta4.DeploymentFilters{}, true, []uint64{3, 5, 4, 3, 2, 1, 5, 4, 2, 1}},
	} {
		for _, limit := range []uint64{1, 2, 3, 100} {
			req := &deploymentv1beta4.QueryDeploymentsRequest{Filters: tc.filters, Pagination: page(limit, nil)}
			req.Pagination.Reverse = tc.reverse
			var got []uint64
			for {
				res, err := client.Deployments(t.Context(), req)
				require.NoError(t, err, tc.name)
				require.EqualValues(t, len(res.Deployments), res.Pagination.Total, "total counts the page")
				for _, d := range res.Deployments {
					got = append(got, d.Deployment.ID.DSeq)
				}
				if len(res.Pagination.NextKey) == 0 {
					break
				}
				req = &deploymentv1beta4.QueryDeploymentsRequest{Pagination: page(limit, res.Pagination.NextKey)}
				req.Pagination.Reverse = tc.reverse
			}
			require.Equal(t, tc.want, got, "%s by %d", tc.name, limit)
		}
	}
}

// listing is what lists over REST have in common.
type listing struct {
	Code       int    `json:"code"`
	Message    string `json:"message"`
	Pagination struct {
		NextKey *string `json:"next_key"`
		Total   string  `json:"total"`
	} `json:"pagination"`
}

// TestListsByOddQueries asks the lists of the recorded situation what was not recorded; the answers follow from
// messages.md 0.4, observed.md 12 and the network's own page keys.
func TestListsByOddQueries(t *testing.T) {
	t.Parallel()
	s := setUpQueries(t)
	s.do(&certv1.MsgRevokeCertificate{ID: certv1.ID{Owner: s.tenant, Serial: "1795362549386839399"}})
	const deployments, market = "/akash/deployment/v1beta4/deployments/list?", "/akash/market/v1beta5/"
	const all = "1001 1002 1003 1006 1007 1008 1004 1005" // open ones first
	const accounts, payments = "/akash/escrow/v1/types/accounts?", "/akash/escrow/v1/types/payments?"
	owner := "filters.owner=" + s.owner
	ask := func(path string) (int, listing, string) {
		code, _, body := callREST(t, "GET", s.net.REST()+path, nil)
		var got listing
		unmarshal(t, body, &got)
		return code, got, string(body)
	}
	// What comes back, by the numbers of deployments.
	for path, want := range map[string]string{
		deployments + owner + "&pagination.reverse=true&pagination.limit=2":               "1008 1007",
		deployments + owner + "&filters.state=active&pagination.offset=4":                 "1007 1008",
		deployments + owner + "&filters.state=active&pagination.offset=9":                 "",
		deployments + owner + "&filters.dseq=1004&filters.state=active":                   "",
		deployments + owner + "&filters.dseq=1004&filters.state=closed":                   "1004",
		deployments + "filters.dseq=1004":                                                 "1004",
		market + "orders/list?" + owner + "&filters.gseq=2":                               "1008",
		market + "orders/list?" + owner + "&filters.oseq=2":                               "1007",
		market + "orders/list?" + owner + "&filters.state=active":                         "1003 1008",
		market + "bids/list?filters.provider=" + s.seller2:                                "1002 1003",
		market + "bids/list?filters.provider=" + s.seller2 + "&filters.state=lost":        "1003",
		market + "bids/list?" + owner + "&filters.dseq=1002&filters.bseq=1":               "",
		market + "leases/list?filters.provider=" + s.seller1 + "&filters.state=closed":    "1005 1006 1007",
		market + "leases/list?filters.provider=" + s.seller1 + "&pagination.reverse=true": "1008 1007 1006 1005 1003",
		market + "leases/list?" + owner + "&filters.state=insufficient_funds":             "",
		accounts + "xid=deployment/" + s.owner + "/100":                                   all,
		accounts + "state=open&xid=bid/" + s.owner + "/1002/1/1/" + s.seller2:             "1002",
		payments + "xid=deployment/" + s.owner:                                            "1003 1008 1005 1006 1007",
		payments + "xid=deployment/" + s.owner + "/1003/1/1/" + s.seller1:                 "1003",
		payments + "state=overdrawn":                                                      "",
		accounts + "xid=nothing":                                                          "",
		accounts + "state=closed&pagination.reverse=true&pagination.offset=100":           "*",
	} {
		code, got, body := ask(path)
		require.Equal(t, 200, code, "%s: %s", path, body)
		require.Equal(t, strings.Contains(path, "limit"), got.Pagination.NextKey != nil, path)
		if want != "*" {
			require.Equal(t, want, dseqsOf(t, body), path)
		}
	}
	for path, want := range map[string]string{
		deployments + owner + "&pagination.offset=1&pagination.key=AAAA": "offset",
		market + "orders/list?pagination.offset=1":                       "offset",
		deployments + owner + "&pagination.key=AAAAAAA%3D":               "invalid checksum, 0x00000000 != 0xd202ef8d",
		market + "bids/list?pagination.key=AAAA":                         "pagination: invalid key: invalid key length",
		market + "bids/list?" + owner + "&filters.state=paused":          "invalid state value",
		market + "orders/list?filters.state=lost":                        "invalid state value",
		payments + "state=active":                                        "invalid state value",
		accounts + "pagination.key=AAAA":                                 "pagination: invalid key: invalid key length",
		"/akash/bme/v1/ledger?filters.status=done":                       "invalid status filter value",
		"/akash/bme/v1/ledger?pagination.offset=1":                       "offset is set, filter.status must be provided",
	} {
		code, got, body := ask(path)
		require.Equal(t, 400, code, "%s: %s", path, body)
		require.Equal(t, 3, got.Code, path)
		require.Contains(t, got.Message, want, path)
	}
	for path, want := range map[string]string{
		"/akash/cert/v1/certificates/list?pagination.key=AAAA":                                   "invalid key length",
		"/akash/cert/v1/certificates/list?filter.owner=akash1":                                   "decoding bech32 failed",
		"/akash/cert/v1/certificates/list?filter.serial=x&filter.owner=" + s.tenant:              "nil pointer dereference",
		"/akash/provider/v1beta4/providers?pagination.offset=1&pagination.key=AAAA":              "got both",
		"/akash/cert/v1/certificates/list?filter.owner=" + s.tenant + "&filter.serial=1" + nines: "max 40 bytes",
	} {
		code, got, body := ask(path)
		require.Equal(t, 500, code, "%s: %s", path, body)
		require.Equal(t, 13, got.Code, path)
		require.Contains(t, got.Message, want, path)
	}
	s.certificatePages(ask)
	s.bidPagesByProvider(ask)
}

// nines make a serial longer than any.
var nines = strings.Repeat("9", 100)

// dseqsOf are the numbers of deployments that a list's elements are about.
func dseqsOf(t *testing.T, body string) string {
	t.Helper()
	var got []string
	seen := map[string]bool{}
	for _, l := range leaves(t, []byte(body)) {
		found := dseqOf.FindStringSubmatch(strings.Trim(l.value, `"`))
		if found == nil || (l.key != "dseq" && l.key != "xid") || seen[l.element()] {
			continue
		}
		seen[l.element()] = true
		got = append(got, found[1])
	}
	return strings.Join(got, " ")
}

type asking = func(path string) (int, listing, string)

// certificatePages: a page that ends where the valid ones do has no next key; else it goes on with the revoked ones.
func (s *queryStage) certificatePages(ask asking) {
	t := s.t
	list := "/akash/cert/v1/certificates/list?filter.owner=" + s.tenant
	_, all, body := ask(list)
	require.Equal(t, "1", all.Pagination.Total, body)
	require.Contains(t, body, `"state":"revoked"`)
	for _, serial := range []int64{5, 6, 700} {
		s.do(certificate(t, s.tenant, big.NewInt(serial)))
	}
	var serials []string
	at := list + "&pagination.limit=2"
	for range 3 {
		_, got, body := ask(at)
		serials = append(serials, serialsOf(t, body)...)
		if got.Pagination.NextKey == nil {
			break
		}
		key, err := base64.StdEncoding.DecodeString(*got.Pagination.NextKey)
		require.NoError(t, err)
		require.Equal(t, []byte{2, 1, 2, 23, 0x11, 1, 20}, key[4:11], "two states, then the prefix of the valid ones")
		at = list + "&pagination.limit=2&pagination.key=" + url.QueryEscape(*got.Pagination.NextKey)
	}
	require.Equal(t, []string{"5", "6", "700", "1795362549386839399"}, serials)
	_, got, body := ask(list + "&pagination.limit=3")
	require.Equal(t, []string{"5", "6", "700"}, serialsOf(t, body))
	require.Nil(t, got.Pagination.NextKey, "as on the network: nothing tells of the revoked one")
	_, _, body = ask(list + "&filter.state=valid&pagination.reverse=true&pagination.offset=1")
	require.Equal(t, []string{"6", "5"}, serialsOf(t, body))
}

func serialsOf(t *testing.T, body string) (out []string) {
	t.Helper()
	for _, l := range leaves(t, []byte(body)) {
		if text, ok := l.text(); ok && l.key == "serial" {
			out = append(out, text)
		}
	}
	return out
}

// bidPagesByProvider walks a provider's bids one by one, by keys alone.
func (s *queryStage) bidPagesByProvider(ask asking) {
	t := s.t
	var got []string
	at := "/akash/market/v1beta5/bids/list?pagination.limit=1&filters.provider=" + s.seller1
	for range 10 {
		_, res, body := ask(at)
		got = append(got, dseqsOf(t, body))
		if res.Pagination.NextKey == nil {
			break
		}
		at = fmt.Sprintf("/akash/market/v1beta5/bids/list?pagination.limit=1&pagination.key=%s",
			url.QueryEscape(*res.Pagination.NextKey))
	}
	require.Equal(t, "1002 1003 1005 1006 1007 1008", strings.Join(got, " "))
}
