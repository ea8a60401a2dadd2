// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/pb"
)

// What an official node answered: all of it, where it lies beside the repository, and the copy that is part of it.
const (
	nodeRecordings = "../../../shared/conformance/node"
	ownRecordings  = "testdata/recordings"
	ownQueries     = "testdata/queries"
)

// recordedNames are the recordings in a folder, or none when there is no such folder.
func recordedNames(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".json"))
	}
	return names
}

// allNames are the recordings beside the repository and in it.
func allNames(t *testing.T, dirs ...string) []string {
	t.Helper()
	var names []string
	for _, dir := range dirs {
		names = append(names, recordedNames(t, dir)...)
	}
	require.NotEmpty(t, names)
	slices.Sort(names)
	return slices.Compact(names)
}

// readRecorded reads a recording from the first folder that has it.
func readRecorded(t *testing.T, name string, dirs ...string) []byte {
	t.Helper()
	for _, dir := range dirs {
		bz, err := os.ReadFile(filepath.Join(dir, name+".json"))
		if !errors.Is(err, os.ErrNotExist) {
			require.NoError(t, err)
			return bz
		}
	}
	t.Fatalf("no recording %q", name)
	return nil
}

// The copy in testdata is whole and unchanged, so that nothing is lost without the folder beside the repository.
func TestOwnRecordingsAreTheOfficialOnes(t *testing.T) {
	t.Parallel()
	for theirs, ours := range map[string]string{
		nodeRecordings: ownRecordings, nodeRecordings + "/queries": ownQueries,
		nodeRecordings + "/gateway": "akashprovider/testdata/gateway",
	} {
		for _, name := range recordedNames(t, theirs) {
			require.Equal(t, string(readRecorded(t, name, theirs)), string(readRecorded(t, name, ours)), name)
		}
	}
}

// tally is a set of names, safe for concurrent use.
type tally struct {
	mu    sync.Mutex
	names []string
}

func (l *tally) add(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.names = append(l.names, name)
}

func (l *tally) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.Sort(l.names)
	return slices.Compact(l.names)
}

// recording is one transaction of an official node.
type recording struct {
	Name     string            `json:"name"`
	Stage    string            `json:"stage"`
	Messages []json.RawMessage `json:"messages"`
	Memo     string            `json:"memo"`
	Fee      struct {
		Amount   sdk.Coins   `json:"amount"`
		GasLimit json.Number `json:"gas_limit"`
		Granter  string      `json:"granter"`
	} `json:"fee"`
	Result struct {
		Code      uint32          `json:"code"`
		Codespace string          `json:"codespace"`
		RawLog    string          `json:"raw_log"`
		Events    []recordedEvent `json:"events"`
	} `json:"result"`

	msgs []sdk.Msg
}

type recordedEvent struct {
	Type       string     `json:"type"`
	Attributes attributes `json:"attributes"`
}

// attributes keep the order in which they were recorded.
type attributes []attribute

type attribute struct{ key, value string }

func (a *attributes) UnmarshalJSON(bz []byte) error {
	dec := json.NewDecoder(bytes.NewReader(bz))
	var texts []string
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if text, ok := token.(string); ok {
			texts = append(texts, text)
		}
	}
	for pair := range slices.Chunk(texts, 2) {
		*a = append(*a, attribute{key: pair[0], value: pair[1]})
	}
	return nil
}

func loadRecording(t *testing.T, enc pb.Encoding, name string) recording {
	t.Helper()
	var rec recording
	require.NoError(t, json.Unmarshal(readRecorded(t, name, nodeRecordings, ownRecordings), &rec), name)
	require.Equal(t, name, rec.Name)
	require.NotEmpty(t, rec.Messages, name)
	for _, raw := range rec.Messages {
		var msg sdk.Msg
		require.NoError(t, enc.Codec.UnmarshalInterfaceJSON(raw, &msg), name)
		rec.msgs = append(rec.msgs, msg)
	}
	return rec
}

// What a text says of one run: where the gas ran out and how much was used, account number and chain, a balance, a
// stack.
var ofOneRun = []struct {
	find *regexp.Regexp
	put  string
}{
	{regexp.MustCompile(`^(out of gas in location: )\w+(; gasWanted: \d+, gasUsed: )\d+`), "${1}*${2}*"},
	{regexp.MustCompile(`(please verify account number \()\d+(\) and chain-id \()[\w-]+`), "${1}*${2}*"},
	{regexp.MustCompile(`(spendable balance )\d+\w+`), "${1}*"},
	{regexp.MustCompile(`(?s)\nstack:.*`), "\nstack:"},
}

// plainLog masks what belongs to one run.
func plainLog(log string) string {
	for _, m := range ofOneRun {
		log = m.find.ReplaceAllString(log, m.put)
	}
	return log
}

// isAnte tells the events that come before the first message's.
func isAnte(attrs attributes) bool {
	return !slices.ContainsFunc(attrs, func(a attribute) bool { return a.key == "msg_index" })
}

var sequence = regexp.MustCompile(`/\d+$`)

// lines writes events one a line for comparing. Of what comes before the messages,
// the fee is written "<fee>" wherever it stands, and the sequence "<sequence>". Signatures were not recorded.
func lines(events []recordedEvent) []string {
	var fee string
	for _, e := range events {
		for _, a := range e.Attributes {
			if e.Type == "tx" && a.key == "fee" {
				fee = a.value
			}
		}
	}
	var out []string
	for _, e := range events {
		ante := isAnte(e.Attributes)
		var b strings.Builder
		b.WriteString(e.Type)
		for _, a := range e.Attributes {
			switch {
			case a.key == "signature":
				continue
			case ante && a.value == fee:
				a.value = "<fee>"
			case ante && a.key == "acc_seq":
				a.value = sequence.ReplaceAllString(a.value, "/<sequence>")
			}
			b.WriteString(" " + a.key + "=" + a.value)
		}
		out = append(out, b.String())
	}
	return out
}

func fromABCI(events []abci.Event) []recordedEvent {
	var out []recordedEvent
	for _, e := range events {
		r := recordedEvent{Type: e.Type}
		for _, a := range e.Attributes {
			r.Attributes = append(r.Attributes, attribute{key: a.Key, value: a.Value})
		}
		out = append(out, r)
	}
	return out
}
