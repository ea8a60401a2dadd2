// SPDX-License-Identifier: Apache-2.0

package states

import (
	"strings"

	errorsmod "cosmossdk.io/errors"
	storetypes "cosmossdk.io/store/types"
	"google.golang.org/protobuf/encoding/protowire"
)

// Query answers CometBFT's path "/store/<name>/key" with an entry's value and "/store/<name>/subspace" with all entries
// whose keys begin with the data. There are no proofs.
func (s *Stores) Query(req *storetypes.RequestQuery) (*storetypes.ResponseQuery, error) {
	name, path, ok := strings.Cut(strings.TrimPrefix(req.Path, "/"), "/")
	if !ok {
		return &storetypes.ResponseQuery{}, errorsmod.Wrapf(storetypes.ErrUnknownRequest, "invalid path: %s", req.Path)
	}
	key, ok := s.keys[name]
	switch {
	case !ok:
		return &storetypes.ResponseQuery{}, errorsmod.Wrapf(storetypes.ErrUnknownRequest, "no such store: %s", name)
	case len(req.Data) == 0:
		return &storetypes.ResponseQuery{}, errorsmod.Wrap(storetypes.ErrTxDecode, "query cannot be zero length")
	case req.Prove:
		return &storetypes.ResponseQuery{}, errorsmod.Wrap(storetypes.ErrInvalidRequest, "a devnet keeps no proofs")
	}
	res := &storetypes.ResponseQuery{Height: req.Height, Key: req.Data}
	if res.Height == 0 {
		res.Height = s.LatestVersion()
	}
	state, ok := s.version(res.Height)
	if !ok {
		res.Log = ErrNoVersion.Error()
		return res, nil
	}
	switch path {
	case "key":
		res.Value = state.trees[key].Get(req.Data)
		return res, nil
	case "subspace":
		it := storetypes.KVStorePrefixIterator(state.trees[key], req.Data)
		for ; it.Valid(); it.Next() {
			res.Value = appendBytes(res.Value, 1, appendBytes(appendBytes(nil, 1, it.Key()), 2, it.Value()))
		}
		return res, nil
	default:
		return &storetypes.ResponseQuery{}, errorsmod.Wrapf(storetypes.ErrUnknownRequest, "unexpected query path: /%s", path)
	}
}

// appendBytes writes one field of a message, here of cosmos.store.internal.kv.v1beta1.Pairs and Pair.
func appendBytes(to []byte, field protowire.Number, value []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, field, protowire.BytesType), value)
}
