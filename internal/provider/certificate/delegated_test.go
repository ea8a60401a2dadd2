// SPDX-License-Identifier: Apache-2.0

package certificate_test

import (
	"fmt"
	"strings"
	"testing"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// TestAccCertificate_grantee publishes, renews and revokes the owner's certificate by a deputy's MsgExec.
func TestAccCertificate_grantee(t *testing.T) {
	t.Parallel()
	network := acctest.StartDevnet(t, "accounts that grant", devnet.Options{})
	owner, deputy := network.Owner(t, acctest.Tenant), network.Owner(t, acctest.Poor)
	provider := network.ProviderBlock(t, acctest.Poor, fmt.Sprintf("authz_granter = %q", owner))
	types := []string{"/akash.cert.v1.MsgCreateCertificate", "/akash.cert.v1.MsgRevokeCertificate"}
	var id, first, second string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy: func(*terraform.State) error {
			require.Empty(t, serials(t, network, "valid"))
			require.Len(t, serials(t, network, "revoked"), 3)
			return nil
		},
		Steps: []resource.TestStep{
			{
				Config: provider + certificate(""), PlanOnly: true,
				ExpectError: acctest.Says("Missing grant", owner, deputy, types[0], types[1], "Nothing was created or spent"),
			},
			{
				PreConfig: func() {
					var grants []sdk.Msg
					for _, url := range types {
						packed, err := codectypes.NewAnyWithValue(authz.NewGenericAuthorization(url))
						require.NoError(t, err)
						grants = append(grants,
							&authz.MsgGrant{Granter: owner, Grantee: deputy, Grant: authz.Grant{Authorization: packed}})
					}
					network.Send(t, acctest.Tenant, grants...)
				},
				Config: provider + certificate(""),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(address, "id", &id), acctest.Keep(address, "serial", &first),
					acctest.Look(func() {
						require.True(t, strings.HasPrefix(id, owner+"/"), id)
						require.Equal(t, []string{first}, serials(t, network, "valid"))
					}),
				),
			},
			{ // somebody revoked it: the deputy publishes the next one
				PreConfig: func() { revoke(t, network, first) },
				Config:    provider + certificate(""),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(address, "serial", &second),
					acctest.Look(func() {
						require.Equal(t, []string{second}, serials(t, network, "valid"))
						paid := network.Balance(t, deputy, coin.UAKT)
						require.Negative(t, paid.Int64()-1_000_000, "the deputy pays the fees")
					}),
				),
			},
			{ // another lifetime: publishing and revoking in one transaction, each in a MsgExec of its own
				Config: provider + certificate(`valid_for = "2000h"`),
				Check: acctest.Look(func() {
					valid := serials(t, network, "valid")
					require.Len(t, valid, 1)
					require.NotEqual(t, second, valid[0])
				}),
			},
		},
	})
}
