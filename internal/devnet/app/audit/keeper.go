// SPDX-License-Identifier: Apache-2.0

// Package audit keeps what auditors signed about Akash providers' attributes.
//
// Two list queries answer garbage on the network; they do so here too.
// Source: protocol/lifecycle.md section 10, messages.md section 7.
package audit

import (
	"slices"
	"strings"

	errorsmod "cosmossdk.io/errors"
	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	"google.golang.org/grpc/codes"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/chainerr"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

// ModuleName names the module and its store.
const ModuleName = "audit"

// Errors of the codespace "audit". Source: protocol/messages.md section 14.
var (
	ErrNotFound          = chainerr.New(ModuleName, 1, codes.NotFound, "invalid provider: address not found")
	ErrInvalidAddress    = chainerr.New(ModuleName, 2, codes.InvalidArgument, "invalid address")
	ErrAttributeNotFound = chainerr.New(ModuleName, 3, codes.NotFound, "attribute not found")
)

// Keeper is the module's state.
type Keeper struct {
	records table.Table[auditv1.AuditedProvider, *auditv1.AuditedProvider]
}

// NewKeeper makes a keeper on its store.
func NewKeeper(store storetypes.StoreKey) *Keeper {
	return &Keeper{records: table.New[auditv1.AuditedProvider](store, 1, table.Def[auditv1.AuditedProvider]{
		Primary: func(r *auditv1.AuditedProvider) table.Key { return key(r.Owner, r.Auditor) },
	})}
}

// key orders records by the bytes of the addresses, as the network does.
func key(owner, auditor string) table.Key { return append(ownerKey(owner), ownerKey(auditor)...) }

func ownerKey(text string) table.Key {
	addr, err := stateless.Address(text)
	if err != nil {
		return table.Key{}.Text(text) // no address has such a key
	}
	return append(table.Key{byte(len(addr))}, addr...) //nolint:gosec // an address has 20 or 32 bytes
}

// Signed returns what each auditor signed about an Akash provider.
func (k *Keeper) Signed(ctx sdk.Context, owner string) map[string][]attributesv1.Attribute {
	out := map[string][]attributesv1.Attribute{}
	for _, r := range k.records.Scan(ctx, ownerKey(owner)) {
		out[r.Auditor] = r.Attributes
	}
	return out
}

// Sign merges attributes into an auditor's record, sorted by key. A first record is taken as it comes, a key twice
// included.
func (k *Keeper) Sign(ctx sdk.Context, owner, auditor string, attrs []attributesv1.Attribute) {
	record, ok := k.records.Get(ctx, key(owner, auditor))
	if !ok {
		record = auditv1.AuditedProvider{Owner: owner, Auditor: auditor, Attributes: slices.Clone(attrs)}
		attrs = nil
	}
	for _, a := range attrs {
		i := slices.IndexFunc(record.Attributes, func(b attributesv1.Attribute) bool { return a.Key == b.Key })
		if i < 0 {
			record.Attributes = append(record.Attributes, a)
			continue
		}
		record.Attributes[i] = a
	}
	slices.SortStableFunc(record.Attributes, func(a, b attributesv1.Attribute) int {
		return strings.Compare(a.Key, b.Key)
	})
	k.records.Set(ctx, record)
}

// Withdraw removes keys from an auditor's record, or the record when keys is empty.
func (k *Keeper) Withdraw(ctx sdk.Context, owner, auditor string, keys []string) error {
	record, ok := k.records.Get(ctx, key(owner, auditor))
	if !ok {
		return ErrNotFound
	}
	for _, name := range keys {
		i := slices.IndexFunc(record.Attributes, func(a attributesv1.Attribute) bool { return a.Key == name })
		if i < 0 {
			return errorsmod.Wrapf(ErrAttributeNotFound,
				"trying to delete non-existing attribute \"%s\" for auditor/provider \"%s/%s\"", name, auditor, owner)
		}
		record.Attributes = slices.Delete(record.Attributes, i, i+1)
	}
	if len(keys) == 0 || len(record.Attributes) == 0 {
		k.records.Delete(ctx, key(owner, auditor))
		return nil
	}
	k.records.Set(ctx, record)
	return nil
}

// ValidateBasic checks a message of this module without state; messages of other
// modules pass.
func ValidateBasic(msg sdk.Msg) error {
	var owner, auditor string
	switch m := msg.(type) {
	case *auditv1.MsgSignProviderAttributes:
		owner, auditor = m.Owner, m.Auditor
	case *auditv1.MsgDeleteProviderAttributes:
		owner, auditor = m.Owner, m.Auditor
	default:
		return nil
	}
	if _, err := stateless.Address(owner); err != nil {
		return errorsmod.Wrap(sdkerrors.ErrInvalidAddress, "MsgCreate: Invalid Owner Address")
	}
	if _, err := stateless.Address(auditor); err != nil {
		return errorsmod.Wrap(sdkerrors.ErrInvalidAddress, "MsgCreate: Invalid Auditor Address")
	}
	return nil
}
