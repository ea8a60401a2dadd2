// SPDX-License-Identifier: Apache-2.0

package page_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/page"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// fixed is a source that always says the same.
type fixed struct {
	view page.View
	err  error
}

func (f fixed) View(context.Context) (page.View, error) { return f.view, f.err }

func (f fixed) Auction(_ context.Context, id ids.OrderID) (page.Auction, error) {
	for _, a := range f.view.Auctions {
		if a.Order.ID == id.String() {
			return a, nil
		}
	}
	return page.Auction{}, page.ErrNoOrder
}

const (
	owner = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	evil  = `<script>alert("x")</script><img src=x onerror=alert(1)>" onmouseover="alert(1)`
)

// eventful has something in every part of the page, and hostile text wherever text comes from outside.
func eventful() page.View {
	order := page.Order{ID: owner + "/17/1/1", Owner: evil, DSeq: 17, GSeq: 1, OSeq: 1}
	price := page.Price{PerBlock: "12.5", Denom: "uact", USDPerMonth: "5.48"}
	return page.View{
		ChainID: "akash-devnet-1", Height: 321, Time: time.Unix(1_800_000_000, 0).UTC(), BlockTime: "200ms",
		Blocks: []page.Block{{Height: 321, Time: time.Unix(1_800_000_000, 0).UTC(), Txs: []string{evil}}, {Height: 320}},
		Auctions: []page.Auction{{
			Order: order, State: "open", Height: 300, Group: evil, Wants: []string{evil},
			Ceiling: page.Price{PerBlock: "100", Denom: "uact", USDPerMonth: "43.83"},
			Opinions: []page.Opinion{
				{AkashProvider: "amber", Address: owner, Verdict: page.VerdictOpen, Price: price},
				{AkashProvider: evil, Address: evil, Verdict: page.VerdictNo, Reason: evil},
			},
			LeftOut: 4,
		}},
		Leases: []page.Lease{
			{Order: order, AkashProvider: "amber", Address: owner, State: "active", Price: price, Since: 310},
			{
				Order: order, AkashProvider: evil, Address: evil, State: "closed", Price: price, Since: 1, ClosedOn: 9,
				Reason: "lease_closed_owner",
			},
		},
		Escrows: []page.Escrow{{
			Deployment: owner + "/17", Owner: evil, DSeq: 17, State: "open", Balance: "4.9 ACT", Burn: price,
			Blocks: 392_000, Lasts: "27d 5h", LastsHere: "21h 46m",
		}},
		AkashProviders: []page.AkashProvider{{Name: evil, Address: owner, HostURI: evil, Faults: []string{evil}}},
		Faults:         []string{evil}, Burn: price,
	}
}

func ask(t *testing.T, source page.Source, method, target string, edit func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	// As a server does, see admin.LoopbackOnly.
	ctx := context.WithValue(t.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 26600})
	request := httptest.NewRequestWithContext(ctx, method, target, nil)
	request.Host = "127.0.0.1:26680"
	if edit != nil {
		edit(request)
	}
	recorder := httptest.NewRecorder()
	page.Handler(source).ServeHTTP(recorder, request)
	return recorder
}

func TestPageEscapesWhatComesFromTheChain(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/", "/?pause", "/auction?order=" + owner + "/17/1/1"} {
		text := ask(t, fixed{view: eventful()}, http.MethodGet, target, nil).Body.String()
		require.NotContains(t, text, "<script", target)
		require.NotContains(t, text, "<img", target)
		require.NotContains(t, text, `" onmouseover`, target)
		require.Contains(t, text, "&lt;script&gt;", target)
	}
}

func TestPageShowsEverything(t *testing.T) {
	t.Parallel()
	text := ask(t, fixed{view: eventful()}, http.MethodGet, "/", nil).Body.String()
	for _, want := range []string{
		"no real money", "321", "200ms", "12.5", "5.48", "43.83 USD/month", "Faults in force", "4 more Akash providers",
		"lease closed owner", "4.9 ACT", "27d 5h", "392000 blocks", `http-equiv="refresh"`, "Hold still", "/17/1/1",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, ask(t, fixed{view: eventful()}, http.MethodGet, "/?pause", nil).Body.String(), "http-equiv")

	empty := ask(t, fixed{}, http.MethodGet, "/", nil).Body.String()
	for _, want := range []string{"No order yet", "No lease yet", "nobody will bid", "No deployment has"} {
		require.Contains(t, empty, want)
	}
	require.NotContains(t, empty, "Faults in force")
}

// The policy allows one style sheet by its hash; were it stale, a browser would show a bare page.
func TestPolicyAllowsTheStyleAndNothingElse(t *testing.T) {
	t.Parallel()
	answer := ask(t, fixed{view: eventful()}, http.MethodGet, "/", nil)
	text := answer.Body.String()
	_, rest, found := strings.Cut(text, "<style>")
	require.True(t, found)
	style, _, found := strings.Cut(rest, "</style>")
	require.True(t, found)
	sum := sha256.Sum256([]byte(style))
	require.Equal(t, "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", answer.Header().Get("Content-Security-Policy"))
	require.Equal(t, "nosniff", answer.Header().Get("X-Content-Type-Options"))
	require.Equal(t, "no-store", answer.Header().Get("Cache-Control"))
	for _, foreign := range []string{"http://", "https://", "src=", "url(", "@import", " style="} {
		require.NotContains(t, strings.ReplaceAll(text, "img src=x", ""), foreign, "nothing is fetched from elsewhere")
	}
}

func TestForeignNamesAreRefused(t *testing.T) {
	t.Parallel()
	for host, code := range map[string]int{
		"127.0.0.1:26680": 200, "127.0.0.2": 200, "localhost": 200, "LOCALHOST:1": 200, "[::1]:26680": 200, "[::1]": 200,
		"devnet.example:26680": 403, "10.0.0.1": 403, "": 403, "localhost.example": 403, "127.0.0.1.example:1": 403,
		"[::1].example": 403, "0.0.0.0:26680": 403,
	} {
		for _, target := range []string{"/", "/view.json", "/auction?order=" + owner + "/17/1/1"} {
			answer := ask(t, fixed{view: eventful()}, http.MethodGet, target, func(r *http.Request) { r.Host = host })
			require.Equal(t, code, answer.Code, "%q %s", host, target)
			if code != http.StatusOK {
				require.NotContains(t, answer.Body.String(), "12.5")
			}
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	good, bad := fixed{view: eventful()}, fixed{err: errors.New("chain is gone")}
	for _, c := range []struct {
		source         page.Source
		method, target string
		code           int
		contains       string
	}{
		{good, http.MethodGet, "/view.json", 200, `"chain_id":"akash-devnet-1"`},
		{good, http.MethodHead, "/", 200, ""},
		{good, http.MethodPost, "/", 405, ""},
		{good, http.MethodDelete, "/view.json", 405, ""},
		{good, http.MethodGet, "/elsewhere", 404, ""},
		{good, http.MethodGet, "/auction?order=nonsense", 400, ""},
		{good, http.MethodGet, "/auction?order=" + owner + "/18/1/1", 404, "no such order"},
		{good, http.MethodGet, "/auction?order=" + owner + "/17/1/1", 200, "12.5"},
		{bad, http.MethodGet, "/", 503, "chain is gone"},
		{bad, http.MethodGet, "/view.json", 503, "chain is gone"},
		{bad, http.MethodGet, "/auction?order=" + owner + "/17/1/1", 503, "chain is gone"},
	} {
		answer := ask(t, c.source, c.method, c.target, nil)
		require.Equal(t, c.code, answer.Code, "%s %s", c.method, c.target)
		require.Contains(t, answer.Body.String(), c.contains, c.target)
	}
}

func TestViewTravelsAsJSON(t *testing.T) {
	t.Parallel()
	var got page.View
	text := ask(t, fixed{view: eventful()}, http.MethodGet, "/view.json", nil).Body.String()
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	want := eventful()
	require.Equal(t, want, got)
}

func TestShort(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		owner: "akash1erxf3s…z9hv7c", "tenant": "tenant", "akash1short": "akash1short", "": "",
		"a name of somebody's that is long": "a name of somebody's that is long",
	} {
		require.Equal(t, want, page.Short(name))
	}
}
