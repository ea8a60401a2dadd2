// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"
)

// story tells what a transaction's messages caused, in order: the last part of
// each Akash event's name, and "transfer" for coins that moved. Other modules' events are left out, since
// deposits out of a grant have more of them than others.
func story(res *sdk.TxResponse) string {
	var told []string
	for _, e := range res.Events {
		switch {
		case index(e) == "":
		case e.Type == "transfer":
			told = append(told, "transfer")
		case strings.HasPrefix(e.Type, "akash."):
			told = append(told, e.Type[strings.LastIndex(e.Type, ".Event")+len(".Event"):])
		}
	}
	return strings.Join(told, " ")
}

// akashEvents is the story without the coins, for where it was never seen when they move.
func akashEvents(res *sdk.TxResponse) string {
	words := slices.DeleteFunc(strings.Fields(story(res)), func(word string) bool { return word == "transfer" })
	return strings.Join(words, " ")
}

// moves lists the coins that a transaction's messages moved: "<amount> <sender> <recipient>", with names for
// the addresses that are told.
func moves(res *sdk.TxResponse, names map[string]string) []string {
	named := func(address string) string {
		if name, ok := names[address]; ok {
			return name
		}
		return address
	}
	var out []string
	for _, e := range res.Events {
		if e.Type == "transfer" && index(e) != "" {
			out = append(out, attribute(e, "amount")+" "+named(attribute(e, "sender"))+" "+named(attribute(e, "recipient")))
		}
	}
	return out
}

// told is one event of a transaction, its attributes read as the JSON that they are.
func told(t *testing.T, res *sdk.TxResponse, eventType string) map[string]any {
	t.Helper()
	for _, e := range res.Events {
		if e.Type != eventType {
			continue
		}
		out := map[string]any{}
		for _, a := range e.Attributes {
			if a.Key == "msg_index" {
				continue
			}
			var value any
			require.NoError(t, json.Unmarshal([]byte(a.Value), &value), "%s is JSON: %s", a.Key, a.Value)
			out[a.Key] = value
		}
		return out
	}
	t.Fatalf("no event %s in %s", eventType, story(res))
	return nil
}
