// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"cosmossdk.io/x/feegrant"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/grpc/status"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	discoveryv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/discovery/v1"
)

// noAccount is an address that nobody has: nobody knows a key for it.
const noAccount = "akash1qurswpc8qurswpc8qurswpc8qurswpc87g2aem"

// noHash is a transaction that nobody sent.
const noHash = "ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB"

func TestDiscovery(t *testing.T) {
	t.Parallel()
	w := chain(t)
	check(t, "observed.md 1", "RPC tells the chain id", func(t *testing.T) {
		got, err := w.comet.Status(t.Context())
		require.NoError(t, err)
		require.Equal(t, w.chainID, got.NodeInfo.Network)
		require.Equal(t, "on", got.NodeInfo.Other.TxIndex)
	})
	modules := map[string]string{
		"audit": "v1", "bme": "v1", "cert": "v1", "deployment": "v1beta4", "escrow": "v1", "market": "v1beta5",
		"oracle": "v2", "provider": "v1beta4", "take": "v1", "wasm": "v1",
	}
	for _, c := range []struct{ what, method, url, body string }{
		{"as a path", http.MethodGet, w.rpc + "/akash", ""},
		{"as JSON-RPC", http.MethodPost, w.rpc, `{"jsonrpc":"2.0","id":1,"method":"akash","params":{}}`},
	} {
		check(t, "observed.md 1, messages.md 8", "the RPC method akash lists versions, "+c.what, func(t *testing.T) {
			got := call(t, c.method, c.url, c.body)
			require.Equal(t, http.StatusOK, got.status, got.body)
			var answer struct {
				Result struct {
					ClientInfo struct {
						APIVersion string `json:"api_version"`
					} `json:"client_info"`
					Supported []struct {
						APIVersion string `json:"api_version"`
						Modules    []struct{ Module, Version string }
					} `json:"supported_versions"`
				}
			}
			require.NoError(t, json.Unmarshal([]byte(got.body), &answer))
			require.Equal(t, "v1beta3", answer.Result.ClientInfo.APIVersion)
			var versions []string
			for _, v := range answer.Result.Supported {
				versions = append(versions, v.APIVersion)
				listed := map[string]string{}
				for _, m := range v.Modules {
					listed[m.Module] = m.Version
				}
				require.Equal(t, modules, listed, v.APIVersion)
			}
			require.Equal(t, []string{"v1beta4", "v1beta3"}, versions)
		})
	}
	check(t, "messages.md 8", "discovery over gRPC", func(t *testing.T) {
		got, err := discoveryv1.NewDiscoveryClient(w.conn).GetInfo(t.Context(), &discoveryv1.GetInfoRequest{})
		require.NoError(t, err)
		require.Equal(t, "v1beta3", got.Info.ClientInfo.ApiVersion)
		require.Len(t, got.Info.SupportedVersions, 2)
	})
	check(t, "messages.md 8", "discovery over REST", func(t *testing.T) {
		got := w.getOK(t, "/akash/discovery/v1/info")
		require.Equal(t, "v1beta3", at(t, got, "info", "client_info", "api_version"))
		require.Equal(t, "v1beta4", at(t, got, "info", "supported_versions", 0, "api_version"))
	})
	//nolint:staticcheck // the SDK's reflection is of v1alpha, which grpc-go calls deprecated
	check(t, "pitfalls.md 11", "gRPC reflection lists the services", func(t *testing.T) {
		stream, err := reflectionv1.NewServerReflectionClient(w.conn).ServerReflectionInfo(t.Context())
		require.NoError(t, err)
		require.NoError(t, stream.Send(&reflectionv1.ServerReflectionRequest{
			MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{},
		}))
		res, err := stream.Recv()
		require.NoError(t, err)
		var names []string
		for _, service := range res.GetListServicesResponse().Service {
			names = append(names, service.Name)
		}
		require.Subset(t, names, []string{
			"akash.audit.v1.Query", "akash.bme.v1.Query", "akash.cert.v1.Query", "akash.deployment.v1beta4.Query",
			"akash.escrow.v1.Query", "akash.market.v1beta5.Query", "akash.oracle.v2.Query", "akash.provider.v1beta4.Query",
			"cosmos.auth.v1beta1.Query", "cosmos.authz.v1beta1.Query", "cosmos.bank.v1beta1.Query",
			"cosmos.feegrant.v1beta1.Query", "cosmos.tx.v1beta1.Service", "cosmos.base.tendermint.v1beta1.Service",
		})
	})
	check(t, "observed.md 1", "REST node_info names chain and application", func(t *testing.T) {
		got := w.getOK(t, "/cosmos/base/tendermint/v1beta1/node_info")
		require.Equal(t, w.chainID, at(t, got, "default_node_info", "network"))
		require.Equal(t, "akash", at(t, got, "application_version", "name"))
		require.Equal(t, "akash", at(t, got, "application_version", "app_name"))
		require.NotEmpty(t, at(t, got, "application_version", "version"))
		require.Contains(t, at(t, got, "application_version"), "cosmos_sdk_version")
	})
	check(t, "observed.md 8", "REST tells the least gas price in uakt", func(t *testing.T) {
		got, _ := at(t, w.getOK(t, "/cosmos/base/node/v1beta1/config"), "minimum_gas_price").(string)
		require.Regexp(t, `^\d+\.\d{18}uakt$`, got)
	})
	check(t, "messages.md 13", "REST gives the latest block, heights as text", func(t *testing.T) {
		got := w.getOK(t, "/cosmos/base/tendermint/v1beta1/blocks/latest")
		require.Equal(t, w.chainID, at(t, got, "block", "header", "chain_id"))
		require.Regexp(t, `^\d+$`, at(t, got, "block", "header", "height"))
		text, _ := at(t, got, "block", "header", "time").(string)
		_, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err)
	})
}

func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	w := chain(t)
	nobody := "akash1lh6cxaa5hl0wv73jjct2mk7x2z6rq7deagy78u" // any address; what is asked for does not exist
	deployment := "/akash/deployment/v1beta4/deployments/info?id.owner=" + nobody + "&id.dseq=18446744073709551615"
	order := "&id.dseq=18446744073709551615&id.gseq=1&id.oseq=1"
	for _, c := range []struct {
		fact, what, path string
		status, code     int
		message          string
	}{
		{"observed.md 7d", "deployment", deployment, 404, 5, "codespace deployment code 4: Deployment not found"},
		{
			"observed.md 7d", "group", "/akash/deployment/v1beta4/groups/info?id.owner=" + nobody +
				"&id.dseq=18446744073709551615&id.gseq=7", 404, 5, "codespace deployment code 14: Group not found",
		},
		{
			"observed.md 7d", "order", "/akash/market/v1beta5/orders/info?id.owner=" + nobody + order,
			404, 5, "codespace market code 15: invalid order: order not found",
		},
		{
			"observed.md 7d", "lease", "/akash/market/v1beta5/leases/info?id.owner=" + nobody + order +
				"&id.provider=" + noAccount, 404, 5, "codespace market code 20: invalid lease: lease not found",
		},
		{
			"observed.md 7d", "Akash provider", "/akash/provider/v1beta4/providers/" + noAccount,
			404, 5, "codespace provider code 3: invalid provider: address not found",
		},
		{
			"observed.md 12", "audit", "/akash/audit/v1/audit/attributes/" + noAccount + "/list",
			404, 5, "codespace audit code 1: invalid provider: address not found",
		},
		{
			"observed.md 7d", "account", "/cosmos/auth/v1beta1/account_info/" + noAccount,
			404, 5, "account " + noAccount + " not found",
		},
		{
			"observed.md 7d", "malformed account", "/cosmos/auth/v1beta1/accounts/abc",
			500, 2, "decoding bech32 failed: invalid bech32 string length 3",
		},
		{
			"conformance node/queries bank_bad_address", "malformed account's balance", "/cosmos/bank/v1beta1/balances/abc",
			400, 3, "invalid address: decoding bech32 failed: invalid bech32 string length 3",
		},
		{"observed.md 7d", "transaction", "/cosmos/tx/v1beta1/txs/" + noHash, 404, 5, "tx not found: " + noHash},
		{
			"conformance node/queries tx_bad_hash", "transaction without a hash", "/cosmos/tx/v1beta1/txs/nothex",
			500, 2, "encoding/hex: invalid byte: U+006E 'n'",
		},
		{"observed.md 7d", "route", "/akash/deployment/v1beta3/deployments/list", 501, 12, "Not Implemented"},
		{
			"observed.md 12", "malformed owner's deployment",
			"/akash/deployment/v1beta4/deployments/info?id.owner=akash1notvalid&id.dseq=1", 400, 3, "invalid owner address",
		},
		{
			"conformance node/queries bid_bad_args", "bid without an Akash provider",
			"/akash/market/v1beta5/bids/info?id.owner=" + nobody + "&id.dseq=1002", 400, 3, "invalid provider address",
		},
		{
			"observed.md 12", "malformed search", "/cosmos/tx/v1beta1/txs?query=message.sender%3Dnobody",
			500, 13, "failed to search for txs: offset 15: got tag, wanted number, timestamp, datestamp or string",
		},
	} {
		check(t, c.fact, "REST misses: "+c.what, func(t *testing.T) {
			w.misses(t, c.path, c.status, c.code, c.message)
		})
	}
	check(t, "observed.md 8", "the path form of escrow accounts is not implemented", func(t *testing.T) {
		got := w.get(t, "/akash/escrow/v1/types/accounts/open/deployment/"+nobody+"/1")
		require.Equal(t, http.StatusNotImplemented, got.status, got.body)
	})
	check(t, "conformance node/queries bank_by_denom_none", "no coins of a denomination are 0", func(t *testing.T) {
		got := w.getOK(t, "/cosmos/bank/v1beta1/balances/"+noAccount+"/by_denom?denom=uusdc")
		require.Equal(t, map[string]any{"balance": map[string]any{"denom": "uusdc", "amount": "0"}}, got)
	})
	check(t, "conformance node/queries tx_search_none", "a search that finds nothing", func(t *testing.T) {
		got := w.get(t, "/cosmos/tx/v1beta1/txs?query=message.sender%3D%27nobody%27")
		require.Equal(t, http.StatusOK, got.status)
		require.JSONEq(t, `{"txs":[],"tx_responses":[],"pagination":null,"total":"0"}`, got.body)
	})
}

func TestErrorsOverGRPC(t *testing.T) {
	t.Parallel()
	w := chain(t)
	says := func(t *testing.T, err error, code codes.Code, message string) {
		t.Helper()
		require.Equal(t, code, status.Code(err), "%v", err)
		require.Equal(t, message, status.Convert(err).Message())
	}
	check(t, "observed.md 12", "a deployment that is not there", func(t *testing.T) {
		_, err := deploymentv1beta4.NewQueryClient(w.conn).Deployment(t.Context(),
			&deploymentv1beta4.QueryDeploymentRequest{ID: w.pool.funder.id(1<<64 - 1)})
		says(t, err, codes.NotFound, "codespace deployment code 4: Deployment not found")
	})
	check(t, "pitfalls.md 11", "an account that is not there", func(t *testing.T) {
		_, err := authtypes.NewQueryClient(w.conn).AccountInfo(t.Context(),
			&authtypes.QueryAccountInfoRequest{Address: noAccount})
		says(t, err, codes.NotFound, "account "+noAccount+" not found")
	})
	check(t, "observed.md 12", "an allowance that is not there", func(t *testing.T) {
		_, err := feegrant.NewQueryClient(w.conn).Allowance(t.Context(),
			&feegrant.QueryAllowanceRequest{Granter: noAccount, Grantee: w.pool.funder.addr})
		says(t, err, codes.Internal, "fee-grant not found: not found")
	})
	check(t, "conformance node/queries grpc_unknown_method", "a method that is not there", func(t *testing.T) {
		err := w.conn.Invoke(t.Context(), "/akash.deployment.v1beta4.Query/Nothing",
			&deploymentv1beta4.QueryParamsRequest{}, &deploymentv1beta4.QueryParamsResponse{})
		says(t, err, codes.Unimplemented, "unknown method Nothing for service akash.deployment.v1beta4.Query")
	})
	check(t, "conformance node/queries grpc_unknown_service", "a service that is not there", func(t *testing.T) {
		err := w.conn.Invoke(t.Context(), "/akash.deployment.v1beta3.Query/Deployment",
			&deploymentv1beta4.QueryParamsRequest{}, &deploymentv1beta4.QueryParamsResponse{})
		says(t, err, codes.Unimplemented, "unknown service akash.deployment.v1beta3.Query")
	})
}

func TestErrorsOverABCI(t *testing.T) {
	t.Parallel()
	w := chain(t)
	const query = "/akash.deployment.v1beta4.Query/Deployment"
	missing := deploymentv1beta4.QueryDeploymentRequest{ID: w.pool.funder.id(1<<64 - 1)}
	raw, err := missing.Marshal()
	require.NoError(t, err)
	for _, c := range []struct {
		fact, what, path, data string
		height                 int64
		code                   uint32
		log                    string
	}{
		{"observed.md 12", "not there", query, hexText(raw), 0, 22, "Deployment not found: key not found"},
		{
			"observed.md 12", "an empty question", query, "", 0, 18,
			"rpc error: code = InvalidArgument desc = invalid owner address: invalid request",
		},
		{
			"conformance node/queries abci_deployment_garbage", "garbage", query, "ffff", 0, 18,
			"unexpected EOF: invalid request",
		},
		{
			"observed.md 12", "a height to come", query, hexText(raw), 1 << 40, 26,
			"cannot query with height in the future; please provide a valid height: invalid height",
		},
		{"observed.md 12", "a path that is not there", "/akash.nothing.v1.Query/Nothing", "", 0, 6, ""},
		{
			"conformance node/queries abci_simulate_empty", "a simulation of nothing",
			"/cosmos.tx.v1beta1.Service/Simulate", "", 0, 18,
			"rpc error: code = InvalidArgument desc = empty txBytes is not allowed: invalid request",
		},
	} {
		check(t, c.fact, "ABCI query: "+c.what, func(t *testing.T) {
			got := w.abci(t, c.path, c.data, c.height)
			require.Equal(t, "sdk", got.Response.Codespace, got.Response.Log)
			require.Equal(t, c.code, got.Response.Code, got.Response.Log)
			if c.log != "" {
				require.Equal(t, c.log, got.Response.Log)
			}
		})
	}
}

func TestGarbage(t *testing.T) {
	t.Parallel()
	w := chain(t)
	check(t, "observed.md 12", "broadcast of garbage is HTTP 200 with sdk 2", func(t *testing.T) {
		got := call(t, http.MethodPost, w.rest+"/cosmos/tx/v1beta1/txs", `{"tx_bytes":"AAAA","mode":"BROADCAST_MODE_SYNC"}`)
		require.Equal(t, http.StatusOK, got.status, got.body)
		res := at(t, got.tree(t), "tx_response")
		require.InDelta(t, 2, at(t, res, "code"), 0)
		require.Equal(t, "sdk", at(t, res, "codespace"))
		require.Equal(t, "0", at(t, res, "height"))
		require.Equal(t, "709E80C88487A2411E1EE4DFB9F22A861492D20C4765150C0C794ABD70F8147C", at(t, res, "txhash"))
		require.Contains(t, at(t, res, "raw_log"), "tx parse error")
	})
	check(t, "conformance node/queries simulate_garbage", "simulation of garbage is HTTP 500", func(t *testing.T) {
		got := call(t, http.MethodPost, w.rest+"/cosmos/tx/v1beta1/simulate", `{"tx_bytes":"AAAA"}`)
		require.Equal(t, http.StatusInternalServerError, got.status, got.body)
		message, _ := at(t, got.tree(t), "message").(string)
		// Protobuf writes one of two kinds of space into its errors, lest anybody compares them.
		require.Regexp(t, `^invalid length; proto:.invalid field number: tx parse error: tx parse error `+
			`\[.*\] with gas used: '\d+'$`, message)
	})
}
