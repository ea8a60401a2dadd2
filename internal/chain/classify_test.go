// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

type failure struct {
	Name      string `json:"name"`
	Stage     string `json:"stage"`
	Codespace string `json:"codespace"`
	Code      uint32 `json:"code"`
	RawLog    string `json:"raw_log"`
}

func load[T any](t testing.TB, path string) T {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var v T
	require.NoError(t, json.Unmarshal(raw, &v))
	return v
}

// recordedFailures is what each recorded failure means; nil: nobody can act on it.
var recordedFailures = map[string]struct {
	cause error
	index int
}{
	"bad_hash":            {nil, -1}, // not a hash: our own mistake, not "same hash"
	"f_bid_closed_order":  {chain.ErrOrderActive, 0},
	"f_bid_noprov":        {chain.ErrProviderNotFound, 0},
	"f_bid_uakt":          {nil, -1},
	"f_close_again":       {chain.ErrDeploymentClosed, 0},
	"f_close_unknown":     {chain.ErrDeploymentNotFound, 0},
	"f_dep_toomuch":       {chain.ErrInsufficientFunds, 0},
	"f_dup_dseq":          {chain.ErrDeploymentExists, 0},
	"f_grant_over":        {chain.ErrInsufficientFunds, 0},
	"f_grp_start_closed":  {chain.ErrGroupClosed, 0},
	"f_lease_close_again": {chain.ErrOrderClosed, 0},
	"f_lease_lost":        {chain.ErrBidNotOpen, 0},
	"f_lease_twice":       {chain.ErrBidNotOpen, 0},
	"f_oog":               {chain.ErrOutOfGas, -1},
	"f_oracle_denom":      {nil, 0},
	"f_oracle_unauth":     {chain.ErrUnauthorized, 0},
	"f_prov_again":        {nil, 0},
	"f_rec_closebid2":     {chain.ErrReclamation, 0},
	"f_rec_none":          {chain.ErrReclamation, 0},
	"f_rec_short":         {chain.ErrReclamation, 0},
	"f_reuse_dseq":        {chain.ErrDeploymentExists, 0},
	"f_uakt_deploy":       {chain.ErrDepositInvalid, 0},
	"f_upd_same":          {chain.ErrSameHash, 0},
	"multi_fail":          {chain.ErrDeploymentNotFound, 1},
	"no_gpu":              {nil, -1},
	"no_sources":          {chain.ErrDepositInvalid, -1},
	"od_close":            {chain.ErrDeploymentClosed, 0},
	"r_accnum":            {chain.ErrUnauthorized, -1},
	"r_feelow":            {chain.ErrInsufficientFee, -1},
	"r_feeuact":           {chain.ErrInsufficientFee, -1},
	"r_feezero":           {chain.ErrInsufficientFee, -1},
	"r_gaslow":            {chain.ErrOutOfGas, -1},
	"tiny_cpu":            {nil, -1},
	"zero_dseq":           {nil, -1},
}

func TestReject_recordings(t *testing.T) {
	t.Parallel()
	failures := load[[]failure](t, "testdata/recordings/failures.json")
	require.Len(t, failures, len(recordedFailures))
	for _, f := range failures {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			want, ok := recordedFailures[f.Name]
			require.True(t, ok)
			rejected := chain.Reject(f.Codespace, f.Code, f.RawLog, "AB", 0)
			require.Equal(t, want.cause, rejected.Unwrap())
			require.Equal(t, want.index, rejected.MessageIndex)
			require.NotContains(t, rejected.Log, "stack:")
			// A simulation tells the same text without codes.
			text := f.RawLog + " [akash.network/x/handler/server.go:77] with gas used: '40095'"
			if f.Stage == "check" || f.Codespace == "sdk" {
				text = f.RawLog + " with gas used: '1174'"
			}
			simulated := chain.Reject("", 0, text, "", 0)
			require.Equal(t, want.cause, simulated.Unwrap(), "simulation")
			require.Equal(t, want.index, simulated.MessageIndex)
			require.NotContains(t, simulated.Log, "gas used: '")
			require.NotContains(t, simulated.Log, ".go:")
		})
	}
}

// Recordings that the project does not carry must at least be readable.
func TestReject_allRecordings(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "conformance", "node", "*.json"))
	require.NoError(t, err)
	for _, file := range files {
		recording := load[struct {
			Result failure `json:"result"`
		}](t, file)
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if r := recording.Result; r.Code != 0 {
			want, known := recordedFailures[name]
			require.True(t, known, "a new recording: say what %s means (%s)", name, r.RawLog)
			require.Equal(t, want.cause, chain.Reject(r.Codespace, r.Code, r.RawLog, "", 0).Unwrap(), name)
		}
	}
}

func TestReject_texts(t *testing.T) {
	t.Parallel()
	const indexed = "failed to execute message; message index: 3: "
	cases := []struct {
		codespace string
		code      uint32
		log       string
		cause     error
		index     int
		clean     string
	}{
		{"sdk", 32, "account sequence mismatch, expected 19, got 69: incorrect account sequence", chain.ErrSequence, -1, ""},
		{"sdk", 42, "block time: x, timeout timestamp: y: tx timeout", chain.ErrTxExpired, -1, ""},
		{"sdk", 30, "block height: 2240, timeout height: 5: tx timeout height", chain.ErrTxExpired, -1, ""},
		{
			"sdk", 18, "failed to add unordered nonce: sender akash1x has already used timeout 17: invalid request",
			chain.ErrUnorderedUsed, -1, "",
		},
		{"sdk", 18, "unordered tx ttl exceeds 10m0s: invalid request", chain.ErrUnorderedTTL, -1, ""},
		{"sdk", 37, "unordered transactions are not enabled: feature not supported", chain.ErrUnorderedUnsupported, -1, ""},
		{"sdk", 18, "something else: invalid request", nil, -1, ""},
		{"sdk", 19, "", chain.ErrTxInMempool, -1, ""},
		{"sdk", 20, "", chain.ErrMempoolFull, -1, ""},
		{"sdk", 21, "", chain.ErrTxTooLarge, -1, ""},
		{"sdk", 5, "spendable balance 0uakt is smaller than 1uakt: insufficient funds", chain.ErrInsufficientFunds, -1, ""},
		{"deployment", 20, indexed + "Deposit too low - 1000 < 500000uact: Deposit invalid", chain.ErrDepositTooLow, 3, ""},
		{
			"undefined", 1, indexed + "deposit invalid: minimum:500000uact received:{1000uact [grant balance]}",
			chain.ErrDepositTooLow, 3, "",
		},
		{"", 0, "fee payer address: akash1x does not exist: unknown address", chain.ErrAccountNotFound, -1, ""},
		{
			"bank", 5, indexed + "uact transfers are currently disabled: send transactions are disabled",
			chain.ErrTransfersDisabled, 3, "",
		},
		{
			"sdk", 38, "\x01\xff\xfe does not allow to pay fees for \x02\xfd: fee-grant not found: not found",
			chain.ErrFeeGrantNotFound, -1, "",
		},
		{
			"authz", 2, "failed to execute message; message index: 0: failed to get grant with given granter: a, " +
				"grantee: b & msgType: /akash.x: authorization not found", chain.ErrAuthorizationNotFound, 0, "",
		},
		{
			"deployment", 3, "failed to execute message; message index: 2: failed to execute message; " +
				"message id:<owner:\"a\" > hash:\"\x01\xfe : \n\" : Deployment exists", chain.ErrDeploymentExists, 2,
			"failed to execute message; message index: 2: failed to execute message: Deployment exists",
		},
		{
			"", 0, "failed to execute message; message index: 2: failed to execute message; " +
				"message id:<owner:\"a\" > groups:<name:\"Deployment closed\" > : Deployment exists",
			chain.ErrDeploymentExists, 2, "",
		},
		{
			"undefined", 111222, "recovered: invalid coin denominations; uact, uakt\nstack:\ngoroutine 1", nil, -1,
			"recovered: invalid coin denominations; uact, uakt",
		},
	}
	for _, tc := range cases {
		rejected := chain.Reject(tc.codespace, tc.code, tc.log, "", 0)
		require.Equal(t, tc.cause, rejected.Unwrap(), tc.log)
		require.Equal(t, tc.index, rejected.MessageIndex, tc.log)
		require.True(t, utf8.ValidString(rejected.Error()))
		if tc.clean != "" {
			require.Equal(t, tc.clean, rejected.Log)
		}
	}
}

func TestReject_readable(t *testing.T) {
	t.Parallel()
	err := chain.Reject("deployment", 5, "failed to execute message; message index: 0: Deployment closed", "AB12", 77)
	require.EqualError(t, err, "transaction AB12 failed in block 77: "+
		"failed to execute message; message index: 0: Deployment closed (deployment 5)")
	require.EqualError(t, chain.Reject("sdk", 20, "", "AB12", 0), "transaction AB12 refused: mempool is full (sdk 20)")
	long := chain.Reject("undefined", 1, strings.Repeat("ä", 1000), "", 0)
	require.Equal(t, 400, utf8.RuneCountInString(long.Log))
}

func TestQueryErrors_recordings(t *testing.T) {
	t.Parallel()
	want := map[string]error{
		"account_not_found": chain.ErrAccountNotFound, "deployment_not_found": chain.ErrDeploymentNotFound,
		"lease_not_found": chain.ErrLeaseNotFound, "order_not_found": chain.ErrOrderNotFound,
		"provider_not_found": chain.ErrProviderNotFound, "tx_not_found": chain.ErrTxNotFound,
		"group_not_found": chain.ErrGroupNotFound, "allowance_not_found": chain.ErrFeeGrantNotFound,
		"deployment_empty": chain.ErrInvalidRequest, "deployment_bad_owner": chain.ErrInvalidRequest,
		"deployment_garbage": chain.ErrInvalidRequest, "simulate_empty": chain.ErrInvalidRequest,
		"unknown_method": chain.ErrUnsupported, "unknown_service": chain.ErrUnsupported, "future_height": nil,
	}
	type query struct {
		Name      string `json:"name"`
		Method    string `json:"method"`
		Codespace string `json:"codespace"`
		Code      uint32 `json:"code"`
		Text      string `json:"text"`
	}
	for _, q := range load[[]query](t, "testdata/recordings/queries.json") {
		transport, name, _ := strings.Cut(q.Name, "_")
		cause, known := want[name]
		require.True(t, known, q.Name)
		err := chain.QueryErrorOf(q.Method, q.Code, q.Text)
		if transport == "abci" {
			err = chain.ABCIErrorOf(q.Method, q.Codespace, q.Code, q.Text)
		}
		require.Equal(t, cause, errors.Unwrap(err), "%s: %v", q.Name, err)
		require.Equal(t, strings.HasSuffix(name, "not_found"), errors.Is(err, chain.ErrNotFound), q.Name)
		require.NotContains(t, err.Error(), "codespace")
		require.NotContains(t, err.Error(), "rpc error")
	}
}

func TestExpectedSequenceAndRequiredFee(t *testing.T) {
	t.Parallel()
	sequence, ok := chain.ExpectedSequence(chain.Reject("sdk", 32,
		"account sequence mismatch, expected 19, got 69: incorrect account sequence", "", 0))
	require.True(t, ok)
	require.EqualValues(t, 19, sequence)
	_, ok = chain.ExpectedSequence(chain.Reject("sdk", 32, "", "", 0))
	require.False(t, ok)
	_, ok = chain.ExpectedSequence(errors.New("expected 19, got 69"))
	require.False(t, ok)

	for log, want := range map[string]string{
		"insufficient fees; got: 30uakt required: 750uakt: insufficient fee":           "750",
		"insufficient fees; got:  required: 750uakt: insufficient fee":                 "750",
		"insufficient fees; got: 1uakt required: 5ibc/AB,750uakt: insufficient fee":    "750",
		"insufficient fees; got: 1uakt required: 5ibc/AB: insufficient fee":            "",
		"insufficient fees; got: 750uact required: 12345678901234uakt: insufficient f": "12345678901234",
	} {
		fee, ok := chain.RequiredFee(chain.Reject("sdk", 13, log, "", 0))
		require.Equal(t, want != "", ok)
		require.Equal(t, want, fee)
	}
}

func FuzzReject(f *testing.F) {
	f.Add("sdk", uint32(38), "\x01\xff does not allow\nstack:\n")
	f.Add("", uint32(0), "failed to execute message; message index: 99999999999: x [a.go:1] with gas used: '7'")
	f.Add("deployment", uint32(3), "message index: 1: failed to execute message; message a : b : c")
	f.Fuzz(func(t *testing.T, codespace string, code uint32, log string) {
		rejected := chain.Reject(codespace, code, log, "", 0)
		if !utf8.ValidString(rejected.Log) || utf8.RuneCountInString(rejected.Log) > 400 ||
			strings.ContainsAny(rejected.Log, "\n\r\x1b\x00") || rejected.MessageIndex < -1 {
			t.Fatalf("%+v", rejected)
		}
		_, _ = chain.ExpectedSequence(rejected)
		_, _ = chain.RequiredFee(rejected)
	})
}

func FuzzDecodeLatestBlock(f *testing.F) {
	f.Add([]byte{0x1a, 0x04, 0x0a, 0x02, 0x18, 0x01})
	f.Fuzz(func(_ *testing.T, msg []byte) { _ = chain.DecodeLatestBlock(msg) })
}
