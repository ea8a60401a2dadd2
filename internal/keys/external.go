// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	dcrec "github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
)

const (
	// DefaultSignerTimeout is how long a signer may take for one answer: enough to press a button on a device.
	DefaultSignerTimeout = time.Minute
	// signerVersion is the version of the protocol, in every question and answer.
	signerVersion = 1
	// maxSignerAnswer bounds an answer, in bytes.
	maxSignerAnswer = 64 << 10
	// maxSignerText bounds what is shown of a signer's own words, in bytes.
	maxSignerText = 500
	// signerExitTime is how long a signer's children may hold its output open once it has ended or was stopped.
	signerExitTime = 2 * time.Second
)

// Errors of [FromExternal] and of the key it gives. After each of them a new try is safe.
var (
	// ErrSigner says that the program did not answer, or not as the protocol has it.
	ErrSigner = errors.New("signer")
	// ErrSignerRefused says that the program answered with an error: a locked device, a person who said no.
	ErrSignerRefused = fmt.Errorf("%w refused", ErrSigner)
)

// ExternalConfig names a program that keeps a key.
type ExternalConfig struct {
	// Command is the program and its arguments. No shell reads it. A name without a slash is looked up in PATH.
	Command []string
	// Timeout bounds one answer; 0 is [DefaultSignerTimeout].
	Timeout time.Duration
}

// signerQuestion is one JSON object on the program's standard input. Byte strings are base64 (standard, padded).
type signerQuestion struct {
	Version int    `json:"version"`
	Method  string `json:"method"`
	Address string `json:"address,omitempty"`
	Message []byte `json:"message,omitempty"`
	Digest  []byte `json:"digest,omitempty"`
}

// signerAnswer is one JSON object on its standard output.
type signerAnswer struct {
	Version   int    `json:"version"`
	PublicKey []byte `json:"public_key"`
	Address   string `json:"address"`
	Signature []byte `json:"signature"`
	Error     string `json:"error"`
}

// FromExternal asks a program for its public key and gives a [Key] that has it sign. The protocol is documented for
// users in templates/guides/keys.md.tmpl: a process for every question, never two at once. Each signature is checked
// before it is used.
//
// ctx bounds this first question; later ones have the timeout alone, as [Key.Sign] takes no context.
func FromExternal(ctx context.Context, cfg ExternalConfig) (Key, error) {
	if len(cfg.Command) == 0 || cfg.Command[0] == "" {
		return nil, fmt.Errorf("%w: the command is empty", ErrSigner)
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = DefaultSignerTimeout
	}
	k := &externalKey{command: append([]string(nil), cfg.Command...), timeout: cfg.Timeout}
	answer, err := k.ask(ctx, signerQuestion{Method: "public_key"})
	if err != nil {
		return nil, err
	}
	if len(answer.PublicKey) != secp256k1.PubKeySize {
		return nil, fmt.Errorf("%w %s: public_key has %d bytes; a compressed secp256k1 key has %d",
			ErrSigner, k.name(), len(answer.PublicKey), secp256k1.PubKeySize)
	}
	if _, err := dcrec.ParsePubKey(answer.PublicKey); err != nil {
		return nil, fmt.Errorf("%w %s: public_key is no point of secp256k1", ErrSigner, k.name())
	}
	if k.identity, err = newIdentity(&secp256k1.PubKey{Key: answer.PublicKey}); err != nil {
		return nil, err
	}
	if answer.Address != "" && answer.Address != k.address {
		return nil, fmt.Errorf("%w %s: it says address %s, its public key belongs to %s",
			ErrSigner, k.name(), shown(answer.Address), k.address)
	}
	return k, nil
}

type externalKey struct {
	identity
	command []string
	timeout time.Duration

	mu sync.Mutex // a device shows one question at a time
}

// Sign has the program sign, and checks what it gives.
func (k *externalKey) Sign(msg []byte) ([]byte, error) {
	digest := sha256.Sum256(msg)
	//nolint:forbidigo // Key.Sign takes no context; ask has a limit of its own
	answer, err := k.ask(context.Background(), signerQuestion{
		Method: "sign", Address: k.address, Message: msg, Digest: digest[:],
	})
	if err != nil {
		return nil, err
	}
	signature, err := normalSignature(answer.Signature)
	if err != nil {
		return nil, fmt.Errorf("%w %s: %w", ErrSigner, k.name(), err)
	}
	if !Verify(k.pubKey, msg, signature) {
		return nil, fmt.Errorf("%w %s: its signature is not one of %s over this message; nothing was sent",
			ErrSigner, k.name(), k.address)
	}
	return signature, nil
}

// ask runs the program for one question.
func (k *externalKey) ask(parent context.Context, question signerQuestion) (signerAnswer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	question.Version = signerVersion
	input, err := json.Marshal(question)
	if err != nil {
		return signerAnswer{}, fmt.Errorf("%w: %w", ErrSigner, err)
	}
	ctx, cancel := context.WithTimeout(parent, k.timeout)
	defer cancel()
	output := &boundedBuffer{limit: maxSignerAnswer}
	//nolint:gosec // the command is what the user configured to be run
	program := exec.CommandContext(ctx, k.command[0], k.command[1:]...)
	program.Stdin, program.Stdout = bytes.NewReader(append(input, '\n')), output
	program.WaitDelay = signerExitTime
	// Standard error is not read: nobody knows what a foreign program writes there.
	ended := program.Run()
	fail := func(format string, args ...any) (signerAnswer, error) {
		place := []any{ErrSigner, k.name(), question.Method}
		return signerAnswer{}, fmt.Errorf("%w %s: %s: "+format, append(place, args...)...)
	}
	var answer signerAnswer
	decoded := json.Unmarshal(output.kept.Bytes(), &answer)
	switch {
	case parent.Err() != nil:
		return fail("%w", parent.Err())
	case ctx.Err() != nil:
		return fail("no answer within %s", k.timeout)
	case decoded == nil && answer.Error != "":
		return signerAnswer{}, fmt.Errorf("%w %s: %s: %s", ErrSignerRefused, k.name(), question.Method, shown(answer.Error))
	case ended != nil:
		return fail("%w", ended)
	case output.full:
		return fail("its answer is above %d bytes", maxSignerAnswer)
	case decoded != nil:
		// The decoder's error would quote the answer.
		return fail("its answer of %d bytes is not one JSON object of the protocol", output.kept.Len())
	case answer.Version != signerVersion:
		return fail("its answer has version %d, want %d", answer.Version, signerVersion)
	}
	return answer, nil
}

// name is the program without its arguments, in which somebody may have put a secret.
func (k *externalKey) name() string { return k.command[0] }

// normalSignature takes r||s, or DER as key management services give it, with s in either half of the order, and
// gives r||s with s in the lower half: the chain takes no other.
func normalSignature(raw []byte) ([]byte, error) {
	var r, s dcrec.ModNScalar
	if len(raw) == signatureSize {
		if overflow := r.SetByteSlice(raw[:32]); overflow || r.IsZero() {
			return nil, errors.New("r of its signature is out of range")
		}
		if overflow := s.SetByteSlice(raw[32:]); overflow || s.IsZero() {
			return nil, errors.New("s of its signature is out of range")
		}
	} else {
		parsed, err := ecdsa.ParseDERSignature(raw)
		if err != nil {
			return nil, fmt.Errorf("its signature of %d bytes is neither r||s (%d bytes) nor DER", len(raw), signatureSize)
		}
		r, s = parsed.R(), parsed.S()
	}
	if s.IsOverHalfOrder() {
		s.Negate()
	}
	normal := make([]byte, signatureSize)
	r.PutBytesUnchecked(normal[:32])
	s.PutBytesUnchecked(normal[32:])
	return normal, nil
}

// shown is a signer's own text on one line and bounded.
func shown(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	if len(text) > maxSignerText {
		text = strings.ToValidUTF8(text[:maxSignerText], "") + "…"
	}
	return text
}

// boundedBuffer keeps the first bytes and takes the rest, so that a program which writes too much still ends. It has no
// other method of bytes.Buffer: io.Copy would use ReadFrom, past the limit.
type boundedBuffer struct {
	kept  bytes.Buffer
	limit int
	full  bool
}

func (b *boundedBuffer) Write(p []byte) (int, error) {
	if room := b.limit - b.kept.Len(); len(p) > room {
		b.full = true
		b.kept.Write(p[:room])
		return len(p), nil
	}
	return b.kept.Write(p)
}
