// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/odds"
)

// FaultDoc documents one fault of a [FaultPlan].
type FaultDoc struct {
	// Name is the word.
	Name string `json:"fault"`
	// AkashProvider tells that it is a fault of Akash providers, not of the public endpoints.
	AkashProvider bool `json:"akash_provider"`
	// Value is a place holder for what follows "="; "" is nothing, and HOW-OFTEN is explained by [odds.Forms].
	Value string `json:"value,omitempty"`
	// Help is what happens, in one sentence.
	Help string `json:"help"`
	// Example is a whole word of a plan.
	Example string `json:"example"`
}

// faultWord is a row of the one table behind parsing, documentation and effect.
type faultWord struct {
	name, help, example string
	value               faultValue
	// endpoint puts a fault of the public endpoints in force; nil in rows of Akash providers. The dice are there
	// where the value is odds.
	endpoint func(f *endpointFaults, value string, dice *odds.Dice)
	// seller puts a fault of an Akash provider in force; nil in rows of the endpoints, and where certificate is set.
	seller func(f *akashprovider.Faults, value string, dice *odds.Dice)
	// left reads what is in force of it; false is nothing. Only rows of Akash providers need it.
	left func(f akashprovider.Faults) (value string, inForce bool)
	// certificate says what becomes of the one that a gateway shows.
	certificate certificateFault
}

type certificateFault int

const (
	ownCertificate certificateFault = iota
	unknownCertificate
	foreignCertificate
	rotatedCertificate
)

func (w faultWord) isSeller() bool { return w.endpoint == nil }

func (w faultWord) doc() FaultDoc {
	return FaultDoc{
		Name: w.name, AkashProvider: w.isSeller(), Value: w.value.form, Help: w.help, Example: w.example,
	}
}

// FaultNames lists every fault that a [FaultPlan] may hold: those of the endpoints, then those of Akash providers.
func FaultNames() []FaultDoc {
	var docs []FaultDoc
	for _, words := range [][]faultWord{endpointWords(), sellerWords()} {
		for _, w := range words {
			docs = append(docs, w.doc())
		}
	}
	return docs
}

// findFault finds the row of a fault of a target; the error says what there is.
func findFault(on, name string) (faultWord, error) {
	mine, others := endpointWords(), sellerWords()
	if on != OnEndpoints {
		mine, others = others, mine
	}
	names := make([]string, 0, len(mine))
	for _, w := range mine {
		if w.name == name {
			return w, nil
		}
		names = append(names, w.name)
	}
	for _, w := range others {
		if w.name != name {
			continue
		}
		if w.isSeller() {
			return w, fmt.Errorf("it is a fault of Akash providers: write NAME.%[1]s, any.%[1]s or *.%[1]s", name)
		}
		return w, fmt.Errorf("it is a fault of the public endpoints: write %s alone", name)
	}
	where := "the public endpoints"
	if on != OnEndpoints {
		where = "an Akash provider"
	}
	return faultWord{}, fmt.Errorf("there is no such fault of %s; there are %s", where, strings.Join(names, ", "))
}

// endpointWords are the faults of the public endpoints.
func endpointWords() []faultWord {
	refuse := func(why error) func(*endpointFaults, string, *odds.Dice) {
		return func(f *endpointFaults, _ string, dice *odds.Dice) { f.refuse(why, dice) }
	}
	reset := func(at ...Endpoint) func(*endpointFaults, string, *odds.Dice) {
		return func(f *endpointFaults, _ string, dice *odds.Dice) { f.reset(dice, at...) }
	}
	return []faultWord{
		{
			name: "lose-broadcast", value: oddsValue, example: "lose-broadcast=1/20",
			help: "a broadcast transaction is answered as accepted and dropped",
			endpoint: func(f *endpointFaults, _ string, dice *odds.Dice) {
				f.LoseBroadcast = func([]byte) bool { return dice.Next() }
			},
		},
		{
			name: "fail-answer", value: oddsValue, example: "fail-answer=1",
			help: "a broadcast transaction is accepted and answered with an error",
			endpoint: func(f *endpointFaults, _ string, dice *odds.Dice) {
				f.FailAnswer = failing(dice)
			},
		},
		{
			name: "fail-after-block", value: oddsValue, example: "fail-after-block=1",
			help: "a broadcast transaction is answered with an error once it is in a block",
			endpoint: func(f *endpointFaults, _ string, dice *odds.Dice) {
				f.FailAfterBlock = failing(dice)
			},
		},
		{
			name: "mempool-full", value: oddsValue, example: "mempool-full=1/10", endpoint: refuse(ErrMempoolFull),
			help: "a broadcast transaction is refused because the mempool is full",
		},
		{
			name: "sequence-mismatch", value: oddsValue, example: "sequence-mismatch=2",
			endpoint: refuse(ErrSequenceMismatch),
			help:     "an ordered transaction is refused as if another one of its signer had come first",
		},
		{
			name: "lag-blocks", value: numberValue, example: "lag-blocks=2",
			help: "answers are as old as so many blocks",
			endpoint: func(f *endpointFaults, value string, _ *odds.Dice) {
				f.LagBlocks, _ = strconv.ParseInt(value, 10, 64) // it was checked
			},
		},
		{
			name: "chain-id", value: chainValue, example: "chain-id=akashnet-2",
			help:     "answers are for another chain",
			endpoint: func(f *endpointFaults, value string, _ *odds.Dice) { f.ChainID = value },
		},
		{
			name: "slow", value: durationValue, example: "slow=100ms",
			help:     "every answer takes so much longer",
			endpoint: func(f *endpointFaults, value string, _ *odds.Dice) { f.Delay = duration(value) },
		},
		{
			name: "gas-percent", value: percentValue, example: "gas-percent=50",
			help: "simulations report so much of the gas that is needed, so that transactions run out of it",
			endpoint: func(f *endpointFaults, value string, _ *odds.Dice) {
				f.SimulatedGasPercent, _ = strconv.ParseUint(value, 10, 64) // it was checked
			},
		},
		{
			name: "reset", value: oddsValue, example: "reset=1/50", endpoint: reset(EndpointRPC, EndpointGRPC, EndpointREST),
			help: "a request to any endpoint is not looked at and its connection is reset",
		},
		{
			name: "reset-rpc", value: oddsValue, example: "reset-rpc=1/50", endpoint: reset(EndpointRPC),
			help: "the same for CometBFT's RPC alone",
		},
		{
			name: "reset-grpc", value: oddsValue, example: "reset-grpc=1/50", endpoint: reset(EndpointGRPC),
			help: "the same for gRPC alone",
		},
		{
			name: "reset-rest", value: oddsValue, example: "reset-rest=1/50", endpoint: reset(EndpointREST),
			help: "the same for REST alone",
		},
	}
}

func failing(dice *odds.Dice) func([]byte) error {
	return func([]byte) error {
		if dice.Next() {
			return ErrAnswerLost
		}
		return nil
	}
}

// duration reads a value that was checked.
func duration(value string) time.Duration {
	d, _ := time.ParseDuration(value) // it was checked
	return d
}
