// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// restNode answers REST paths with what a test says, each with a height.
type restNode struct {
	mu      sync.Mutex
	answers map[string]string // by path with query, or "POST path"
	refuse  map[string]int    // HTTP status of an answer, 200 if none
	header  http.Header
	asked   []string
}

const latestBlockPath = "/cosmos/base/tendermint/v1beta1/blocks/latest"

func (n *restNode) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	name := r.URL.RequestURI()
	if r.Method == http.MethodPost {
		var body map[string]string
		_ = json.NewDecoder(r.Body).Decode(&body)
		name = fmt.Sprint("POST ", name, " ", body["tx_bytes"], " ", body["mode"])
	}
	n.asked = append(n.asked, name)
	for key, values := range n.header {
		w.Header()[key] = values
	}
	if code := n.refuse[name]; code != 0 {
		w.WriteHeader(code)
	}
	answer, ok := n.answers[name]
	switch {
	case !ok && name == latestBlockPath:
		answer = `{"block":{"header":{"chain_id":"fake-1","height":"42","time":"2026-03-04T05:06:07.0000089Z"}}}`
	case !ok:
		w.WriteHeader(http.StatusNotImplemented)
		answer = `{"code":12,"message":"Not Implemented","details":[]}`
	}
	_, _ = w.Write([]byte(answer))
}

func (n *restNode) dial(t *testing.T) *chain.Client {
	t.Helper()
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	return dial(t, chain.Config{REST: []string{server.URL}})
}

func TestREST_queries(t *testing.T) {
	t.Parallel()
	list := "/akash/deployment/v1beta4/deployments/list?filters.owner=" + owner + "&filters.state=active"
	n := &restNode{
		header: http.Header{"Grpc-Metadata-X-Cosmos-Block-Height": {"42"}},
		refuse: map[string]int{
			"/akash/deployment/v1beta4/deployments/info?id.dseq=8&id.owner=" + owner:  http.StatusNotFound,
			"/cosmos/auth/v1beta1/account_info/" + seller:                             http.StatusNotFound,
			"/akash/market/v1beta5/orders/list?filters.owner=x&pagination.limit=1000": http.StatusBadRequest,
		},
		answers: map[string]string{
			"/akash/deployment/v1beta4/deployments/info?id.dseq=7&id.owner=" + owner: `{"deployment":{"id":{"owner":"` + owner +
				`","dseq":"7"},"state":"active","hash":"AQI=","created_at":"5","reclamation":{"min_window":"60s"}},
				"groups":[{"id":{"owner":"` + owner + `","dseq":"7","gseq":1},"state":"open","group_spec":{"name":"g","resources":[
				{"resource":{"id":1,"cpu":{"units":{"val":"500"},"attributes":[]}},"count":2,
				"price":{"denom":"uact","amount":"1.500000000000000000"}}]},"created_at":"5"}],"escrow_account":null,"news":1}`,
			"/akash/deployment/v1beta4/deployments/info?id.dseq=8&id.owner=" + owner: `{"code":5,"message":` +
				`"codespace deployment code 4: Deployment not found","details":[]}`,
			list + "&pagination.limit=1000": `{"deployments":[{"deployment":{"id":{"dseq":"1"}}}],
				"pagination":{"next_key":"` + base64.StdEncoding.EncodeToString([]byte{0xfb, 0xff}) + `","total":"1"}}`,
			list + "&pagination.key=%2B%2F8%3D&pagination.limit=1000": `{"deployments":[{"deployment":{"id":{"dseq":"2"}}}],
				"pagination":{"next_key":null,"total":"1"}}`,
			"/akash/market/v1beta5/orders/list?filters.owner=x&pagination.limit=1000": `{"code":3,"message":` +
				`"invalid state value"}`,
			"/cosmos/auth/v1beta1/account_info/" + owner: `{"info":{"address":"` + owner +
				`","pub_key":{"@type":"/x.Unknown","key":"AQ=="},"account_number":"7","sequence":"22"}}`,
			"/cosmos/auth/v1beta1/account_info/" + seller: `{"code":5,"message":"account ` + seller + ` not found"}`,
			"/cosmos/bank/v1beta1/spendable_balances/" + owner + "?pagination.limit=1000": `{"balances":[
				{"denom":"uact","amount":"500"},{"denom":"uakt","amount":"9"}],"pagination":{"next_key":null,"total":"2"}}`,
			"/cosmos/base/node/v1beta1/config":            `{"minimum_gas_price":"0.002500000000000000uakt"}`,
			"/akash/provider/v1beta4/providers/" + seller: `{"provider":{"owner":"` + seller + `","host_uri":"https://h"}}`,
		},
	}
	client := n.dial(t)
	block, err := client.LatestBlock(t.Context())
	require.NoError(t, err)
	require.Equal(t, chain.Block{Height: 42, Time: time.Date(2026, 3, 4, 5, 6, 7, 8900, time.UTC)}, block)

	id := ids.DeploymentID{Owner: owner, DSeq: 7}
	found, err := client.FindDeployment(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, id, chain.DeploymentIDOf(found.Deployment.ID))
	require.Equal(t, []byte{1, 2}, found.Deployment.Hash)
	require.Equal(t, time.Minute, found.Deployment.Reclamation.MinWindow)
	resource := found.Groups[0].GroupSpec.Resources[0]
	require.Equal(t, "500", resource.Resource.CPU.Units.Val.String())
	require.Equal(t, "1.500000000000000000uact", resource.Price.String())
	id.DSeq = 8
	_, err = client.FindDeployment(t.Context(), id)
	require.ErrorIs(t, err, chain.ErrDeploymentNotFound)

	all, err := client.ListDeployments(t.Context(), owner, "active")
	require.NoError(t, err)
	require.Len(t, all, 2)
	_, err = client.ListOrders(t.Context(), ids.GroupID{Owner: "x"}, "")
	require.ErrorIs(t, err, chain.ErrInvalidRequest)

	account, err := client.FindAccount(t.Context(), owner)
	require.NoError(t, err)
	require.Equal(t, chain.Account{Address: owner, Number: 7, Sequence: 22, HasPubKey: true}, account)
	_, err = client.FindAccount(t.Context(), seller)
	require.ErrorIs(t, err, chain.ErrAccountNotFound)
	coins, err := client.SpendableBalances(t.Context(), owner)
	require.NoError(t, err)
	require.Equal(t, "500uact,9uakt", coins.String())
	prices, err := client.MinGasPrices(t.Context())
	require.NoError(t, err)
	require.Equal(t, "0.002500000000000000uakt", prices.String())
	provider, err := client.FindProvider(t.Context(), seller)
	require.NoError(t, err)
	require.Equal(t, "https://h", provider.HostURI)
	_, err = client.MarketParams(t.Context())
	require.ErrorIs(t, err, chain.ErrUnsupported)
	_, err = client.InvokeRaw(t.Context(), "/akash.oracle.v2.Query/Prices", nil)
	require.ErrorIs(t, err, chain.ErrUnsupported)
}

// TestREST_minting reads what minting takes and what became of it; the answers are in the form of the network's.
func TestREST_minting(t *testing.T) {
	t.Parallel()
	ledger := "/akash/bme/v1/ledger?filters.source=" + owner + "&filters.status=ledger_record_status_"
	const page = "&filters.to_denom=uact&pagination.limit=100&pagination.reverse=true"
	n := &restNode{
		header: http.Header{"Grpc-Metadata-X-Cosmos-Block-Height": {"42"}},
		answers: map[string]string{
			"/akash/bme/v1/status": `{"status":"mint_status_healthy","collateral_ratio":"1.1","mints_allowed":true,
				"refunds_allowed":true}`,
			"/akash/bme/v1/params": `{"params":{"min_epoch_blocks":"10","mint_spread_bps":25,
				"min_mint":[{"denom":"uact","amount":"10000000"}]}}`,
			"/akash/oracle/v2/aggregated_price/akt": `{"aggregated_price":{"denom":"akt","twap":"1.250000000000000000"}}`,
			ledger + "pending" + page: `{"records":[{"id":{"denom":"uakt","to_denom":"uact","source":"` + owner + `",
				"height":"40","sequence":"2"},"status":"ledger_record_status_pending","pending_record":{"owner":"` + owner +
				`","coins_to_burn":{"denom":"uakt","amount":"7"}}}],"pagination":{"next_key":null,"total":"1"}}`,
			ledger + "canceled" + page: `{"records":[{"id":{"denom":"uakt","to_denom":"uact","source":"` + owner + `",
				"height":"30","sequence":"1"},"status":"ledger_record_status_canceled","canceled_record":{"owner":"` + owner +
				`","coins_to_burn":{"denom":"uakt","amount":"5"},"cancel_reason":"minimum_mint"}}]}`,
		},
	}
	client := n.dial(t)
	status, err := client.MintStatus(t.Context())
	require.NoError(t, err)
	require.True(t, status.Allowed)
	require.Equal(t, "1.250000000000000000 25 10000000 10",
		fmt.Sprint(status.USDPerAKT, status.SpreadBPS, status.LeastUACT, status.EpochBlocks))
	records, err := client.MintRecords(t.Context(), owner)
	require.NoError(t, err)
	require.Len(t, records, 2)
	require.Equal(t, "40 2 7uakt true ", fmt.Sprint(records[0].Height, records[0].Sequence, " ", records[0].Burned, " ",
		records[0].Pending, " ", records[0].Canceled))
	require.Equal(t, "30 1 5uakt false minimum_mint", fmt.Sprint(records[1].Height, records[1].Sequence, " ",
		records[1].Burned, " ", records[1].Pending, " ", records[1].Canceled))
}

func TestREST_transactions(t *testing.T) {
	t.Parallel()
	hash := chain.TxHash([]byte("tx"))
	n := &restNode{
		refuse: map[string]int{
			"POST /cosmos/tx/v1beta1/simulate YmFk ": http.StatusInternalServerError,
			"/cosmos/tx/v1beta1/txs/AB":              http.StatusNotFound,
		},
		answers: map[string]string{
			"POST /cosmos/tx/v1beta1/simulate dHg= ": `{"gas_info":{"gas_wanted":"18446744073709551615","gas_used":"9"},
				"result":{"msg_responses":[{"@type":"/x.Unknown"}]}}`,
			"POST /cosmos/tx/v1beta1/simulate YmFk ": `{"code":2,"message":"failed to execute message; ` +
				`message index: 3: Deployment exists [f.go:1] with gas used: '5'"}`,
			"POST /cosmos/tx/v1beta1/txs dHg= BROADCAST_MODE_SYNC":     `{"tx_response":{"code":0,"txhash":"X"}}`,
			"POST /cosmos/tx/v1beta1/txs YmFk BROADCAST_MODE_SYNC":     `{"tx_response":{"code":5,"codespace":"sdk"}}`,
			"POST /cosmos/tx/v1beta1/txs a25vd24= BROADCAST_MODE_SYNC": `{"tx_response":{"code":19,"codespace":"sdk"}}`,
			"/cosmos/tx/v1beta1/txs/AB":                                `{"code":5,"message":"tx not found: AB"}`,
			"/cosmos/tx/v1beta1/txs/" + hash: `{"tx":{"@type":"/x.Unknown"},"tx_response":{"txhash":"` + hash + `","height":"41",
				"data":"0102","gas_wanted":"7","gas_used":"6","events":[{"type":"tx","attributes":
				[{"key":"fee","value":"5uakt","index":true}]}],"tx":{"@type":"/cosmos.tx.v1beta1.Tx"}}}`,
		},
	}
	client := n.dial(t)
	gas, err := client.Simulate(t.Context(), []byte("tx"))
	require.NoError(t, err)
	require.EqualValues(t, 9, gas)
	_, err = client.Simulate(t.Context(), []byte("bad"))
	require.ErrorIs(t, err, chain.ErrDeploymentExists)
	var rejected *chain.RejectedError
	require.ErrorAs(t, err, &rejected)
	require.Equal(t, 3, rejected.MessageIndex)
	for _, text := range []string{"tx", "known"} {
		_, err = client.Broadcast(t.Context(), []byte(text))
		require.NoError(t, err)
	}
	_, err = client.Broadcast(t.Context(), []byte("bad"))
	require.ErrorIs(t, err, chain.ErrInsufficientFunds)
	found, err := client.FindTx(t.Context(), hash)
	require.NoError(t, err)
	require.Equal(t, chain.TxResult{
		Hash: hash, Height: 41, Data: []byte{1, 2}, GasWanted: 7, GasUsed: 6,
		Events: []chain.Event{{Type: "tx", Attributes: []chain.Attribute{{Key: "fee", Value: "5uakt"}}}},
	}, found)
	_, err = client.FindTx(t.Context(), "AB")
	require.ErrorIs(t, err, chain.ErrTxNotFound)
}

// What is no node's answer is no answer, and no secret of the address is told.
func TestREST_otherServers(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]http.HandlerFunc{
		"a web page":   func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"not found":    http.NotFound,
		"other JSON":   func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"a":1}`)) },
		"a redirect":   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) },
		"a bad status": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"unavailable": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"code":14,"message":"node is down"}`))
		},
	} {
		server := httptest.NewServer(serve)
		t.Cleanup(server.Close)
		_, err := chain.Dial(t.Context(), chain.Config{REST: []string{server.URL + "/?key=hidden"}})
		require.ErrorIs(t, err, chain.ErrUnreachable, name)
		require.NotContains(t, err.Error(), "hidden", name)
	}
	_, err := chain.Dial(t.Context(), chain.Config{REST: []string{"ftp://me:hidden@host"}})
	require.ErrorContains(t, err, "REST endpoint")
	require.NotContains(t, err.Error(), "hidden")
}

func TestREST_rateLimit(t *testing.T) {
	t.Parallel()
	l := &limiter{next: &restNode{}, status: http.StatusTooManyRequests, after: "300"}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	client := dial(t, chain.Config{REST: []string{server.URL}})
	l.closed.Store(true)
	_, err := client.LatestBlock(t.Context())
	require.ErrorIs(t, err, chain.ErrRateLimited)
	require.EqualValues(t, 1, l.turnedAway.Load())
}
