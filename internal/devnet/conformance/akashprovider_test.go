// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

const pathProviders = "/akash/provider/v1beta4/providers"

func TestRegistration(t *testing.T) {
	t.Parallel()
	a, stranger := newActor(t), newActor(t)
	check(t, "observed.md 5", "registering tells of the owner", func(t *testing.T) {
		res := a.do(t, a.registration())
		require.Equal(t, "ProviderCreated", story(res))
		require.Equal(t, map[string]any{"owner": a.addr}, told(t, res, "akash.provider.v1beta4.EventProviderCreated"))
	})
	check(t, "conformance node/queries provider", "a record as it was registered", func(t *testing.T) {
		require.Equal(t, map[string]any{"provider": map[string]any{
			"owner": a.addr, "host_uri": "https://conformance.test:8443",
			"attributes": []any{map[string]any{"key": runKey, "value": a.pool.run}},
			"info":       map[string]any{"email": "ops@conformance.test", "website": "https://conformance.test"},
		}}, a.getOK(t, pathProviders+"/"+a.addr))
	})
	changed := &providerv1beta4.MsgUpdateProvider{
		Owner: a.addr, HostURI: "https://elsewhere.test:8443",
		Attributes: []attributesv1.Attribute{{Key: "region", Value: "eu"}, {Key: "host", Value: "akash"}},
	}
	check(t, "observed.md 5, lifecycle.md 10", "an update replaces everything", func(t *testing.T) {
		res := a.do(t, changed)
		require.Equal(t, "ProviderUpdated", story(res))
		got := a.getOK(t, pathProviders+"/"+a.addr)
		require.Equal(t, "https://elsewhere.test:8443", at(t, got, "provider", "host_uri"))
		require.Equal(t, []any{
			map[string]any{"key": "region", "value": "eu"}, map[string]any{"key": "host", "value": "akash"},
		}, at(t, got, "provider", "attributes"))
		require.Equal(t, map[string]any{"email": "", "website": ""}, at(t, got, "provider", "info"))
	})
	a.refuses(t,
		fails("observed.md 7a", "registering again", a.registration(), "provider", 4,
			"id: "+a.addr+": invalid provider: already exists"),
		fails("messages.md 6", "leaving", &providerv1beta4.MsgDeleteProvider{Owner: a.addr}, "provider", 10,
			"NOTIMPLEMENTED: internal error"),
	)
	stranger.refuses(t,
		fails("lifecycle.md 10", "an update of nobody", &providerv1beta4.MsgUpdateProvider{
			Owner: stranger.addr, HostURI: "https://conformance.test:8443",
		}, "provider", 3, "invalid provider: address not found"),
		fails("lifecycle.md 10", "nobody leaving", &providerv1beta4.MsgDeleteProvider{Owner: stranger.addr}, "provider", 3,
			"invalid provider: address not found"),
	)
	for what, uri := range map[string]string{
		"not https": "http://conformance.test:8443", "without a scheme": "conformance.test",
		"with a path": "https://conformance.test:8443/path",
	} {
		check(t, "messages.md 6, lifecycle.md 10", "refused: a host "+what, func(t *testing.T) {
			msg := stranger.registration()
			msg.HostURI = uri
			res := stranger.try(t, wallet.Options{Gas: 300_000}, msg)
			require.Equal(t, "provider", res.Codespace, res.RawLog)
			require.Contains(t, []uint32{1, 2}, res.Code, res.RawLog)
		})
	}
	check(t, "observed.md 12", "the list counts only when asked to", func(t *testing.T) {
		got := a.getOK(t, pathProviders+"?pagination.limit=1")
		require.Len(t, at(t, got, "providers"), 1)
		require.Equal(t, "0", at(t, got, "pagination", "total"))
		got = a.getOK(t, pathProviders+"?pagination.limit=1&pagination.count_total=true")
		require.NotEqual(t, "0", at(t, got, "pagination", "total"))
	})
}

func TestAudit(t *testing.T) {
	t.Parallel()
	auditor, seller := newActor(t), newSeller(t)
	of := "/akash/audit/v1/audit/attributes/"
	sign := func(list ...attributesv1.Attribute) *auditv1.MsgSignProviderAttributes {
		return &auditv1.MsgSignProviderAttributes{Owner: seller.addr, Auditor: auditor.addr, Attributes: list}
	}
	remove := func(keys ...string) *auditv1.MsgDeleteProviderAttributes {
		return &auditv1.MsgDeleteProviderAttributes{Owner: seller.addr, Auditor: auditor.addr, Keys: keys}
	}
	tier := attributesv1.Attribute{Key: "tier", Value: "community"}
	region := attributesv1.Attribute{Key: "region", Value: "us-west"}
	auditor.refuses(t, fails("lifecycle.md 10", "removing what was never signed", remove(), "audit", 1,
		"invalid provider: address not found"))
	check(t, "messages.md 0.5", "the first signature tells of an auditor", func(t *testing.T) {
		res := auditor.do(t, sign(tier))
		require.Equal(t, map[string]any{"owner": seller.addr, "auditor": auditor.addr},
			told(t, res, "akash.audit.v1.EventTrustedAuditorCreated"))
	})
	check(t, "messages.md 7, conformance node/queries audit_owner", "signatures merge, sorted by key", func(t *testing.T) {
		auditor.do(t, sign(region))
		want := []any{map[string]any{"owner": seller.addr, "auditor": auditor.addr, "attributes": []any{
			map[string]any{"key": "region", "value": "us-west"}, map[string]any{"key": "tier", "value": "community"},
		}}}
		got := auditor.getOK(t, of+seller.addr+"/list")
		require.Equal(t, want, at(t, got, "providers"))
		require.Nil(t, at(t, got, "pagination"))
		require.Equal(t, want, at(t, auditor.getOK(t, of+auditor.addr+"/"+seller.addr), "providers"))
	})
	auditor.refuses(t, fails("lifecycle.md 10", "removing a key that is not there", remove("nothing"), "audit", 3,
		"attribute not found"))
	check(t, "lifecycle.md 10", "keys are removed one by one", func(t *testing.T) {
		auditor.do(t, remove("tier"))
		got := auditor.getOK(t, of+seller.addr+"/list")
		require.Equal(t, []any{map[string]any{"key": "region", "value": "us-west"}}, at(t, got, "providers", 0, "attributes"))
	})
	check(t, "messages.md 7", "without keys everything is removed", func(t *testing.T) {
		auditor.do(t, remove())
		auditor.misses(t, of+seller.addr+"/list", http.StatusNotFound, 5,
			"codespace audit code 1: invalid provider: address not found")
	})
}
