// SPDX-License-Identifier: Apache-2.0

// Package pb tells cosmos-sdk about the generated protobuf types below it: which
// interfaces they implement, who signs them, how addresses are spelled.
//
// Client and devnet share these wire types, and nothing else.
package pb

import (
	"fmt"
	"sync"

	"cosmossdk.io/x/tx/signing"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"
)

// The human-readable parts of the network's bech32 texts. Source: chain-sdk go/sdkutil.
const (
	AccountPrefix   = "akash"
	ValidatorPrefix = "akashvaloper"
	ConsensusPrefix = "akashvalcons"
	publicKeySuffix = "pub"
)

// Encoding packs, unpacks and signs the network's messages. It is immutable after [NewEncoding] and safe to share.
type Encoding struct {
	InterfaceRegistry codectypes.InterfaceRegistry
	Codec             *codec.ProtoCodec
}

// NewEncoding builds the registry with every message of [RegisterInterfaces] and the signers of [CustomSigners].
// It sets the process-wide address prefixes first, see [SetBech32Prefixes]. It takes well under a millisecond.
func NewEncoding() (Encoding, error) {
	SetBech32Prefixes()
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles: proto.HybridResolver,
		SigningOptions: signing.Options{
			AddressCodec:          address.NewBech32Codec(AccountPrefix),
			ValidatorAddressCodec: address.NewBech32Codec(ValidatorPrefix),
			CustomGetSigners:      CustomSigners(),
		},
	})
	if err != nil {
		return Encoding{}, fmt.Errorf("build the protobuf registry: %w", err)
	}
	RegisterInterfaces(registry)
	return Encoding{InterfaceRegistry: registry, Codec: codec.NewProtoCodec(registry)}, nil
}

var setPrefixes = sync.OnceFunc(func() {
	config := sdk.GetConfig()
	config.SetBech32PrefixForAccount(AccountPrefix, AccountPrefix+publicKeySuffix)
	config.SetBech32PrefixForValidator(ValidatorPrefix, ValidatorPrefix+publicKeySuffix)
	config.SetBech32PrefixForConsensusNode(ConsensusPrefix, ConsensusPrefix+publicKeySuffix)
})

// SetBech32Prefixes makes cosmos-sdk spell addresses as akash1…. The setting is global to the process; calling
// this again is free. It must run before the first address is printed.
func SetBech32Prefixes() { setPrefixes() }
