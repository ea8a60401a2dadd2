// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	rpcclient "github.com/cometbft/cometbft/rpc/client"
	rpchttp "github.com/cometbft/cometbft/rpc/client/http"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

var queryDirs = []string{"../../../shared/conformance/node/queries", "testdata/queries"}

// query is a question to an official node and its answer, over one of three transports.
type query struct {
	Request struct {
		Transport string          `json:"transport"` // "abci", "grpc", or "" for REST
		Method    string          `json:"method"`
		Path      string          `json:"path"`
		Body      json.RawMessage `json:"body"`
		DataHex   string          `json:"data_hex"`
		Height    int64           `json:"height"`
	} `json:"request"`
	Response    json.RawMessage `json:"response"`
	Status      json.RawMessage `json:"status"`
	ContentType string          `json:"content_type"`
	Body        json.RawMessage `json:"body"`
}

func loadQuery(t *testing.T, name string) query {
	t.Helper()
	for _, dir := range queryDirs {
		bz, err := os.ReadFile(filepath.Join(dir, name+".json"))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		require.NoError(t, err)
		var q query
		require.NoError(t, json.Unmarshal(bz, &q), name)
		return q
	}
	t.Fatalf("no query %q", name)
	return query{}
}

// setUpQueries brings the state about in which the queries were recorded: the
// granter's deployments 1001 to 1008.
func setUpQueries(t *testing.T) *stage {
	t.Helper()
	s := newStage(t)
	s.replay("seed_prov1")
	s.replay("prov_create2")
	owner := walletOf(t, s.net, "8").Address()
	two := createDeployment(owner, 1008)
	two.Groups = append(two.Groups, groupSpec("group2"))
	for dseq := uint64(1001); dseq <= 1007; dseq++ {
		s.do(createDeployment(owner, dseq))
	}
	s.do(two)
	for _, dseq := range []uint64{1002, 1003, 1005, 1007} {
		s.do(createBid(bidID(owner, dseq, 1, s.seller1), "100"))
	}
	s.do(createBid(bidID(owner, 1002, 1, s.seller2), "90"))
	lease := func(dseq uint64) marketv1.LeaseID { return marketv1.LeaseID(bidID(owner, dseq, 1, s.seller1)) }
	for _, dseq := range []uint64{1003, 1005, 1007} {
		s.do(&marketv1beta5.MsgCreateLease{BidID: marketv1.BidID(lease(dseq))})
	}
	s.do(&deploymentv1beta4.MsgCloseDeployment{ID: deploymentv1.DeploymentID{Owner: owner, DSeq: 1004}})
	s.do(&deploymentv1beta4.MsgCloseDeployment{ID: deploymentv1.DeploymentID{Owner: owner, DSeq: 1005}})
	s.do(&marketv1beta5.MsgCloseLease{ID: lease(1007)})
	s.do(&marketv1beta5.MsgWithdrawLease{ID: lease(1003)})
	s.do(accountDeposit(owner, 1001, "uact", 1_000_000))
	s.do(&deploymentv1beta4.MsgPauseGroup{ID: group(owner, 1006)})

	auditor := walletOf(t, s.net, "0")
	s.do(accountFunds(owner, auditor.Address()))
	s.wallets[auditor.Address()] = auditor
	s.do(&auditv1.MsgSignProviderAttributes{
		Owner: s.seller1, Auditor: auditor.Address(),
		Attributes: []attributesv1.Attribute{{Key: "tier", Value: "community"}, {Key: "region", Value: "us-west"}},
	})
	return s
}

func TestReplayQueries(t *testing.T) {
	t.Parallel()
	s := setUpQueries(t)
	rpc, err := rpchttp.New(s.net.RPC(), "/websocket")
	require.NoError(t, err)
	conn, err := grpc.NewClient(s.net.GRPC(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	for _, name := range strings.Fields(queryNames) {
		t.Run(name, func(t *testing.T) {
			q := loadQuery(t, name)
			switch q.Request.Transport {
			case "abci":
				replayABCI(t, rpc, q)
			case "grpc":
				replayGRPC(t, conn, q)
			default:
				replayREST(t, s.net.REST(), q)
			}
		})
	}
}

// queryNames are the recordings whose situation setUpQueries makes.
const queryNames = `
abci_account_not_found abci_deployment_empty abci_deployment_garbage abci_deployment_not_found abci_future_height
abci_lease_not_found abci_order_not_found abci_provider_not_found abci_simulate_empty abci_tx_not_found
audit_list audit_none audit_owner auth_account_info_missing auth_bad_address
bank_bad_address bank_by_denom_none bid_bad_args bid_info bids_limit1 bids_none bids_of_dseq
certs_bad_state certs_none certs_serial_unknown
dep_active_bids dep_active_no_bids dep_bad_owner dep_closed_after_lease dep_dseq_text dep_dseq_zero
dep_lease_closed_new_order dep_leased dep_two_groups dep_wrong_prefix
deps_active_limit2 deps_bad_key deps_bad_state deps_count_total deps_limit1 deps_offset deps_unknown_owner
escrow_account_closed escrow_account_wrong_state escrow_bad_state escrow_payments
group_info group_not_found grpc_account_not_found grpc_allowance_not_found grpc_deployment_bad_owner
grpc_deployment_not_found grpc_group_not_found grpc_lease_not_found grpc_order_not_found grpc_provider_not_found
grpc_tx_not_found grpc_unknown_method grpc_unknown_service
lease_closed lease_not_found leases_bad_state node_config order_info order_not_found orders_of_reopened
params_market provider provider_not_found simulate_garbage tx_bad_hash tx_missing tx_search_bad tx_search_none
broadcast_garbage unknown_route`

func replayABCI(t *testing.T, rpc *rpchttp.HTTP, q query) {
	t.Helper()
	data, err := hex.DecodeString(q.Request.DataHex)
	require.NoError(t, err)
	res, err := rpc.ABCIQueryWithOptions(t.Context(), q.Request.Path, data,
		rpcclient.ABCIQueryOptions{Height: q.Request.Height})
	require.NoError(t, err)
	var want struct {
		Code      uint32 `json:"code"`
		Codespace string `json:"codespace"`
		Log       string `json:"log"`
	}
	require.NoError(t, json.Unmarshal(q.Response, &want))
	require.Equal(t, want.Log, res.Response.Log)
	require.Equal(t, want.Code, res.Response.Code)
	require.Equal(t, want.Codespace, res.Response.Codespace)
}

// rawCodec sends and receives bytes as they are.
type rawCodec struct{}

func (rawCodec) Marshal(v any) ([]byte, error) {
	bz, _ := v.([]byte)
	return bz, nil
}
func (rawCodec) Unmarshal([]byte, any) error { return nil }
func (rawCodec) Name() string                { return "proto" }

func replayGRPC(t *testing.T, conn *grpc.ClientConn, q query) {
	t.Helper()
	data, err := hex.DecodeString(q.Request.DataHex)
	require.NoError(t, err)
	err = conn.Invoke(t.Context(), q.Request.Method, data, nil, grpc.ForceCodec(rawCodec{}))
	var want struct {
		Code    uint32 `json:"code"`
		Message string `json:"message"`
	}
	require.NoError(t, json.Unmarshal(q.Status, &want))
	require.Equal(t, want.Message, status.Convert(err).Message())
	require.EqualValues(t, want.Code, status.Code(err))
}

func replayREST(t *testing.T, base string, q query) {
	t.Helper()
	code, contentType, body := callREST(t, q.Request.Method, base+q.Request.Path, q.Request.Body)
	var want int
	require.NoError(t, json.Unmarshal(q.Status, &want))
	require.Equal(t, want, code, "%s", body)
	require.Equal(t, q.ContentType, contentType)
	require.JSONEq(t, settle(t, q.Body), settle(t, body))
}

func callREST(t *testing.T, method, url string, body []byte) (int, string, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, res.Body.Close()) }()
	got, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, res.Header.Get("Content-Type"), got
}

// runDependent are fields that hold heights, hashes or money that depends on how
// many blocks went by; only that they are there, and whether they are null or zero, is compared.
var runDependent = regexp.MustCompile(`^(created_at|closed_on|settled_at|height|hash|next_key)$`)

// moneyParents are objects and lists whose amounts depend on the blocks paid for.
var moneyParents = regexp.MustCompile(`^(transferred|funds|deposits|withdrawn)$`)

func settle(t *testing.T, body []byte) string {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal(body, &v), "%s", body)
	out, err := json.Marshal(mask(v, false))
	require.NoError(t, err)
	return string(out)
}

func mask(v any, money bool) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			text, isText := value.(string)
			switch {
			case isText && runDependent.MatchString(key) && text != "0":
				v[key] = "*"
			case isText && money && key == "amount" && strings.Trim(text, "0.") != "":
				v[key] = "*"
			case isText && (key == "message" || key == "raw_log"):
				// The protobuf library writes one of two kinds of space, by build.
				text = strings.ReplaceAll(text, "\u00a0", " ")
				v[key] = gasUsed.ReplaceAllString(text, "gas used: *")
			default:
				v[key] = mask(value, money || moneyParents.MatchString(key))
			}
		}
	case []any:
		for i := range v {
			v[i] = mask(v[i], money)
		}
	}
	return v
}

var gasUsed = regexp.MustCompile(`(\[[^\]]*\] with )?gas used: '\d+'`)

// A page key alone continues the filtered list it came from.
func TestPagesContinueByKeyAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	other := walletOf(t, s.net, "2").Address()
	for _, owner := range []string{s.tenant, other} {
		for dseq := uint64(1); dseq <= 5; dseq++ {
			s.do(createDeployment(owner, dseq))
		}
	}
	s.do(&deploymentv1beta4.MsgCloseDeployment{ID: deploymentv1.DeploymentID{Owner: s.tenant, DSeq: 3}})
	client := deploymentv1beta4.NewQueryClient(s.net.Conn())
	for _, tc := range []struct {
		name    string
		filters deploymentv1beta4.DeploymentFilters
		want    []uint64
	}{
		{"owner", deploymentv1beta4.DeploymentFilters{Owner: s.tenant}, []uint64{1, 2, 3, 4, 5}},
		{"owner and state", deploymentv1beta4.DeploymentFilters{Owner: s.tenant, State: "active"}, []uint64{1, 2, 4, 5}},
		{"state", deploymentv1beta4.DeploymentFilters{State: "active"}, []uint64{1, 2, 4, 5, 1, 2, 3, 4, 5}},
		{"all, by state", deploymentv1beta4.DeploymentFilters{}, []uint64{1, 2, 4, 5, 1, 2, 3, 4, 5, 3}},
	} {
		for _, limit := range []uint64{1, 2, 3, 100} {
			req := &deploymentv1beta4.QueryDeploymentsRequest{Filters: tc.filters, Pagination: page(limit, nil)}
			var got []uint64
			for {
				res, err := client.Deployments(context.WithoutCancel(t.Context()), req)
				require.NoError(t, err, tc.name)
				require.EqualValues(t, len(res.Deployments), res.Pagination.Total, "total counts the page")
				for _, d := range res.Deployments {
					got = append(got, d.Deployment.ID.DSeq)
				}
				if len(res.Pagination.NextKey) == 0 {
					break
				}
				req = &deploymentv1beta4.QueryDeploymentsRequest{Pagination: page(limit, res.Pagination.NextKey)}
			}
			require.Equal(t, tc.want, got, "%s by %d", tc.name, limit)
		}
	}
}
