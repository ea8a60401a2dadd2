// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/oracle"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
)

// DefaultUSDPerAKT is the oracle's price of a fresh chain.
const DefaultUSDPerAKT = "1.25"

const (
	year = 365 * 24 * time.Hour
	// A price lasts this long, so that nobody has to feed one; on the network it is 30 seconds.
	defaultPriceStaleness = 10 * year
	// The first price is dated back this far: feeds may carry times of the past, but
	// none before the price in force.
	firstPriceAge = 5 * year
)

// Economy sets up oracle and exchange. The zero value has a price that lasts and
// the network's parameters.
type Economy struct {
	// USDPerAKT is the price from the start; nil is [DefaultUSDPerAKT].
	USDPerAKT math.LegacyDec
	// NoPrice starts without one: minting is halted until [Network.SetPrice].
	NoPrice bool
	// PriceStaleness is how long a price stays good; 0 is ten years.
	PriceStaleness time.Duration
	// TWAPWindow is how long a new price takes to count in full; 0 is the network's 5 s.
	TWAPWindow time.Duration
	// EpochBlocks are the blocks between two workings of the exchange's queues; 0 is the network's 10.
	EpochBlocks int64
}

func (e Economy) validate() error {
	switch {
	case !e.USDPerAKT.IsNil() && !e.USDPerAKT.IsPositive():
		return fmt.Errorf("price of AKT %s is not positive", e.USDPerAKT)
	case e.PriceStaleness < 0, e.TWAPWindow < 0, e.EpochBlocks < 0:
		return errors.New("a duration or number of blocks of the economy is negative")
	default:
		return nil
	}
}

// apply writes the economy into genesis. Source is the address that feeds prices.
func (e Economy) apply(genesis *app.Genesis, source string, now time.Time) error {
	params := &genesis.Oracle.Params
	params.Sources = []string{source}
	params.MaxPriceStalenessPeriod, params.PriceRetention = defaultPriceStaleness, defaultPriceStaleness
	if e.TWAPWindow != 0 {
		params.TwapWindow = e.TWAPWindow
	}
	if e.EpochBlocks != 0 {
		genesis.BME.MinEpochBlocks = e.EpochBlocks
	}
	age := firstPriceAge
	if e.PriceStaleness != 0 {
		params.MaxPriceStalenessPeriod, age = e.PriceStaleness, min(e.PriceStaleness, params.TwapWindow)
	}
	if e.NoPrice {
		return nil
	}
	price := e.USDPerAKT
	if price.IsNil() {
		var err error
		if price, err = math.LegacyNewDecFromStr(DefaultUSDPerAKT); err != nil {
			return err
		}
	}
	genesis.Oracle.Prices = []oraclev2.PriceData{{
		ID: oraclev2.PriceDataRecordID{
			Source: 1, Denom: oracle.AKT, BaseDenom: oracle.USD, Timestamp: now.Add(-age).UTC(),
		},
		State: oraclev2.PriceDataState{Price: price},
	}}
	return nil
}

func oracleAddress(accounts []Account) string {
	for _, acc := range accounts {
		if acc.Name == Oracle {
			return acc.Address
		}
	}
	return ""
}

// SetPrice feeds a price of AKT in USD to the oracle, by a transaction of the
// account [Oracle], and returns once it is in a block. The average that the exchange uses
// follows within the window of [Economy].
func (n *Network) SetPrice(ctx context.Context, usdPerAKT math.LegacyDec) error {
	account, _ := n.Account(Oracle)
	enc := n.app.Encoding()
	w, err := wallet.New(wallet.Config{
		Conn: n.servers.conn, ChainID: n.opts.ChainID, Mnemonic: account.Mnemonic, HDPath: account.HDPath, Encoding: &enc,
	})
	if err != nil {
		return fmt.Errorf("set price: %w", err)
	}
	now, err := n.latestTime()
	if err != nil {
		return fmt.Errorf("set price: %w", err)
	}
	err = w.Broadcast(ctx, &oraclev2.MsgAddPriceEntry{
		Signer: account.Address, ID: oraclev2.DataID{Denom: oracle.AKT, BaseDenom: oracle.USD},
		Price: usdPerAKT, Timestamp: now,
	})
	if err != nil {
		return fmt.Errorf("set price: %w", err)
	}
	return nil
}

// latestTime is the last block's time.
func (n *Network) latestTime() (time.Time, error) {
	block := n.node.BlockStore().LoadBlockMeta(n.node.BlockStore().Height())
	if block == nil {
		return time.Time{}, errors.New("no block yet")
	}
	return block.Header.Time.UTC(), nil
}
