// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	rpcclient "github.com/cometbft/cometbft/rpc/client"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	"github.com/stretchr/testify/require"
)

// answer is what an HTTP endpoint said.
type answer struct {
	status      int
	contentType string
	body        string
}

// tree is the body as JSON.
func (a answer) tree(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &out), a.body)
	return out
}

// at walks into a JSON tree: names of members, and numbers for elements of lists.
func at(t *testing.T, tree any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, ok := tree.(map[string]any)
			require.True(t, ok, "%v: not an object: %v", path, tree)
			require.Contains(t, object, step)
			tree = object[step]
		case int:
			list, ok := tree.([]any)
			require.True(t, ok, "%v: not a list: %v", path, tree)
			require.Greater(t, len(list), step, "%v", path)
			tree = list[step]
		default:
			t.Fatalf("a step is a name or a number, not %T", step)
		}
	}
	return tree
}

func call(t *testing.T, method, url, body string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return answer{status: res.StatusCode, contentType: res.Header.Get("Content-Type"), body: string(text)}
}

// get asks the REST endpoint.
func (w *world) get(t *testing.T, path string) answer {
	t.Helper()
	return call(t, http.MethodGet, w.rest+path, "")
}

// getOK asks the REST endpoint for what must be there.
func (w *world) getOK(t *testing.T, path string) map[string]any {
	t.Helper()
	got := w.get(t, path)
	require.Equal(t, http.StatusOK, got.status, got.body)
	return got.tree(t)
}

// misses asks the REST endpoint and expects its error: HTTP status, gRPC code and text.
func (w *world) misses(t *testing.T, path string, status, code int, message string) {
	t.Helper()
	got := w.get(t, path)
	require.Equal(t, status, got.status, got.body)
	tree := got.tree(t)
	require.InDelta(t, code, tree["code"], 0)
	require.Equal(t, message, tree["message"])
	require.Equal(t, []any{}, tree["details"])
}

// abci asks by the ABCI query of the RPC port.
func (w *world) abci(t *testing.T, path, dataHex string, height int64) *coretypes.ResultABCIQuery {
	t.Helper()
	data, err := hex.DecodeString(dataHex)
	require.NoError(t, err)
	res, err := w.comet.ABCIQueryWithOptions(t.Context(), path, data, rpcclient.ABCIQueryOptions{Height: height})
	require.NoError(t, err)
	return res
}

func hexText(data []byte) string { return hex.EncodeToString(data) }

func hexBytes(text string) ([]byte, error) { return hex.DecodeString(text) }

func containsAddress(text, address string) bool { return strings.Contains(text, `"`+address+`"`) }
