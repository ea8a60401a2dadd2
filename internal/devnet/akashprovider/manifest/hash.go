// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// Canonical is the text that is hashed: compact JSON, object keys in byte order at every level, lists in
// their own order, and Go's string escapes (among them \u003c, \u003e, \u0026, \u2028 and \u2029).
func (m Manifest) Canonical() ([]byte, error) {
	plain, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	// A map is written with its keys sorted, so one round through maps sorts every object. Numbers stay
	// text on the way, so that none is rounded.
	dec := json.NewDecoder(bytes.NewReader(plain))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("read manifest back: %w", err)
	}
	sorted, err := json.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("write sorted manifest: %w", err)
	}
	return sorted, nil
}

// Hash is the deployment hash: SHA-256 of [Manifest.Canonical], 32 bytes.
func (m Manifest) Hash() ([]byte, error) {
	text, err := m.Canonical()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}
