// SPDX-License-Identifier: Apache-2.0

// Package provider keeps the register of Akash providers: who sells, where the
// gateway is, with which attributes.
//
// The simulated sellers themselves live in devnet/akashprovider.
// Source: protocol/lifecycle.md section 10.
package provider

import (
	"net/url"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/store/prefix"
	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	"google.golang.org/grpc/codes"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/chainerr"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// ModuleName names the module and its store.
const ModuleName = "provider"

// Errors of the codespace "provider". Source: protocol/messages.md section 14.
var (
	ErrInvalidURI     = chainerr.New(ModuleName, 1, codes.InvalidArgument, "invalid provider: invalid host uri")
	ErrNotAbsoluteURI = chainerr.New(ModuleName, 2, codes.InvalidArgument, "invalid provider: not absolute host uri")
	ErrNotFound       = chainerr.New(ModuleName, 3, codes.NotFound, "invalid provider: address not found")
	ErrExists         = chainerr.New(ModuleName, 4, codes.AlreadyExists, "invalid provider: already exists")
	ErrInvalidAddress = chainerr.New(ModuleName, 5, codes.InvalidArgument, "invalid address")
	ErrWebsite        = chainerr.New(ModuleName, 8, codes.InvalidArgument, "invalid provider: invalid info website")
	ErrInternal       = chainerr.New(ModuleName, 10, codes.Internal, "internal error")
)

var storePrefix = []byte{1}

// Keeper is the module's state.
type Keeper struct{ store storetypes.StoreKey }

// NewKeeper makes a keeper on its store.
func NewKeeper(store storetypes.StoreKey) *Keeper { return &Keeper{store: store} }

func (k *Keeper) records(ctx sdk.Context) prefix.Store {
	return prefix.NewStore(ctx.KVStore(k.store), storePrefix)
}

// Provider finds a registered Akash provider, or returns [ErrNotFound].
func (k *Keeper) Provider(ctx sdk.Context, owner string) (providerv1beta4.Provider, error) {
	var p providerv1beta4.Provider
	addr, err := stateless.Address(owner)
	if err != nil {
		return p, ErrInvalidAddress
	}
	bz := k.records(ctx).Get(addr)
	if bz == nil {
		return p, ErrNotFound
	}
	return p, p.Unmarshal(bz)
}

// Attributes returns what an Akash provider says of itself; false when nobody of
// that address is registered.
func (k *Keeper) Attributes(ctx sdk.Context, owner string) ([]attributesv1.Attribute, bool) {
	p, err := k.Provider(ctx, owner)
	return p.Attributes, err == nil
}

// Set stores a record, new or changed, without an event.
func (k *Keeper) Set(ctx sdk.Context, p providerv1beta4.Provider) error {
	addr, err := stateless.Address(p.Owner)
	if err != nil {
		return ErrInvalidAddress
	}
	bz, err := p.Marshal()
	if err != nil {
		return err
	}
	k.records(ctx).Set(addr, bz)
	return nil
}

// ValidateBasic checks a message of this module without state; messages of other
// modules pass.
func ValidateBasic(msg sdk.Msg) error {
	switch m := msg.(type) {
	case *providerv1beta4.MsgCreateProvider:
		return validate("MsgCreate", m.Owner, m.HostURI, m.Attributes, m.Info)
	case *providerv1beta4.MsgUpdateProvider:
		return validate("MsgUpdate", m.Owner, m.HostURI, m.Attributes, m.Info)
	case *providerv1beta4.MsgDeleteProvider:
		return validateOwner("MsgDelete", m.Owner)
	default:
		return nil
	}
}

func validateOwner(msg, owner string) error {
	if _, err := stateless.Address(owner); err != nil {
		return errorsmod.Wrapf(sdkerrors.ErrInvalidAddress, "%s: Invalid Provider Address", msg)
	}
	return nil
}

func validate(msg, owner, hostURI string, attrs []attributesv1.Attribute, info providerv1beta4.Info) error {
	if err := validateURI(hostURI); err != nil {
		return err
	}
	if err := validateOwner(msg, owner); err != nil {
		return err
	}
	if err := stateless.ProviderAttributes(attrs); err != nil {
		return err
	}
	if _, err := url.Parse(info.Website); err != nil {
		return ErrWebsite
	}
	return nil
}

func validateURI(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return ErrInvalidURI
	case !u.IsAbs():
		return errorsmod.Wrapf(ErrNotAbsoluteURI, "validating %q for absolute URI", text)
	case u.Scheme != "https":
		return errorsmod.Wrapf(ErrInvalidURI, "scheme in %q should be https", text)
	case u.Host == "":
		return errorsmod.Wrapf(ErrInvalidURI, "validating %q for valid host", text)
	case u.Path != "":
		return errorsmod.Wrapf(ErrInvalidURI, "path in %q should be empty", text)
	default:
		return nil
	}
}
