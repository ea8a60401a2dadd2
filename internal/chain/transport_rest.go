// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

// restTransport asks a node through its REST server, the gRPC gateway that every
// API endpoint of the network is. It knows the routes of what this client asks
// (see restRoutes) and no others: [ErrUnsupported] for those.
type restTransport struct {
	name string
	base *url.URL
	http *http.Client
}

func newRESTTransport(endpoint string) (*restTransport, error) {
	address, err := restURL(endpoint)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("REST endpoint %q: not a URL", redactURL(endpoint)) // the cause may hold a password
	}
	return &restTransport{name: redactURL(endpoint), base: base, http: newHTTPClient()}, nil
}

func (t *restTransport) endpoint() string { return t.name }

func (t *restTransport) close() error {
	t.http.CloseIdleConnections()
	return nil
}

func (t *restTransport) query(
	ctx context.Context, method string, args, reply any, _ ...grpc.CallOption,
) (int64, error) {
	route, ok := restRoutes[method]
	if !ok {
		return 0, newQueryError(method, codes.Unimplemented, "no REST route for it")
	}
	path, parameters, body, err := route.request(args)
	if err != nil {
		return 0, fmt.Errorf("query %s: %w", method, err)
	}
	answer, height, err := t.call(ctx, method, path, parameters, body)
	if err != nil {
		return height, err
	}
	if err := route.reply(answer, reply); err != nil {
		return height, &endpointError{endpoint: t.name, text: "answer of " + path + ": " + cleanLog(err.Error())}
	}
	return height, nil
}

// call asks for a path, by POST when there is a body, and returns the JSON of a success.
func (t *restTransport) call(
	ctx context.Context, method, path string, parameters url.Values, body any,
) (answer []byte, height int64, err error) {
	address := *t.base
	address.Path = strings.TrimSuffix(address.Path, "/") + path
	if len(parameters) > 0 {
		asked := address.Query() // of the endpoint itself, such as a key
		for name, values := range parameters {
			asked[name] = values
		}
		address.RawQuery = asked.Encode()
	}
	verb, content := http.MethodGet, io.Reader(nil)
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, 0, fmt.Errorf("REST %s: %w", path, err)
		}
		verb, content = http.MethodPost, bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, verb, address.String(), content)
	if err != nil {
		return nil, 0, &endpointError{endpoint: t.name, text: "no request for " + path, notSent: true}
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := t.http.Do(request)
	if err != nil {
		return nil, 0, failedHTTP(ctx, t.name, address.String(), err)
	}
	defer func() { _ = response.Body.Close() }() // read to the end or failed already
	answer, err = io.ReadAll(io.LimitReader(response.Body, maxReply+1))
	if err != nil {
		return nil, 0, failedHTTP(ctx, t.name, address.String(), err)
	}
	height = restHeight(response.Header)
	if response.StatusCode == http.StatusOK && len(answer) <= maxReply && json.Valid(answer) {
		return answer, height, nil
	}
	return nil, height, t.refusal(method, response, answer)
}

// refusal is what an answer means that is no success: the node's own words, or those of what stands before it.
func (t *restTransport) refusal(method string, response *http.Response, answer []byte) error {
	var said struct {
		Code    *uint32 `json:"code"`
		Message string  `json:"message"`
	}
	waits := response.StatusCode == http.StatusServiceUnavailable && response.Header.Get("Retry-After") != ""
	if response.StatusCode == http.StatusTooManyRequests || waits {
		return limitedHTTP(t.name, response)
	}
	if json.Unmarshal(answer, &said) != nil || said.Code == nil || response.StatusCode == http.StatusOK {
		return &endpointError{endpoint: t.name, text: "HTTP " + response.Status + ": no answer of a node"}
	}
	if tooMany(said.Message) {
		return limitedHTTP(t.name, response)
	}
	switch code := codes.Code(*said.Code); code {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.ResourceExhausted:
		return &endpointError{endpoint: t.name, text: cleanLog(said.Message)}
	default:
		return newQueryError(method, code, said.Message)
	}
}

// restHeight reads the height of the state that answered, 0 if it is not told.
func restHeight(header http.Header) int64 {
	height, err := strconv.ParseInt(header.Get("Grpc-Metadata-"+grpctypes.GRPCBlockHeightHeader), 10, 64)
	if err != nil || height < 0 {
		return 0
	}
	return height
}

func (t *restTransport) head(ctx context.Context) (head, error) {
	answer, _, err := t.call(ctx, methodLatestBlock, "/cosmos/base/tendermint/v1beta1/blocks/latest", nil, nil)
	if err != nil {
		return head{}, err
	}
	var told struct {
		Block struct {
			Header struct {
				ChainID string    `json:"chain_id"`
				Height  text64    `json:"height"`
				Time    time.Time `json:"time"`
			} `json:"header"`
		} `json:"block"`
	}
	if err := json.Unmarshal(answer, &told); err != nil || told.Block.Header.ChainID == "" {
		return head{}, &endpointError{endpoint: t.name, text: "it does not answer as a node's REST server does"}
	}
	h := told.Block.Header
	return head{chainID: h.ChainID, block: Block{Height: int64(h.Height), Time: h.Time.UTC()}}, nil
}

// restTx is a transaction's result as REST tells it.
type restTx struct {
	Response *struct {
		Hash      string `json:"txhash"`
		Height    text64 `json:"height"`
		Code      uint32 `json:"code"`
		Codespace string `json:"codespace"`
		RawLog    string `json:"raw_log"`
		Data      string `json:"data"`
		GasWanted text64 `json:"gas_wanted"`
		GasUsed   text64 `json:"gas_used"`
		Events    []struct {
			Type       string      `json:"type"`
			Attributes []Attribute `json:"attributes"`
		} `json:"events"`
	} `json:"tx_response"`
}

func (t *restTransport) broadcast(ctx context.Context, txBytes []byte) error {
	answer, _, err := t.call(ctx, methodBroadcast, "/cosmos/tx/v1beta1/txs", nil,
		map[string]any{"tx_bytes": txBytes, "mode": "BROADCAST_MODE_SYNC"})
	if err != nil {
		return err
	}
	var told restTx
	if err := json.Unmarshal(answer, &told); err != nil || told.Response == nil {
		return &endpointError{endpoint: t.name, text: "empty answer to a broadcast"}
	}
	return checkTxError(told.Response.Codespace, told.Response.Code, told.Response.RawLog, TxHash(txBytes))
}

func (t *restTransport) findTx(ctx context.Context, hash string) (TxResult, int64, error) {
	answer, height, err := t.call(ctx, methodGetTx, "/cosmos/tx/v1beta1/txs/"+url.PathEscape(hash), nil, nil)
	if err != nil {
		return TxResult{}, height, err
	}
	var told restTx
	if err := json.Unmarshal(answer, &told); err != nil || told.Response == nil {
		return TxResult{}, 0, &endpointError{endpoint: t.name, text: "empty answer to a transaction look-up"}
	}
	r := told.Response
	found, err := txResultOf(&sdk.TxResponse{
		TxHash: r.Hash, Height: int64(r.Height), Codespace: r.Codespace, Code: r.Code, RawLog: r.RawLog, Data: r.Data,
		GasWanted: int64(r.GasWanted), GasUsed: int64(r.GasUsed),
	})
	if err != nil {
		return TxResult{}, 0, &endpointError{endpoint: t.name, text: cleanLog(err.Error())}
	}
	for _, event := range r.Events {
		found.Events = append(found.Events, Event{Type: event.Type, Attributes: event.Attributes})
	}
	return found, height, nil
}
