// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"fmt"

	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
)

// TestMnemonic is a public test mnemonic, known to everybody: never fund it anywhere else.
const TestMnemonic = "test test test test test test test test test test test junk"

// The indices of the named accounts in the path m/44'/118'/0'/0/<index>. Source:
// protocol/observed.md section 2, so that recordings fit.
const (
	indexTenant        = 1
	indexTenant2       = 2
	indexFirstProvider = 3
	indexOracle        = 6
	indexPoor          = 7
	indexGranter       = 8
	indexEmpty         = 9
	// Akash providers beyond the third have the indices from here on.
	indexMoreProviders = 100
	namedProviders     = 3
	maxAkashProviders  = 1000
)

// Names of the accounts of [Network.Accounts].
const (
	Tenant  = "tenant"
	Tenant2 = "tenant2"
	Poor    = "poor"
	Granter = "granter"
	Empty   = "empty"
	// Oracle is the source of prices, see [Network.SetPrice].
	Oracle = "oracle"
)

const (
	million = 1_000_000
	// plenty is a hundred thousand whole coins.
	plenty = 100_000 * million
	// What "poor" has: fees for a while, but no deposit.
	poorUAKT = 1 * million
)

// Account is a key of the devnet. Its mnemonic is public.
type Account struct {
	Name     string `json:"name"`
	Address  string `json:"address"`
	Mnemonic string `json:"mnemonic"`
	HDPath   string `json:"hd_path"`

	coins sdk.Coins
	key   cryptotypes.PrivKey
}

func hdPath(index int) string { return fmt.Sprintf("m/44'/118'/0'/0/%d", index) }

func providerIndex(i int) int {
	if i < namedProviders {
		return indexFirstProvider + i
	}
	return indexMoreProviders + i
}

func uakt(n int64) sdk.Coin { return sdk.NewInt64Coin(coin.UAKT, n) }
func uact(n int64) sdk.Coin { return sdk.NewInt64Coin(coin.UACT, n) }

// makeAccounts derives the named accounts, then one for each Akash provider. An
// account without coins does not exist on chain.
func makeAccounts(akashProviders []string) ([]Account, error) {
	rich := sdk.NewCoins(uakt(plenty), uact(plenty))
	accounts := []Account{
		{Name: Tenant, HDPath: hdPath(indexTenant), coins: rich},
		{Name: Tenant2, HDPath: hdPath(indexTenant2), coins: rich},
		{Name: Poor, HDPath: hdPath(indexPoor), coins: sdk.NewCoins(uakt(poorUAKT))},
		{Name: Granter, HDPath: hdPath(indexGranter), coins: rich},
		{Name: Empty, HDPath: hdPath(indexEmpty)},
		{Name: Oracle, HDPath: hdPath(indexOracle), coins: sdk.NewCoins(uakt(plenty))},
	}
	for i, name := range akashProviders {
		accounts = append(accounts, Account{Name: name, HDPath: hdPath(providerIndex(i)), coins: rich})
	}
	seed, err := wallet.NewSeed(TestMnemonic)
	if err != nil {
		return nil, err
	}
	return accounts, several(len(accounts), func(i int) (err error) {
		acc := &accounts[i]
		acc.Mnemonic = TestMnemonic
		acc.key, acc.Address, err = seed.Key(acc.HDPath)
		return err
	})
}
