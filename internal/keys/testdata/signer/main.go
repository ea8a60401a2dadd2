// SPDX-License-Identifier: Apache-2.0

// Command signer is a program of the kind that key = { signer = … } runs, for tests. Its key is the number one. The
// first argument says how it behaves; "log=FILE" appends every question there, "key=FILE" reads another
// key, in hexadecimal.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
)

type question struct {
	Version int    `json:"version"`
	Method  string `json:"method"`
	Address string `json:"address"`
	Message []byte `json:"message"`
	Digest  []byte `json:"digest"`
}

func main() {
	var q question
	if err := json.NewDecoder(os.Stdin).Decode(&q); err != nil {
		fmt.Println(`{"version":1,"error":"no question"}`)
		os.Exit(2)
	}
	mode := os.Args[1]
	key := secp256k1.PrivKeyFromBytes([]byte{1})
	for _, argument := range os.Args[2:] {
		if file, ok := strings.CutPrefix(argument, "key="); ok {
			key = read(file)
		}
		if file, ok := strings.CutPrefix(argument, "log="); ok {
			note(file, q)
		}
	}
	fmt.Fprintln(os.Stderr, "hush: standard error is nobody's business")
	answer := map[string]any{"version": 1}
	switch q.Method {
	case "public_key":
		answer["public_key"] = key.PubKey().SerializeCompressed()
		spoil(mode, answer)
	case "sign":
		if digest := sha256.Sum256(q.Message); string(digest[:]) != string(q.Digest) {
			answer["error"] = "digest is not of message"
			break
		}
		sign(mode, key, q, answer)
	default:
		answer["error"] = "unknown method " + q.Method
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		os.Exit(3)
	}
	if mode == "bad exit" {
		os.Exit(7)
	}
}

func read(file string) *secp256k1.PrivateKey {
	text, err := os.ReadFile(file)
	if err != nil {
		os.Exit(5)
	}
	raw, err := hex.DecodeString(string(text))
	if err != nil {
		os.Exit(6)
	}
	return secp256k1.PrivKeyFromBytes(raw)
}

func note(file string, q question) {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		os.Exit(4)
	}
	defer f.Close()
	fmt.Fprintf(f, "%s %s %d\n", q.Method, q.Address, len(q.Message))
}

// spoil answers for the public key as the mode has it.
func spoil(mode string, answer map[string]any) {
	switch mode {
	case "hangs":
		time.Sleep(time.Hour)
	case "babbles":
		fmt.Println(strings.Repeat("hush ", 100_000))
	case "text":
		fmt.Println("hush this is no JSON")
	case "locked":
		answer["error"] = "device is\nlocked"
	case "short key":
		answer["public_key"] = []byte{2, 3}
	case "no point":
		answer["public_key"] = append([]byte{2}, []byte(strings.Repeat("\xff", 32))...)
	case "other address":
		answer["address"] = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	case "new version":
		answer["version"] = 2
	}
}

// sign answers with a signature as the mode has it.
func sign(mode string, key *secp256k1.PrivateKey, q question, answer map[string]any) {
	signature := ecdsa.Sign(key, q.Digest)
	r, s := signature.R(), signature.S()
	if mode == "high s" || mode == "der high s" {
		s.Negate()
	}
	raw := make([]byte, 64)
	r.PutBytesUnchecked(raw[:32])
	s.PutBytesUnchecked(raw[32:])
	switch mode {
	case "der":
		raw = signature.Serialize()
	case "der high s":
		raw = der(raw)
	case "other key":
		raw = other(q.Digest)
	case "no signature":
		raw = nil
	case "zero":
		raw = make([]byte, 64)
	case "refuses":
		answer["error"] = "the person at the device said no"
	}
	answer["signature"] = raw
}

func other(digest []byte) []byte {
	signature := ecdsa.Sign(secp256k1.PrivKeyFromBytes([]byte{2}), digest)
	r, s := signature.R(), signature.S()
	raw := make([]byte, 64)
	r.PutBytesUnchecked(raw[:32])
	s.PutBytesUnchecked(raw[32:])
	return raw
}

// der encodes r||s without bringing s into the lower half, as key management services do.
func der(raw []byte) []byte {
	number := func(b []byte) []byte {
		for len(b) > 1 && b[0] == 0 {
			b = b[1:]
		}
		if b[0] >= 0x80 {
			b = append([]byte{0}, b...)
		}
		return append([]byte{2, byte(len(b))}, b...)
	}
	body := append(number(raw[:32]), number(raw[32:])...)
	return append([]byte{0x30, byte(len(body))}, body...)
}
