// SPDX-License-Identifier: Apache-2.0

package admin_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/admin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// steered is a devnet, its admin endpoint and a client of that.
type steered struct {
	*devnet.Network
	url    string
	client *admin.Client
}

func start(t *testing.T, specs ...akashprovider.Spec) *steered {
	t.Helper()
	if specs == nil {
		specs = []akashprovider.Spec{}
	}
	n, err := devnet.Start(t.Context(), devnet.Options{
		BlockTime: 50 * time.Millisecond, AkashProviders: specs, Economy: devnet.Economy{EpochBlocks: 3},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.Stop()) })
	mux := http.NewServeMux()
	mux.Handle("/admin/", http.StripPrefix("/admin", admin.Handler(n)))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	client, err := admin.NewClient(server.URL + "/admin/")
	require.NoError(t, err)
	return &steered{n, server.URL + "/admin", client}
}

// call sends a request as it is, and gives the answer's status and body.
func (s *steered) call(t *testing.T, method, path, body string, edit func(*http.Request)) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	require.NoError(t, err)
	if edit != nil {
		edit(req)
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, res.Body.Close()) }()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(text)
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := start(t, akashprovider.DefaultSpecs()...)
	names, err := s.client.FaultNames(t.Context())
	require.NoError(t, err)
	require.Equal(t, devnet.FaultNames(), names)

	plan, err := devnet.ParseFaults("lag-blocks=2,birch.never-bid,seed=7")
	require.NoError(t, err)
	require.NoError(t, s.client.SetFaults(t.Context(), plan))
	got, err := s.client.Faults(t.Context())
	require.NoError(t, err)
	require.Equal(t, plan, got)
	require.Equal(t, plan, s.FaultPlan())

	for _, body := range []string{
		"slow=10ms, amber.dead\n", `"slow=10ms,amber.dead"`,
		`{"faults":[{"fault":"slow","value":"10ms"},{"on":"amber","fault":"dead"}]}`,
	} {
		require.NoError(t, s.client.ClearFaults(t.Context()))
		require.Empty(t, s.FaultPlan().String())
		code, text := s.call(t, http.MethodPut, "/faults", body, nil)
		require.Equal(t, http.StatusOK, code, text)
		var answer admin.Faults
		require.NoError(t, json.Unmarshal([]byte(text), &answer))
		require.Equal(t, "slow=10ms,amber.dead", answer.Text)
		require.Equal(t, s.FaultPlan(), answer.Plan)
	}
	for body, want := range map[string]string{
		"":               "no plan in it",
		"slwo=1s":        "no such fault of the public endpoints",
		"nobody.dead":    "there are amber, birch, cedar",
		`{"faults":[1]}`: "fault plan",
	} {
		code, text := s.call(t, http.MethodPut, "/faults", body, nil)
		require.GreaterOrEqual(t, code, 400, body)
		require.Less(t, code, 500, body)
		require.Contains(t, text, want)
		require.Equal(t, "slow=10ms,amber.dead", s.FaultPlan().String(), "what was in force stays")
	}
	nobody := devnet.FaultPlan{Settings: []devnet.FaultSetting{{On: "x", Fault: "dead"}}}
	err = s.client.SetFaults(t.Context(), nobody)
	var told *admin.Error
	require.ErrorAs(t, err, &told)
	require.Equal(t, http.StatusNotFound, told.Status)
	require.Equal(t, "GET /akash-providers lists who there is", told.Remedy)
}

func TestChain(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := t.Context()
	told, err := s.client.Network(ctx)
	require.NoError(t, err)
	require.Equal(t, s.ChainID(), told.ChainID)
	require.Equal(t, []string{s.RPC(), s.GRPC(), s.REST()}, []string{told.RPC, told.GRPC, told.REST})
	require.Equal(t, "50ms", told.BlockTime)

	height, err := s.client.Advance(ctx, 30)
	require.NoError(t, err)
	require.GreaterOrEqual(t, height, told.Height+30)
	later, err := s.client.AdvanceClock(ctx, 90*time.Minute)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(90*time.Minute), later, time.Minute)

	require.NoError(t, s.client.SetPrice(ctx, math.LegacyMustNewDecFromStr("0.5")))
	require.ErrorContains(t, s.client.SetPrice(ctx, math.LegacyNewDec(-1)), "no decimal above 0")
}

func TestFaucet(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := t.Context()
	balance := func(address, denom string) math.Int {
		res, err := banktypes.NewQueryClient(s.Conn()).Balance(ctx, &banktypes.QueryBalanceRequest{
			Address: address, Denom: denom,
		})
		require.NoError(t, err)
		return res.Balance.Amount
	}
	stranger := sdk.AccAddress(bytes.Repeat([]byte{7}, 20)).String()
	uakt := sdk.NewCoins(sdk.NewInt64Coin("uakt", 3_000_000))
	require.NoError(t, s.client.Faucet(ctx, stranger, uakt))
	require.Equal(t, int64(3_000_000), balance(stranger, "uakt").Int64())
	err := s.client.Faucet(ctx, stranger, sdk.NewCoins(sdk.NewInt64Coin("uact", 5_000_000)))
	require.ErrorContains(t, err, "only the owner of")
	require.ErrorContains(t, err, "ask for 8028000uakt", "the least that is minted, the spread and the price of 1.25 USD")

	poor, ok := s.Account(devnet.Empty)
	require.True(t, ok)
	has := func(denom string) math.Int { return balance(poor.Address, denom) }
	require.True(t, has("uakt").IsZero())
	coins := sdk.NewCoins(sdk.NewInt64Coin("uakt", 7_000_000), sdk.NewInt64Coin("uact", 25_000_000))
	require.NoError(t, s.client.Faucet(ctx, poor.Address, coins))
	require.True(t, has("uakt").LT(math.NewInt(7_000_000)), "less the fee of the minting")
	require.True(t, has("uakt").GT(math.NewInt(6_900_000)), has("uakt"))
	require.True(t, has("uact").GTE(math.NewInt(25_000_000)), has("uact"))
	require.True(t, has("uact").LT(math.NewInt(25_200_000)), has("uact"))
	// The least that the exchange mints.
	require.NoError(t, s.client.Faucet(ctx, poor.Address, sdk.NewCoins(sdk.NewInt64Coin("uact", 1))))
	require.True(t, has("uact").GTE(math.NewInt(34_900_000)), has("uact"))

	for _, c := range []struct {
		address, coins, want string
	}{
		{"akash1nonsense", "1uakt", "invalid"},
		{poor.Address, "1uatom", `no \"uatom\"`},
		{poor.Address, "", "no coins"},
		{poor.Address, "1000000000000uakt", "at a time"},
		{poor.Address, "x", "coins:"},
	} {
		body, err := json.Marshal(map[string]string{"address": c.address, "coins": c.coins})
		require.NoError(t, err)
		code, text := s.call(t, http.MethodPost, "/faucet", string(body), nil)
		require.Equal(t, http.StatusBadRequest, code, text)
		require.Contains(t, text, c.want)
	}
}

func TestFaucet_haltedMinting(t *testing.T) {
	t.Parallel()
	n, err := devnet.Start(t.Context(), devnet.Options{
		BlockTime: 50 * time.Millisecond, AkashProviders: []akashprovider.Spec{}, Economy: devnet.Economy{NoPrice: true},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.Stop()) })
	tenant, _ := n.Account(devnet.Tenant)
	require.Error(t, n.Faucet(t.Context(), tenant.Address, sdk.NewCoins(sdk.NewInt64Coin("uact", 10_000_000))))
	require.NoError(t, n.Faucet(t.Context(), tenant.Address, sdk.NewCoins(sdk.NewInt64Coin("uakt", 1))))
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	s := start(t, akashprovider.DefaultSpecs()[:1]...)
	for _, c := range []struct {
		method, path, body string
		code               int
		want               string
	}{
		{"POST", "/advance", `{"blocks":0}`, 400, "from 1 to 100000"},
		{"POST", "/advance", `{"blocks":1000000}`, 400, "from 1 to 100000"},
		{"POST", "/advance", `{"block":1}`, 400, "unknown field"},
		{"POST", "/advance", `{"blocks":1}{}`, 400, "something follows"},
		{"POST", "/advance", ``, 400, `{\"blocks\": 10}`},
		{"POST", "/clock", `{"by":"-1h"}`, 400, "cannot go back"},
		{"POST", "/clock", `{"by":"soon"}`, 400, "no duration"},
		{"POST", "/price", `{"akt_usd":"0"}`, 400, "no decimal above 0"},
		{"POST", "/akash-providers/nobody/kill", ``, 404, "there are amber"},
		{"POST", "/akash-providers/nobody/revive", ``, 404, "there are amber"},
		{"POST", "/akash-providers/amber/price", `{"factor":"x"}`, 400, "no decimal"},
		{"POST", "/leases/close", `{"reason":"boredom"}`, 400, "unstable, decommission"},
		{"POST", "/leases/close", `{"akash_provider":"nobody"}`, 404, "there are amber"},
		{"POST", "/snapshot", `{"dir":"here"}`, 400, "no absolute path"},
		{"POST", "/snapshot", `{"dir":"/"}`, 409, "does not exist, or empty"},
		{"GET", "/advance", ``, 405, ""},
		{"GET", "/nothing", ``, 404, ""},
	} {
		code, text := s.call(t, c.method, c.path, c.body, nil)
		require.Equal(t, c.code, code, "%s %s: %s", c.method, c.path, text)
		require.Contains(t, text, c.want)
	}
}

// A web page of another site must not get through, by whatever name it calls this machine.
func TestLoopbackOnly(t *testing.T) {
	t.Parallel()
	s := start(t)
	own := strings.TrimPrefix(strings.TrimSuffix(s.url, "/admin"), "http://")
	_, port, err := net.SplitHostPort(own)
	require.NoError(t, err)
	for _, c := range []struct {
		host, origin, site string
		code               int
	}{
		{"", "", "", 200},
		{"localhost:" + port, "", "", 200},
		{"LOCALHOST", "", "none", 200},
		{"[::1]:" + port, "", "", 200},
		{"127.0.0.2", "", "", 200},
		{"", "http://" + own, "same-origin", 200},
		{"", "http://example.com", "", 403},
		{"", "https://" + own, "", 403},
		{"", "null", "", 403},
		{"", "", "cross-site", 403},
		{"", "", "same-site", 403},
		{"example.com", "", "", 403},
		{"127.0.0.1.example.com:" + port, "", "", 403},
		{"10.0.0.1:" + port, "", "", 403},
		{"rebind.example:" + port, "http://rebind.example:" + port, "same-origin", 403},
	} {
		code, text := s.call(t, http.MethodGet, "/faults", "", func(r *http.Request) {
			r.Host = c.host
			for key, value := range map[string]string{"Origin": c.origin, "Sec-Fetch-Site": c.site} {
				if value != "" {
					r.Header.Set(key, value)
				}
			}
		})
		require.Equal(t, c.code, code, "%+v: %s", c, text)
		if code == http.StatusForbidden {
			require.Contains(t, text, "ask from this machine")
		}
	}

	// A listener that others can reach is refused, and so are requests that came in through one.
	everywhere, err := net.Listen("tcp", "0.0.0.0:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = everywhere.Close() })
	require.ErrorContains(t, admin.CheckListener(everywhere), "not a loopback address")
	here, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = here.Close() })
	require.NoError(t, admin.CheckListener(here))
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/faults", nil)
	admin.Handler(s.Network).ServeHTTP(recorder, request)
	require.Equal(t, http.StatusForbidden, recorder.Code, "nobody says that it came in on loopback")
}

func TestClient_elsewhere(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"https://127.0.0.1:1", "http://", "ftp://x", "http://%zz"} {
		_, err := admin.NewClient(address)
		require.Error(t, err, address)
	}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "<html>", http.StatusTeapot)
	}))
	client, err := admin.NewClient(strings.TrimPrefix(other.URL, "http://"))
	require.NoError(t, err)
	_, err = client.Faults(t.Context())
	require.ErrorContains(t, err, `HTTP 418: "<html>`)
	other.Close()
	_, err = client.Faults(t.Context())
	require.ErrorContains(t, err, "is a devnet running at http://127.0.0.1:")
}
