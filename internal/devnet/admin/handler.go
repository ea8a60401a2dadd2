// SPDX-License-Identifier: Apache-2.0

package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
)

const (
	contentJSON = "application/json"
	// maxBodyBytes is far above the longest plan.
	maxBodyBytes = 1 << 20
	// maxAdvance keeps a slip of the finger from keeping a machine busy for hours.
	maxAdvance = 100_000
)

// Handler steers a network; the package's documentation lists the routes. It applies [LoopbackOnly] itself. It may be
// mounted below a prefix with [http.StripPrefix]; see [CheckListener] for the listener.
func Handler(network *devnet.Network) http.Handler {
	s := &steering{network: network}
	mux := http.NewServeMux()
	for pattern, serve := range map[string]func(*http.Request) (any, error){
		"GET /network":                        s.getNetwork,
		"GET /faults":                         s.getFaults,
		"PUT /faults":                         s.putFaults,
		"DELETE /faults":                      s.deleteFaults,
		"GET /faults/names":                   s.getFaultNames,
		"POST /advance":                       s.postAdvance,
		"POST /clock":                         s.postClock,
		"POST /price":                         s.postPrice,
		"POST /faucet":                        s.postFaucet,
		"POST /snapshot":                      s.postSnapshot,
		"GET /akash-providers":                s.getAkashProviders,
		"POST /akash-providers/{name}/kill":   s.postKill,
		"POST /akash-providers/{name}/revive": s.postRevive,
		"POST /akash-providers/{name}/price":  s.postProviderPrice,
		"POST /leases/close":                  s.postCloseLeases,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { answer(w, r, serve) })
	}
	return LoopbackOnly(mux)
}

type steering struct{ network *devnet.Network }

// answer serves one request; the body of an answer is JSON, of an error too.
func answer(w http.ResponseWriter, r *http.Request, serve func(*http.Request) (any, error)) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBodyBytes)
	out, err := serve(r)
	if err != nil {
		describe(r, err).write(w)
		return
	}
	write(w, http.StatusOK, out)
}

func write(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentJSON)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a client that has gone does not concern the devnet
}

func (e *Error) write(w http.ResponseWriter) { write(w, e.Status, e) }

// badRequest is a request that cannot be meant.
type badRequest struct {
	cause  error
	remedy string
}

func (b *badRequest) Error() string { return b.cause.Error() }
func (b *badRequest) Unwrap() error { return b.cause }

// describe makes what a person can use of an error.
func describe(r *http.Request, err error) *Error {
	out := &Error{
		Status: http.StatusInternalServerError, What: r.Method + " " + r.URL.Path, Cause: err.Error(),
		Remedy: "see what the devnet logs with -v",
	}
	var (
		bad     *badRequest
		refused *wallet.Error
	)
	switch {
	case errors.As(err, &bad):
		out.Status, out.Remedy = http.StatusBadRequest, bad.remedy
	case errors.Is(err, devnet.ErrNoAkashProvider):
		out.Status, out.Remedy = http.StatusNotFound, "GET /akash-providers lists who there is"
	case errors.Is(err, devnet.ErrFaultPlan):
		out.Status, out.Remedy = http.StatusBadRequest, "GET /faults/names lists what there is"
	case errors.Is(err, devnet.ErrFaucet):
		out.Status = http.StatusBadRequest
		out.Remedy = "the faucet gives uakt to any address, and uact to the devnet's own accounts"
	case errors.Is(err, devnet.ErrSnapshotExists):
		out.Status, out.Remedy = http.StatusConflict, "name a folder that does not exist, or empty this one"
	case errors.As(err, &refused):
		out.Status, out.Remedy = http.StatusUnprocessableEntity, "the chain refused the transaction; its words say why"
	}
	return out
}

// read reads a JSON object strictly.
func read(r *http.Request, into any, example string) error {
	remedy := "send a JSON object such as " + example
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return &badRequest{fmt.Errorf("body: %w", err), remedy}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return &badRequest{errors.New("body: something follows the object"), remedy}
	}
	return nil
}

func (s *steering) getNetwork(*http.Request) (any, error) {
	n := s.network
	return Network{
		ChainID: n.ChainID(), Height: n.Height(), Time: n.Now(), BlockTime: n.BlockTime().String(),
		RPC: n.RPC(), GRPC: n.GRPC(), REST: n.REST(),
	}, nil
}

// now is the answer to whatever has no answer of its own.
func (s *steering) now() heightAnswer {
	return heightAnswer{Height: s.network.Height(), Time: s.network.Now()}
}

func (s *steering) postAdvance(r *http.Request) (any, error) {
	const example = `{"blocks": 10}`
	var in advanceRequest
	if err := read(r, &in, example); err != nil {
		return nil, err
	}
	if in.Blocks < 1 || in.Blocks > maxAdvance {
		return nil, &badRequest{fmt.Errorf("%d blocks: from 1 to %d at a time", in.Blocks, maxAdvance), "send " + example}
	}
	if err := s.network.Advance(r.Context(), in.Blocks); err != nil {
		return nil, err
	}
	return s.now(), nil
}

func (s *steering) postClock(r *http.Request) (any, error) {
	const example = `{"by": "1h"}`
	var in clockRequest
	if err := read(r, &in, example); err != nil {
		return nil, err
	}
	by, err := time.ParseDuration(in.By)
	if err != nil || by <= 0 {
		return nil, &badRequest{
			fmt.Errorf("%q is no duration above zero: block time cannot go back", in.By), "send " + example,
		}
	}
	if err := s.network.AdvanceClock(r.Context(), by); err != nil {
		return nil, err
	}
	return s.now(), nil
}

func (s *steering) postPrice(r *http.Request) (any, error) {
	const example = `{"akt_usd": "0.5"}`
	var in priceRequest
	if err := read(r, &in, example); err != nil {
		return nil, err
	}
	price, err := positive(in.USDPerAKT, example)
	if err != nil {
		return nil, err
	}
	if err := s.network.SetPrice(r.Context(), price); err != nil {
		return nil, err
	}
	return s.now(), nil
}

// positive reads a decimal above zero that stays clear of overflows.
func positive(text, example string) (math.LegacyDec, error) {
	const most = 1_000_000
	d, err := math.LegacyNewDecFromStr(text)
	if err != nil || !d.IsPositive() || d.GT(math.LegacyNewDec(most)) {
		return d, &badRequest{fmt.Errorf("%.40q is no decimal above 0 and up to %d", text, most), "send " + example}
	}
	return d, nil
}

func (s *steering) postFaucet(r *http.Request) (any, error) {
	const example = `{"address": "akash1…", "coins": "5000000uakt,10000000uact"}`
	var in faucetRequest
	if err := read(r, &in, example); err != nil {
		return nil, err
	}
	coins, err := sdk.ParseCoinsNormalized(in.Coins)
	if err != nil {
		return nil, &badRequest{fmt.Errorf("coins: %w", err), "send " + example}
	}
	if err := s.network.Faucet(r.Context(), in.Address, coins); err != nil {
		return nil, err
	}
	return s.now(), nil
}

func (s *steering) postSnapshot(r *http.Request) (any, error) {
	const example = `{"dir": "/a/new/folder"}`
	var in snapshotRequest
	if err := read(r, &in, example); err != nil {
		return nil, err
	}
	if !filepath.IsAbs(in.Dir) {
		return nil, &badRequest{fmt.Errorf("dir: %q is no absolute path", in.Dir), "send " + example}
	}
	height, err := s.network.Snapshot(r.Context(), in.Dir)
	if err != nil {
		return nil, err
	}
	return snapshotAnswer{Dir: in.Dir, Height: height}, nil
}
