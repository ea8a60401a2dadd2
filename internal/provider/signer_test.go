// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/provider"
)

// buildSigner builds the program of another package's tests.
func buildSigner(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "signer")
	said, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "../keys/testdata/signer").CombinedOutput()
	require.NoError(t, err, string(said))
	return path
}

// TestAccProvider_signer creates and destroys a deployment and a lease with a key that only a program has.
func TestAccProvider_signer(t *testing.T) {
	t.Parallel()
	network := acctest.Start(t)
	account := network.Account(t, acctest.Tenant)
	raw, err := hd.Secp256k1.Derive()(account.Mnemonic, "", account.HDPath)
	require.NoError(t, err)
	dir := t.TempDir()
	key, log := filepath.Join(dir, "key"), filepath.Join(dir, "log")
	require.NoError(t, os.WriteFile(key, []byte(hex.EncodeToString(raw)), 0o600))
	config := fmt.Sprintf("provider \"akash\" {\n network = \"custom\"\n chain_id = %q\n grpc = [%q]\n "+
		"key = { signer = {\ncommand = [%q, \"der high s\", \"key=%s\", \"log=%s\"]\n timeout = \"30s\"\n} }\n}\n",
		network.ChainID(), network.Endpoint(), buildSigner(t), key, log)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: config + acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web"),
			Check:  resource.TestCheckResourceAttr("akash_deployment.web", "owner", account.Address),
		}},
	})
	require.Empty(t, network.Deployments(t, account.Address, "active"))
	asked, err := os.ReadFile(log)
	require.NoError(t, err)
	signed := strings.Count(string(asked), "sign "+account.Address)
	require.GreaterOrEqual(t, signed, 4, "create, lease, token, close")
}

func TestResolveSigner(t *testing.T) {
	t.Parallel()
	program := buildSigner(t)
	found, unknown, problems := provider.Resolve(t, block{}, map[string]string{"AKASH_SIGNER": program + " well"})
	require.Empty(t, problems)
	require.False(t, unknown)
	require.True(t, found.CanSign)
	owner := found.Owner
	signer := func(arguments ...any) block {
		return block{"key": block{"signer": block{"command": append([]any{program}, arguments...)}}}
	}
	found, _, problems = provider.Resolve(t, signer("well"), map[string]string{"AKASH_MNEMONIC": "not looked at"})
	require.Empty(t, problems)
	require.Equal(t, owner, found.Owner)
	_, _, problems = provider.Resolve(t, signer("locked"), nil)
	require.Len(t, problems, 1)
	require.Equal(t, "Key cannot be used", problems[0].Summary())
	require.Contains(t, problems[0].Detail(), "key.signer: signer refused "+program+": public_key: device is locked")
	require.Contains(t, problems[0].Detail(), "Nothing was signed or sent")
	found, unknown, problems = provider.Resolve(t, signer("well", provider.Unknown{}), nil)
	require.Empty(t, problems)
	require.True(t, unknown)
	require.False(t, found.CanSign, "a program is not run with half its arguments")
	_, _, problems = provider.Resolve(t, block{"key": block{"exported": block{"path": "/nowhere"}}}, nil)
	require.Len(t, problems, 1)
	require.Contains(t, problems[0].Detail(), "key.exported: exported key: stat /nowhere")
	_, _, problems = provider.Resolve(t, block{"key": block{"exported": block{"path": "a"}, "private_key": private}}, nil)
	require.Len(t, problems, 1)
	require.Equal(t, "More than one key", problems[0].Summary())
}
