// SPDX-License-Identifier: Apache-2.0

package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // the page's files
	"encoding/base64"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/admin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// Source is where a page comes from. [*Collector] is one.
type Source interface {
	View(ctx context.Context) (View, error)
	// Auction fails with [ErrNoOrder] for an order that does not exist.
	Auction(ctx context.Context, id ids.OrderID) (Auction, error)
}

// Paths of [Handler].
const (
	PathPage    = "/"
	PathAuction = "/auction" // with ?order=owner/dseq/gseq/oseq
	PathView    = "/view.json"
)

var (
	//go:embed page.html
	pageText string
	//go:embed style.css
	styleText string
)

// contentSecurityPolicy allows what the page has: its one style sheet, which stands in the page, and nothing else. A
// script could not run even if somebody got one onto the chain and past the escaping.
var contentSecurityPolicy = func() string {
	sum := sha256.Sum256([]byte(styleText))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

// Handler serves the page at [PathPage], one auction in full at [PathAuction] and the view as JSON at [PathView]. It
// answers GET and HEAD only, and only what [admin.LoopbackOnly] lets through: a page of somebody else's that has
// its own name resolve to here is refused.
func Handler(source Source) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+PathPage+"{$}", func(w http.ResponseWriter, r *http.Request) {
		view, err := source.View(r.Context())
		if err != nil {
			fail(w, err)
			return
		}
		_, paused := r.URL.Query()["pause"]
		render(w, "overview", content{View: view, Paused: paused, Style: template.CSS(styleText)}) //nolint:gosec // ours
	})
	mux.HandleFunc("GET "+PathAuction, func(w http.ResponseWriter, r *http.Request) {
		id, err := ids.ParseOrderID(r.URL.Query().Get("order"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		view, err := source.View(r.Context())
		if err != nil {
			fail(w, err)
			return
		}
		auction, err := source.Auction(r.Context(), id)
		if err != nil {
			fail(w, err)
			return
		}
		view.Auctions = []Auction{auction}
		render(w, "auction", content{View: view, Paused: true, Style: template.CSS(styleText)}) //nolint:gosec // ours
	})
	mux.HandleFunc("GET "+PathView, func(w http.ResponseWriter, r *http.Request) {
		view, err := source.View(r.Context())
		if err != nil {
			fail(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(view) // who asked is gone
	})
	return guard(mux)
}

// guard refuses requests that do not come from this machine and sets the headers of every answer.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		admin.LoopbackOnly(next).ServeHTTP(w, r)
	})
}

func fail(w http.ResponseWriter, err error) {
	code := http.StatusServiceUnavailable
	if errors.Is(err, ErrNoOrder) {
		code = http.StatusNotFound
	}
	http.Error(w, err.Error(), code)
}

// content is what the templates are filled with.
type content struct {
	View
	Paused bool
	Style  template.CSS
}

var templates = template.Must(template.New("page").Funcs(template.FuncMap{
	"short": Short,
	"clock": func(b Block) string { return b.Time.UTC().Format("15:04:05") },
	"won":   func(o Opinion) bool { return o.Verdict == VerdictActive },
	"bids":  func(o Opinion) bool { return o.Verdict != VerdictNo },
	"runs":  Lease.running,
	"words": Words,
}).Parse(pageText))

// render fills a template, whole or not at all.
func render(w http.ResponseWriter, name string, c content) {
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name, c); err != nil {
		http.Error(w, "page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out.Bytes()) // who asked is gone
}

// Short cuts the middle out of an address, "akash1erxf3…z9hv7c"; other names stay.
func Short(name string) string {
	const head, tail = 12, 6
	if n := utf8.RuneCountInString(name); n <= head+tail+1 || !strings.HasPrefix(name, "akash1") {
		return name
	}
	return name[:head] + "…" + name[len(name)-tail:]
}

// Words turns one of the chain's constants into words: "lease_closed_owner" is "lease closed owner".
func Words(constant string) string { return strings.ReplaceAll(constant, "_", " ") }
