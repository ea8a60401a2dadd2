// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/stretchr/testify/require"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	dseq := a.nextDSeq()
	created := a.do(t, a.creation(dseq))
	a.do(t, a.closing(dseq))
	for _, query := range []string{
		fmt.Sprintf("message.action='/akash.deployment.v1beta4.MsgCreateDeployment' AND message.sender='%s'", a.addr),
		fmt.Sprintf("message.module='deployment' AND message.sender='%s' AND tx.height=%d", a.addr, created.Height),
		fmt.Sprintf("akash.deployment.v1.EventDeploymentCreated.id CONTAINS '%s'", a.addr),
		fmt.Sprintf("tx.acc_seq='%s/0'", a.addr),
	} {
		check(t, "observed.md 5", "RPC finds transactions by "+query[:strings.IndexAny(query, "=C ")], func(t *testing.T) {
			got, err := a.comet.TxSearch(t.Context(), query, false, nil, nil, "asc")
			require.NoError(t, err)
			require.Equal(t, 1, got.TotalCount)
			require.Equal(t, created.TxHash, got.Txs[0].Hash.String())
		})
	}
	check(t, "conformance node/queries tx_search", "REST searches in the order asked for", func(t *testing.T) {
		path := "/cosmos/tx/v1beta1/txs?query=" + url.QueryEscape("message.sender='"+a.addr+"'") + "&order_by="
		up, down := a.getOK(t, path+"ORDER_BY_ASC"), a.getOK(t, path+"ORDER_BY_DESC")
		require.Equal(t, "2", at(t, up, "total"))
		require.Equal(t, created.TxHash, at(t, up, "tx_responses", 0, "txhash"))
		require.Equal(t, created.TxHash, at(t, down, "tx_responses", 1, "txhash"))
		require.Equal(t, "/akash.deployment.v1beta4.MsgCreateDeployment", at(t, up, "txs", 0, "body", "messages", 0, "@type"))
	})
	check(t, "observed.md 12", "REST finds a transaction by its hash in lower case", func(t *testing.T) {
		got := a.getOK(t, "/cosmos/tx/v1beta1/txs/"+strings.ToLower(created.TxHash))
		require.Equal(t, created.TxHash, at(t, got, "tx_response", "txhash"))
		require.Equal(t, fmt.Sprint(created.Height), at(t, got, "tx_response", "height"))
		require.Regexp(t, `^\d+$`, at(t, got, "tx_response", "gas_used"))
		require.InDelta(t, 0, at(t, got, "tx_response", "code"), 0)
		require.Equal(t, "SIGN_MODE_DIRECT",
			at(t, got, "tx", "auth_info", "signer_infos", 0, "mode_info", "single", "mode"))
		message := at(t, got, "tx", "body", "messages", 0)
		require.Equal(t, fmt.Sprint(dseq), at(t, message, "id", "dseq"))
		require.Equal(t, []any{"grant", "balance"}, at(t, message, "deposit", "sources"))
		require.Nil(t, at(t, message, "reclamation"))
	})
	check(t, "observed.md 12", "a search without a query is an error", func(t *testing.T) {
		got := a.get(t, "/cosmos/tx/v1beta1/txs")
		require.Equal(t, 500, got.status, got.body)
		require.InDelta(t, 13, at(t, got.tree(t), "code"), 0)
	})
	check(t, "pitfalls.md 3", "block results have the transaction with its events", func(t *testing.T) {
		got, err := a.comet.BlockResults(t.Context(), &created.Height)
		require.NoError(t, err)
		var found bool
		for _, res := range got.TxsResults {
			for _, e := range res.Events {
				found = found || e.Type == "akash.deployment.v1.EventDeploymentCreated" &&
					strings.Contains(attribute(e, "id"), a.addr)
			}
		}
		require.True(t, found)
	})
}

func TestSubscription(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	// One subscriber's queries are told apart by their text, so this one has a name of its own.
	query := "tm.event='Tx' AND message.sender='" + a.addr + "'"
	txs, err := a.comet.Subscribe(ctx, a.addr, query)
	require.NoError(t, err)
	dseq := a.nextDSeq()
	sent := a.do(t, a.creation(dseq))
	check(t, "observed.md 5, messages.md 0.5", "the websocket tells of a transaction by its sender", func(t *testing.T) {
		select {
		case event := <-txs:
			data, ok := event.Data.(cmttypes.EventDataTx)
			require.True(t, ok, "%T", event.Data)
			require.Equal(t, sent.Height, data.Height)
			ids := event.Events["akash.deployment.v1.EventDeploymentCreated.id"]
			require.Len(t, ids, 1)
			var id struct{ Owner, DSeq string }
			require.NoError(t, json.Unmarshal([]byte(ids[0]), &id))
			require.Equal(t, a.addr, id.Owner)
			require.Equal(t, fmt.Sprint(dseq), id.DSeq)
		case <-ctx.Done():
			t.Fatal("nothing came")
		}
	})
	check(t, "pitfalls.md 3", "the websocket tells of blocks", func(t *testing.T) {
		blocks, err := a.comet.Subscribe(ctx, a.addr, "tm.event='NewBlockHeader'")
		require.NoError(t, err)
		select {
		case event := <-blocks:
			data, ok := event.Data.(cmttypes.EventDataNewBlockHeader)
			require.True(t, ok, "%T", event.Data)
			require.Equal(t, a.chainID, data.Header.ChainID)
			require.WithinDuration(t, time.Now(), data.Header.Time, time.Hour)
		case <-ctx.Done():
			t.Fatal("no block came")
		}
	})
}
