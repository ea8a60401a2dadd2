// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

func TestPolicy_RefuseSeller(t *testing.T) {
	t.Parallel()
	seller := market.Seller{
		Addr:       "akash1a",
		Attributes: attributes("location-region", "EU-West", "host", "akash", "capabilities/storage/1/class", "beta3"),
		Audits:     map[string][]attributesv1.Attribute{"akash1auditor": attributes("host", "akash")},
	}
	for name, test := range map[string]struct {
		policy market.Policy
		want   string
	}{
		"anything goes": {},
		"unusable":      {market.Policy{Unusable: map[string]string{"akash1a": "is dead"}}, "is dead"},
		"denied":        {market.Policy{Allow: []string{"akash1a"}, Deny: []string{"akash1a"}}, "on the deny list"},
		"not allowed":   {market.Policy{Allow: []string{"akash1b"}}, "not on the allow list"},
		"allowed":       {market.Policy{Allow: []string{"akash1b", "akash1a"}}, ""},
		"elsewhere already": {
			market.Policy{DistinctFrom: []string{"akash1b", "akash1a"}}, "used already (distinct_from)",
		},
		"elsewhere, not here":     {market.Policy{DistinctFrom: []string{"akash1b"}}, ""},
		"region":                  {market.Policy{Regions: []string{"us-east", "eu-west"}}, ""},
		"regions alike":           {market.Policy{Regions: []string{"eu-*"}}, ""},
		"other region":            {market.Policy{Regions: []string{"us-east", "eu"}}, "not in region us-east or eu"},
		"not a pattern":           {market.Policy{Regions: []string{"eu-[west"}}, "not in region eu-[west"},
		"attribute":               {market.Policy{Attributes: attributes("host", "akash")}, ""},
		"attribute by pattern":    {market.Policy{Attributes: attributes("capabilities/storage/*/class", "beta3")}, ""},
		"attribute of other kind": {market.Policy{Attributes: attributes("host", "other")}, "no attribute host = other"},
		"all attributes": {
			market.Policy{Attributes: attributes("host", "akash", "tier", "pro")}, "no attribute tier = pro",
		},
		"audited":     {market.Policy{Auditors: []string{"akash1other", "akash1auditor"}}, ""},
		"not audited": {market.Policy{Auditors: []string{"akash1other"}}, "not audited by akash1other"},
		"audited for attributes": {
			market.Policy{Auditors: []string{"akash1auditor"}, Attributes: attributes("host", "akash")}, "",
		},
		"audited for others": {
			market.Policy{
				Auditors:   []string{"akash1auditor"},
				Attributes: attributes("capabilities/storage/1/class", "beta3"),
			},
			"not audited by akash1auditor",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, test.policy.RefuseSeller(seller))
			// Bids are judged alike, by the facts the policy holds.
			test.policy.Sellers = map[string]market.Seller{"akash1a": {Attributes: seller.Attributes, Audits: seller.Audits}}
			verdicts := market.Choose([]market.Bid{bid("akash1a", "1", 1)}, test.policy)
			require.Equal(t, test.want == "", verdicts[0].Acceptable)
			if test.want != "" {
				require.Equal(t, test.want, verdicts[0].Reason)
			}
		})
	}
}

func TestChoose_refusesBiddersOfWhomNothingIsKnown(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]market.Policy{
		"regions":    {Regions: []string{"*"}},
		"attributes": {Attributes: attributes("host", "akash")},
		"auditors":   {Auditors: []string{"akash1auditor"}},
	} {
		verdicts := market.Choose([]market.Bid{bid("akash1a", "1", 1)}, policy)
		require.False(t, verdicts[0].Acceptable, name)
		require.Equal(t, "what it declares could not be read", verdicts[0].Reason, name)
	}
	policy := market.Policy{Regions: []string{"*"}, Deny: []string{"akash1a"}}
	verdicts := market.Choose([]market.Bid{bid("akash1a", "1", 1)}, policy)
	require.Equal(t, "on the deny list", verdicts[0].Reason, "what is certain comes first")
}
