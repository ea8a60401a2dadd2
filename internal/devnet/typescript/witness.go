// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// prefix begins the client's lines that are questions; all others are for people.
const prefix = "witness "

// statement is what the client says about the chain and wants to have confirmed. Which fields it fills depends on At.
// Amounts are whole numbers, Price is an exact decimal.
type statement struct {
	At       string   `json:"at"`
	DSeq     uint64   `json:"dseq,string"`
	Provider string   `json:"provider"`
	Price    string   `json:"price"`
	Hash     string   `json:"hash"`
	Env      string   `json:"env"`
	Images   []string `json:"images"`
	Burnt    string   `json:"burnt"`
	UACT     string   `json:"uact"`
	Spent    string   `json:"spent"`
}

// witness looks at the devnet's own state, on a way that is not the client's.
type witness struct {
	network *devnet.Network
	owner   string
	// heard are the points at which the client asked so far.
	heard []string
}

// every is where a client that goes its whole way asks.
var every = []string{
	"minted", "leased", "running", "closed", "leased", "running", "running", "closed", "leased", "closed",
}

// listen answers the client's questions until it says nothing more, and passes on what it says to people. It is an
// error when the client did not ask everything.
func (w *witness) listen(ctx context.Context, from io.Reader, to io.Writer, people io.Writer) error {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		question, ok := strings.CutPrefix(lines.Text(), prefix)
		if !ok {
			if _, err := fmt.Fprintln(people, lines.Text()); err != nil {
				return err
			}
			continue
		}
		answer := struct {
			Error string `json:"error"`
		}{}
		if err := w.confirm(ctx, question); err != nil {
			answer.Error = err.Error()
		}
		if err := json.NewEncoder(to).Encode(answer); err != nil {
			return fmt.Errorf("answer the client: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("listen to the client: %w", err)
	}
	if !slices.Equal(w.heard, every) {
		return fmt.Errorf("the client asked at %q, want %q", w.heard, every)
	}
	return nil
}

// confirm compares a statement with the devnet.
func (w *witness) confirm(ctx context.Context, question string) error {
	// Zero stands for "not of a deployment".
	s := statement{}
	decoder := json.NewDecoder(strings.NewReader(question))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return fmt.Errorf("statement: %w", err)
	}
	w.heard = append(w.heard, s.At)
	switch s.At {
	case "minted":
		return w.minted(ctx, s)
	case "leased":
		return w.leased(ctx, s)
	case "running":
		return w.running(s)
	case "closed":
		return w.closed(ctx, s)
	default:
		return errors.New("no such point of the story")
	}
}

// differs is an error when got is not want.
func differs[T comparable](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("%s: the client says %v, the devnet has %v", what, want, got)
	}
	return nil
}
