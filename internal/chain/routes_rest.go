// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/gogoproto/jsonpb"
	"github.com/cosmos/gogoproto/proto"
	"google.golang.org/protobuf/encoding/protowire"
)

// restRoute is the REST form of a query.
type restRoute struct {
	request func(args any) (path string, parameters url.Values, body any, err error)
	reply   func(answer []byte, reply any) error
}

// restRoutes are the routes of what this client asks, by gRPC method. Source: the
// http options of the network's .proto files.
var restRoutes = func() map[string]restRoute {
	routes := map[string]restRoute{
		methodAccountInfo: {request: byAddress("/cosmos/auth/v1beta1/account_info/"), reply: accountReply},
		methodBalances:    {request: byAddress("/cosmos/bank/v1beta1/balances/"), reply: balancesReply},
		methodSpendable:   {request: byAddress("/cosmos/bank/v1beta1/spendable_balances/"), reply: balancesReply},
		methodNodeConfig:  {request: noArguments("/cosmos/base/node/v1beta1/config"), reply: configReply},
		methodSimulate:    {request: simulateRequest, reply: simulateReply},

		methodBlockByHeight: {request: blockRequest, reply: blockReply},
		methodNodeInfo: {
			request: noArguments("/cosmos/base/tendermint/v1beta1/node_info"), reply: nodeInfoReply,
		},
	}
	for method, path := range map[string]string{
		"deployment.v1beta4.Query/Deployment":  "/akash/deployment/v1beta4/deployments/info",
		"deployment.v1beta4.Query/Deployments": "/akash/deployment/v1beta4/deployments/list",
		"deployment.v1beta4.Query/Group":       "/akash/deployment/v1beta4/groups/info",
		"deployment.v1beta4.Query/Params":      "/akash/deployment/v1beta4/params",
		"market.v1beta5.Query/Order":           "/akash/market/v1beta5/orders/info",
		"market.v1beta5.Query/Orders":          "/akash/market/v1beta5/orders/list",
		"market.v1beta5.Query/Bid":             "/akash/market/v1beta5/bids/info",
		"market.v1beta5.Query/Bids":            "/akash/market/v1beta5/bids/list",
		"market.v1beta5.Query/Lease":           "/akash/market/v1beta5/leases/info",
		"market.v1beta5.Query/Leases":          "/akash/market/v1beta5/leases/list",
		"market.v1beta5.Query/Params":          "/akash/market/v1beta5/params",
		"provider.v1beta4.Query/Providers":     "/akash/provider/v1beta4/providers",
		"provider.v1beta4.Query/Provider":      "/akash/provider/v1beta4/providers/{owner}",
		"audit.v1.Query/ProviderAttributes":    "/akash/audit/v1/audit/attributes/{owner}/list",
		"cert.v1.Query/Certificates":           "/akash/cert/v1/certificates/list",
		"bme.v1.Query/Status":                  "/akash/bme/v1/status",
		"bme.v1.Query/Params":                  "/akash/bme/v1/params",
		"bme.v1.Query/LedgerRecords":           "/akash/bme/v1/ledger",
		"oracle.v2.Query/AggregatedPrice":      "/akash/oracle/v2/aggregated_price/{denom}",
	} {
		routes["/akash."+method] = restRoute{request: asParameters(path), reply: asMessage}
	}
	for method, path := range grantRoutes {
		routes[method] = restRoute{request: asParameters(path), reply: asMessage}
	}
	return routes
}()

var errNotAMessage = errors.New("not a message")

// asParameters writes a message's fields as parameters, nested ones with dots, and {fields} into the path.
func asParameters(path string) func(any) (string, url.Values, any, error) {
	return func(args any) (string, url.Values, any, error) {
		m, ok := args.(proto.Message)
		if !ok {
			return "", nil, nil, errNotAMessage
		}
		text, err := (&jsonpb.Marshaler{OrigName: true}).MarshalToString(m)
		if err != nil {
			return "", nil, nil, err
		}
		var fields map[string]any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&fields); err != nil {
			return "", nil, nil, err
		}
		parameters := url.Values{}
		flatten("", fields, parameters)
		filled := path
		for name := range parameters {
			if place := "{" + name + "}"; strings.Contains(filled, place) {
				filled = strings.ReplaceAll(filled, place, url.PathEscape(parameters.Get(name)))
				parameters.Del(name)
			}
		}
		return filled, parameters, nil, nil
	}
}

func flatten(prefix string, fields map[string]any, parameters url.Values) {
	for name, value := range fields {
		if inner, ok := value.(map[string]any); ok {
			flatten(prefix+name+".", inner, parameters)
			continue
		}
		parameters.Set(prefix+name, fmt.Sprint(value))
	}
}

// asMessage reads an answer into a generated message; fields that it does not know are passed over.
func asMessage(answer []byte, reply any) error {
	m, ok := reply.(proto.Message)
	if !ok {
		return errNotAMessage
	}
	return (&jsonpb.Unmarshaler{AllowUnknownFields: true, AnyResolver: grantKinds{}}).Unmarshal(
		bytes.NewReader(answer), m)
}

func noArguments(path string) func(any) (string, url.Values, any, error) {
	return func(any) (string, url.Values, any, error) { return path, nil, nil, nil }
}

// byAddress reads a request that was encoded by hand: an address (1) and maybe pagination (2).
func byAddress(path string) func(any) (string, url.Values, any, error) {
	return func(args any) (string, url.Values, any, error) {
		raw, ok := args.(*rawMessage)
		if !ok {
			return "", nil, nil, errNotAMessage
		}
		var address string
		parameters := url.Values{}
		err := eachField(raw.bytes, func(num protowire.Number, _ uint64, value []byte) error {
			switch num {
			case 1:
				address = string(value)
			case 2:
				var page query.PageRequest
				if err := page.Unmarshal(value); err != nil {
					return err
				}
				text, err := (&jsonpb.Marshaler{OrigName: true}).MarshalToString(&page)
				if err != nil {
					return err
				}
				var fields map[string]any
				if err := json.Unmarshal([]byte(text), &fields); err != nil {
					return err
				}
				flatten("pagination.", fields, parameters)
			}
			return nil
		})
		return path + url.PathEscape(address), parameters, nil, err
	}
}

// rawReply is for answers that are decoded by hand: it hands their encoding over.
func rawReply(reply any, encoded []byte) error {
	raw, ok := reply.(*rawMessage)
	if !ok {
		return errNotAMessage
	}
	raw.bytes = encoded
	return nil
}

func accountReply(answer []byte, reply any) error {
	var told struct {
		Info *struct {
			Address  string          `json:"address"`
			PubKey   json.RawMessage `json:"pub_key"`
			Number   text64          `json:"account_number"`
			Sequence text64          `json:"sequence"`
		} `json:"info"`
	}
	if err := json.Unmarshal(answer, &told); err != nil || told.Info == nil {
		return errors.Join(errMalformed, err)
	}
	info := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), told.Info.Address)
	if key := told.Info.PubKey; len(key) > 0 && string(key) != "null" {
		info = protowire.AppendBytes(protowire.AppendTag(info, 2, protowire.BytesType), key) // that there is one is all
	}
	number, sequence := unsigned(int64(told.Info.Number)), unsigned(int64(told.Info.Sequence))
	info = protowire.AppendVarint(protowire.AppendTag(info, 3, protowire.VarintType), number)
	info = protowire.AppendVarint(protowire.AppendTag(info, 4, protowire.VarintType), sequence)
	return rawReply(reply, protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), info))
}

func balancesReply(answer []byte, reply any) error {
	var told struct {
		Balances []struct {
			Denom  string   `json:"denom"`
			Amount math.Int `json:"amount"`
		} `json:"balances"`
		Pagination *struct {
			NextKey []byte `json:"next_key"`
		} `json:"pagination"`
	}
	if err := json.Unmarshal(answer, &told); err != nil {
		return err
	}
	var encoded []byte
	for _, balance := range told.Balances {
		one := sdk.Coin{Denom: balance.Denom, Amount: balance.Amount}
		text, err := one.Marshal()
		if err != nil {
			return err
		}
		encoded = protowire.AppendBytes(protowire.AppendTag(encoded, 1, protowire.BytesType), text)
	}
	if told.Pagination != nil && len(told.Pagination.NextKey) > 0 {
		page, err := (&query.PageResponse{NextKey: told.Pagination.NextKey}).Marshal()
		if err != nil {
			return err
		}
		encoded = protowire.AppendBytes(protowire.AppendTag(encoded, 2, protowire.BytesType), page)
	}
	return rawReply(reply, encoded)
}

func configReply(answer []byte, reply any) error {
	var told struct {
		MinimumGasPrice string `json:"minimum_gas_price"`
	}
	if err := json.Unmarshal(answer, &told); err != nil {
		return err
	}
	return rawReply(reply, protowire.AppendString(
		protowire.AppendTag(nil, 1, protowire.BytesType), told.MinimumGasPrice))
}

func simulateRequest(args any) (string, url.Values, any, error) {
	request, ok := args.(*txtypes.SimulateRequest)
	if !ok {
		return "", nil, nil, errNotAMessage
	}
	return "/cosmos/tx/v1beta1/simulate", nil, map[string]any{"tx_bytes": request.TxBytes}, nil
}

// simulateReply leaves out the messages' own answers, which are of types that are not linked in.
func simulateReply(answer []byte, reply any) error {
	response, ok := reply.(*txtypes.SimulateResponse)
	if !ok {
		return errNotAMessage
	}
	var told struct {
		Gas *struct {
			// The wanted gas of a simulation is the largest 64 bit number; nobody needs it.
			Used text64 `json:"gas_used"`
		} `json:"gas_info"`
	}
	if err := json.Unmarshal(answer, &told); err != nil {
		return err
	}
	if told.Gas != nil {
		response.GasInfo = &sdk.GasInfo{GasUsed: unsigned(int64(told.Gas.Used))}
	}
	return nil
}
