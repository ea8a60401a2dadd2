// SPDX-License-Identifier: Apache-2.0

// Package odds says how often something happens: always, the next few times, or a share of all times that looks
// like chance and is the same for the same seed. The devnet's faults are set off by it.
package odds

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"sync"
)

// Forms is what [Parse] understands, for texts that explain it.
const Forms = `"always", a number (the next so many times), or A/B (A of B times, by chance)`

// maxParts bounds numbers, so that a slip of the finger is seen as one.
const maxParts = 1_000_000

const always = "always"

var errForm = errors.New("want " + Forms)

// Odds is how often something happens. The zero value is never. It is comparable.
type Odds struct {
	// times is how often, one after the other; 0 leaves it to chance.
	times uint32
	// share of whole happens; whole is 0 where times says it, and both are 1 for always.
	share, whole uint32
}

// Always is every time.
func Always() Odds { return Odds{share: 1, whole: 1} }

// Parse reads [Forms]; "" is always. Numbers are from 1 to a million, and A is at most B.
func Parse(text string) (Odds, error) {
	if text == "" || text == always {
		return Always(), nil
	}
	a, b, fraction := strings.Cut(text, "/")
	share, err := number(a)
	if err != nil {
		return Odds{}, err
	}
	if !fraction {
		return Odds{times: share}, nil
	}
	whole, err := number(b)
	if err != nil {
		return Odds{}, err
	}
	if share > whole {
		return Odds{}, fmt.Errorf("%d of %d is more than always: %w", share, whole, errForm)
	}
	if share == whole {
		return Always(), nil
	}
	return Odds{share: share, whole: whole}, nil
}

func number(text string) (uint32, error) {
	// ParseUint takes no sign, which suits.
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n == 0 || n > maxParts {
		return 0, fmt.Errorf("%q is not a number from 1 to %d: %w", text, maxParts, errForm)
	}
	return uint32(n), nil
}

// String is the form that [Parse] reads; "never" for the zero value, which it does not.
func (o Odds) String() string {
	switch {
	case o.times > 0:
		return strconv.FormatUint(uint64(o.times), 10)
	case o == Always():
		return always
	case o.whole == 0:
		return "never"
	default:
		return fmt.Sprintf("%d/%d", o.share, o.whole)
	}
}

// Dice draws from odds. A nil one never happens. Safe for concurrent use: the sequence of draws is fixed by seed
// and name, whoever takes them.
type Dice struct {
	seed uint64
	name string

	mu    sync.Mutex
	left  Odds
	drawn uint64
}

// NewDice draws from o; dice of another name or seed draw otherwise.
func NewDice(o Odds, seed uint64, name string) *Dice { return &Dice{seed: seed, name: name, left: o} }

// Next tells whether it happens this time, and uses a time up where they are counted.
func (d *Dice) Next() bool {
	if d == nil {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.left.times > 0:
		d.left.times--
		return true
	case d.left.whole == 0:
		return false
	}
	d.drawn++
	return d.roll()%uint64(d.left.whole) < uint64(d.left.share)
}

// roll is a number that only seed, name and the count of draws decide.
func (d *Dice) roll() uint64 {
	hash := fnv.New64a()
	var word [16]byte
	binary.LittleEndian.PutUint64(word[:8], d.seed)
	binary.LittleEndian.PutUint64(word[8:], d.drawn)
	// Writing to a hash cannot fail.
	_, _ = hash.Write(word[:])
	_, _ = hash.Write([]byte(d.name))
	return mix(hash.Sum64())
}

// mix spreads FNV's weak low bits over the word: the finalizer of splitmix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Left is what is still to come: counted times get fewer.
func (d *Dice) Left() Odds {
	if d == nil {
		return Odds{}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.left
}

// Pick is one of n, from 0, that only seed and name decide; n must be positive.
func Pick(seed uint64, name string, n int) int {
	d := Dice{seed: seed, name: name}
	return int(d.roll() % uint64(max(1, n))) //nolint:gosec // below n
}
