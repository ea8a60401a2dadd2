// SPDX-License-Identifier: Apache-2.0

//go:build browser

package page_test

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/page"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

func TestBrowserFollowsAnAuction(t *testing.T) {
	t.Parallel()
	specs := append(akashprovider.DefaultSpecs(), akashprovider.GenerateSpecs(12, 1)...)
	specs[1].Faults.NeverBid = true // birch
	p := newPlayground(t, specs)
	server := httptest.NewServer(page.Handler(p.collector))
	t.Cleanup(server.Close)
	p.order(t, 7, 0, "")
	p.until(t, "everybody's opinion", func(v page.View) bool {
		return len(v.Auctions) == 1 && len(v.Auctions[0].Opinions)+v.Auctions[0].LeftOut == len(specs) &&
			opinion(v, "amber").Verdict == page.VerdictOpen
	})

	b := openTab(t)
	b.size(1200, 900, "light")
	b.open(server.URL)
	require.Equal(t, "akash-devnet-1", b.text("h1"))
	require.Contains(t, b.text(".notice"), "no real money")
	auction := b.text("#auctions article")
	require.Contains(t, auction, "tenant/7/1/1")
	require.Contains(t, auction, "10000 uact/block, 4383.00 USD/month")
	require.Equal(t, "amber", b.eval(`[...document.querySelectorAll("#auctions tbody th")].map(e => e.innerText).
		find(n => ["amber", "cedar"].includes(n))`), "the cheaper of the two first")

	// It follows by itself, without a script.
	before := b.text("#height")
	b.awaitLoad()
	require.NotEqual(t, before, b.text("#height"))

	amber := opinionOf(t, p, "amber")
	require.NoError(t, p.tenant.Broadcast(t.Context(), &marketv1beta5.MsgCreateLease{
		BidID: marketv1.BidID{Owner: p.tenant.Address(), DSeq: 7, GSeq: 1, OSeq: 1, Provider: amber.Address},
	}))
	p.until(t, "a lease", func(v page.View) bool { return len(v.Leases) == 1 })
	b.open(server.URL + "/?pause")
	leases := b.text("#leases")
	require.Contains(t, leases, "amber")
	require.Contains(t, leases, amber.Price.PerBlock)
	require.Contains(t, leases, amber.Price.USDPerMonth)
	require.Contains(t, b.text("#burn"), amber.Price.USDPerMonth+" USD a month")
	require.Contains(t, b.text("#escrow"), "ACT")
	require.Contains(t, b.text("#akash-providers"), "never-bid", "a fault in force")
	require.Equal(t, "amber", b.text("tr.won th"))

	checkLook(t, b)

	// The link to all opinions leads there.
	b.eval(`document.querySelector('a[href^="/auction"]').click()`)
	b.awaitLoad()
	require.InDelta(t, len(specs), b.eval(`document.querySelectorAll("tbody tr").length`), 0)
	require.Contains(t, b.text("main"), "it never bids")

	require.Empty(t, b.complaints())
	for _, address := range b.asked() {
		require.True(t, strings.HasPrefix(address, server.URL) || address == "about:blank", address)
	}
}

func opinionOf(t *testing.T, p playground, name string) page.Opinion {
	t.Helper()
	view, err := p.collector.View(t.Context())
	require.NoError(t, err)
	return opinion(view, name)
}

// checkLook looks at the open page in light and dark and on a telephone.
func checkLook(t *testing.T, b *tab) {
	t.Helper()
	const background = `getComputedStyle(document.body).backgroundColor`
	require.Equal(t, "rgb(251, 251, 250)", b.eval(background), "the style sheet is applied")
	b.shoot("light")
	b.size(1200, 900, "dark")
	require.Equal(t, "rgb(18, 20, 22)", b.eval(background))
	b.shoot("dark")
	for _, width := range []int{360, 768, 1200} {
		b.size(width, 740, "light")
		require.InDelta(t, width, b.eval(`document.documentElement.scrollWidth`), 0,
			"at %d pixels only tables scroll sideways", width)
		b.shoot("width-" + strconv.Itoa(width))
	}
	// Texts can be read: contrast of at least 4.5 to 1 for everything with text of its own, in both schemes.
	for _, scheme := range []string{"light", "dark"} {
		b.size(1200, 900, scheme)
		require.Equal(t, []any{}, b.eval(faint), scheme)
	}
}

// faint lists texts whose contrast against what is behind them is below WCAG's AA.
const faint = `(() => {
	const parse = c => c.match(/[\d.]+/g).map(Number);
	const light = c => { const [r, g, b] = parse(c).slice(0, 3).map(v => v / 255).
		map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126*r + 0.7152*g + 0.0722*b; };
	const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
		const p = parse(c); if (p.length < 4 || p[3] > 0) return c; } return "rgb(255, 255, 255)"; };
	return [...document.body.querySelectorAll("*")].
		filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).
		map(e => { const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
			return [e.outerHTML.slice(0, 80), (a + 0.05) / (b + 0.05)]; }).
		filter(([, contrast]) => contrast < 4.5);
})()`

func TestBrowserRunsNothingFromTheChain(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(page.Handler(fixed{view: eventful()}))
	t.Cleanup(server.Close)
	b := openTab(t)
	b.open(server.URL + "/?pause")
	require.InDelta(t, 0, b.eval(`document.querySelectorAll("script, img, [onmouseover], [onerror]").length`), 0)
	require.Contains(t, b.text("#auctions"), `<script>alert("x")</script>`, "shown as it is")
	require.Empty(t, b.complaints())

	// Even a script that got past the escaping would not run.
	require.Equal(t, true, b.eval(`(() => { const s = document.createElement("script"); s.textContent = "window.ran = 1";
		document.body.append(s); return window.ran === undefined; })()`))
	require.Contains(t, strings.Join(b.complaints(), "\n"), "Content Security Policy")
}

// A page of a stranger's whose name resolves to this machine is what the Host header gives away.
func TestBrowserUnderAForeignNameSeesNothing(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(page.Handler(fixed{view: eventful()}))
	t.Cleanup(server.Close)
	b := openTab(t, "--host-resolver-rules=MAP rebound.example 127.0.0.1")
	b.open(strings.Replace(server.URL, "127.0.0.1", "rebound.example", 1))
	require.Contains(t, b.text("body"), "the Host header names another machine")
	require.NotContains(t, b.text("body"), "12.5")
}
