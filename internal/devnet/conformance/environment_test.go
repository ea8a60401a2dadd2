// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"os"
	"strings"
)

// The variables that name a foreign chain; doc.go tells them to users.
const (
	envRPC       = "AKASH_CONFORMANCE_RPC"
	envGRPC      = "AKASH_CONFORMANCE_GRPC"
	envREST      = "AKASH_CONFORMANCE_REST"
	envChainID   = "AKASH_CONFORMANCE_CHAIN_ID"
	envMnemonic  = "AKASH_CONFORMANCE_MNEMONIC"
	envHDPath    = "AKASH_CONFORMANCE_HD_PATH"
	envProviders = "AKASH_CONFORMANCE_PROVIDERS"

	defaultHDPath = "m/44'/118'/0'/0/0"
)

// place is where the chain under test is reached, and whose money is spent there.
type place struct {
	rpc, grpc, rest string
	chainID         string
	mnemonic        string
	hdPath          string
	sellers         []string // Akash providers that bid by themselves
	foreign         bool
}

// readPlace reads a foreign place with a lookup function; ok is false when none is named.
func readPlace(lookup func(string) string) (_ place, ok bool, err error) {
	p := place{hdPath: defaultHDPath, foreign: true}
	needed := []struct {
		name string
		into *string
	}{
		{envRPC, &p.rpc},
		{envGRPC, &p.grpc},
		{envREST, &p.rest},
		{envChainID, &p.chainID},
		{envMnemonic, &p.mnemonic},
	}
	var missing []string
	for _, n := range needed {
		if *n.into = strings.TrimSuffix(lookup(n.name), "/"); *n.into == "" {
			missing = append(missing, n.name)
		}
	}
	if len(missing) == len(needed) {
		return place{}, false, nil
	}
	if len(missing) > 0 {
		return place{}, false, fmt.Errorf("a foreign chain needs %s as well", strings.Join(missing, ", "))
	}
	if path := lookup(envHDPath); path != "" {
		p.hdPath = path
	}
	for address := range strings.SplitSeq(lookup(envProviders), ",") {
		if address = strings.TrimSpace(address); address != "" {
			p.sellers = append(p.sellers, address)
		}
	}
	return p, true, nil
}

func readPlaceFromEnvironment() (place, bool, error) { return readPlace(os.Getenv) }
