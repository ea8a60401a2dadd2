// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// jsonRPC is a JSON-RPC 2.0 client over HTTP POST, as much as CometBFT needs.
type jsonRPC struct {
	name string
	url  string
	http *http.Client
}

func newJSONRPC(name, url string) *jsonRPC {
	return &jsonRPC{name: name, url: url, http: newHTTPClient()}
}

// methodNotFound is JSON-RPC's own code for a method the server does not know.
const methodNotFound = -32601

// rpcError is an error object that the server answered.
type rpcError struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"`
}

func (e *rpcError) Error() string { return e.text() }

// text joins message and data; data holds the reason, mostly as a string.
func (e *rpcError) text() string {
	var data string
	if json.Unmarshal(e.Data, &data) != nil {
		data = string(e.Data)
	}
	switch {
	case data == "" || data == "null":
		return e.Message
	case e.Message == "" || e.Message == "Internal error":
		return data
	}
	return e.Message + ": " + data
}

// call posts one request and decodes its result. Its errors are the context's,
// an [*endpointError] or a [*rpcError].
func (c *jsonRPC) call(ctx context.Context, method string, params, result any) error {
	if params == nil {
		params = map[string]any{}
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	if err != nil {
		return fmt.Errorf("RPC %s: %w", method, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("RPC %s: %w", method, err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return failedHTTP(ctx, c.name, c.url, err)
	}
	defer func() { _ = response.Body.Close() }() // read to the end or failed already
	text, err := io.ReadAll(io.LimitReader(response.Body, maxReply+1))
	if err != nil {
		return failedHTTP(ctx, c.name, c.url, err)
	}
	if response.StatusCode == http.StatusTooManyRequests {
		return limitedHTTP(c.name, response)
	}
	if len(text) > maxReply {
		return &endpointError{endpoint: c.name, text: fmt.Sprintf("answer above %d bytes", maxReply)}
	}
	var envelope struct {
		Result json.RawMessage `json:"result"`
		Error  *rpcError       `json:"error"`
	}
	// CometBFT sends its errors with status 500, so the body decides.
	if err := json.Unmarshal(text, &envelope); err != nil || (envelope.Error == nil && envelope.Result == nil) {
		if response.StatusCode == http.StatusServiceUnavailable && response.Header.Get("Retry-After") != "" {
			return limitedHTTP(c.name, response)
		}
		return &endpointError{endpoint: c.name, text: "HTTP " + response.Status + ": no JSON-RPC answer"}
	}
	if envelope.Error != nil && tooMany(envelope.Error.text()) {
		return limitedHTTP(c.name, response)
	}
	if envelope.Error != nil {
		return envelope.Error
	}
	if err := json.Unmarshal(envelope.Result, result); err != nil {
		return &endpointError{endpoint: c.name, text: "answer of " + method + ": " + cleanLog(err.Error())}
	}
	return nil
}
