// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	rpcclient "github.com/cometbft/cometbft/rpc/client"
	rpchttp "github.com/cometbft/cometbft/rpc/client/http"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

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

func unmarshal(t *testing.T, bz []byte, v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(bz, v), "%s", bz)
}

func loadQuery(t *testing.T, name string) query {
	t.Helper()
	var q query
	unmarshal(t, readRecorded(t, name, nodeRecordings+"/queries", ownQueries), &q)
	return q
}

// TestReplayQueries asks everything that an official node was asked, in its situation. There is no list: a new
// recording is asked too, and fails where its situation is another.
func TestReplayQueries(t *testing.T) {
	t.Parallel()
	s := setUpQueries(t)
	rpc, err := rpchttp.New(s.net.RPC(), "/websocket")
	require.NoError(t, err)
	conn, err := grpc.NewClient(s.net.GRPC(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	for _, name := range allNames(t, nodeRecordings+"/queries", ownQueries) {
		t.Run(name, func(t *testing.T) {
			q := loadQuery(t, name)
			switch q.Request.Transport {
			case "abci":
				replayABCI(t, rpc, q)
			case "grpc":
				replayGRPC(t, conn, q)
			case "":
				s.replayREST(t, q)
			default:
				t.Fatalf("transport %q", q.Request.Transport)
			}
		})
	}
}

func replayABCI(t *testing.T, rpc *rpchttp.HTTP, q query) {
	t.Helper()
	data, err := hex.DecodeString(q.Request.DataHex)
	require.NoError(t, err)
	res, err := rpc.ABCIQueryWithOptions(t.Context(), q.Request.Path, data,
		rpcclient.ABCIQueryOptions{Height: q.Request.Height})
	require.NoError(t, err)
	var want struct {
		Code      uint32          `json:"code"`
		Codespace string          `json:"codespace"`
		Log       string          `json:"log"`
		Value     json.RawMessage `json:"value"`
	}
	unmarshal(t, q.Response, &want)
	require.Equal(t, plainText(want.Log), plainText(res.Response.Log))
	require.Equal(t, want.Code, res.Response.Code)
	require.Equal(t, want.Codespace, res.Response.Codespace)
	value, err := json.Marshal(res.Response.Value)
	require.NoError(t, err)
	require.Equal(t, string(want.Value), string(value))
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
	unmarshal(t, q.Status, &want)
	require.Equal(t, plainText(want.Message), plainText(status.Convert(err).Message()))
	require.EqualValues(t, want.Code, status.Code(err))
}

func (s *queryStage) replayREST(t *testing.T, q query) {
	t.Helper()
	path := q.Request.Path
	for recorded, now := range s.hashes {
		path = strings.ReplaceAll(path, strings.ToLower(recorded), strings.ToLower(now))
	}
	code, contentType, body := callREST(t, q.Request.Method, s.net.REST()+path, q.Request.Body)
	var want int
	unmarshal(t, q.Status, &want)
	require.Equal(t, want, code, "%s", body)
	require.Equal(t, q.ContentType, contentType)
	s.sameJSON(t, q.Body, body)
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

// sameJSON compares names and their order, values, and what kind each is. What
// belongs to one run is translated where it follows from the situation, and masked where it does not.
func (s *queryStage) sameJSON(t *testing.T, recorded, body []byte) {
	t.Helper()
	want, got := masked(s.here(leaves(t, recorded))), masked(leaves(t, body))
	// What was removed from a recording is not compared, but has to be there.
	for i := range min(len(want), len(got)) {
		if removed.MatchString(want[i].value) && strings.HasPrefix(got[i].value, `"`) {
			require.NotEqual(t, `""`, got[i].value, got[i].path)
			got[i].value = want[i].value
		}
	}
	require.True(t, slices.ContainsFunc(want, func(l leaf) bool { return !removed.MatchString(l.value) }), "all masked")
	require.Equal(t, written(want), written(got))
}

// removed is how a recording says that something was taken out, and how we write what is masked.
var removed = regexp.MustCompile(`^"<[a-z_ ]+>"$`)

// ofThisChain are fields whose values are one chain's or one run's.
var ofThisChain = regexp.MustCompile(`^(account_number|gas_used|timestamp|txhash|network|moniker)$`)

// ofTheBuild are facts about the program: a test's binary does not know its dependencies, and the devnet has its own
// version.
var ofTheBuild = regexp.MustCompile(`^application_version\.(version|git_commit|build_tags|cosmos_sdk_version)$`)

func masked(all []leaf) []leaf {
	for i, l := range all {
		text, isText := l.text()
		switch {
		case isText && (text != "" && ofThisChain.MatchString(l.key) || ofTheBuild.MatchString(l.path)):
			all[i].value = `"<` + l.key + `>"`
		case isText && (l.key == "message" || l.key == "raw_log"):
			all[i].value = plainText(l.value)
		}
	}
	return all
}

// plainText masks the gas that a simulation used, and where in the source an error was. The
// protobuf library writes one of two kinds of space, by build.
func plainText(text string) string {
	return gasUsed.ReplaceAllString(strings.ReplaceAll(text, "\u00a0", " "), "gas used: *")
}

var gasUsed = regexp.MustCompile(`(\[[^\]]*\] with )?gas used: '\d+'`)
