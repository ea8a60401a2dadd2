// SPDX-License-Identifier: Apache-2.0

//go:build linux

package crash_test

import (
	"testing"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
)

const (
	// leastMint is what the exchange mints at least, in uact.
	leastMint = 10_000_000
	// mintSlack is the most that may be minted beyond what is lacking, in percent: the exchange's spread, and what is
	// added for a price that falls until its epoch.
	mintSlack = 3
	// pocket is the AKT that an account is given which mints, in uakt; burning ACT gives it back.
	pocket = 100_000_000
)

// purse is the ACT of an account and all that was ever minted for it.
type purse struct {
	// uact is the balance and what escrows hold.
	uact   math.Int
	mints  int
	minted math.Int // without the spread
}

// look counts the account's ACT.
func (s *stage) look(t *testing.T) purse {
	t.Helper()
	p := purse{uact: s.Balance(t, s.owner, coin.UACT), minted: math.ZeroInt()}
	for _, d := range s.Deployments(t, s.owner, "active") {
		p.uact = p.uact.Add(held(d).TruncateInt())
	}
	page := &query.PageRequest{Limit: 100}
	for {
		answer, err := bmev1.NewQueryClient(s.Inside.Conn()).LedgerRecords(t.Context(), &bmev1.QueryLedgerRecordsRequest{
			Filters: bmev1.LedgerRecordFilters{Source: s.owner, ToDenom: coin.UACT}, Pagination: page,
		})
		require.NoError(t, err)
		for _, entry := range answer.Records {
			done := entry.GetExecutedRecord()
			require.NotNil(t, done, "a minting is on its way, or was canceled: %v", entry)
			p.mints++
			p.minted = p.minted.Add(done.Minted.Coin.Amount).Sub(done.Spread.Amount)
		}
		if len(answer.Pagination.GetNextKey()) == 0 {
			return p
		}
		page = &query.PageRequest{Limit: 100, Key: answer.Pagination.NextKey}
	}
}

// checkMints compares what was minted since the last check with what the wish lacked then, and counts that no ACT is
// lost: nothing is spent in the life that mints but fees.
func (s *stage) checkMints(t *testing.T, w wish) {
	t.Helper()
	had := s.purse
	s.purse = s.look(t)
	minted := s.purse.minted.Sub(had.minted)
	require.Equal(t, had.uact.Add(minted).String(), s.purse.uact.String(), "ACT is neither lost nor found")
	lack := math.NewInt(w.uact).Sub(had.uact)
	if !lack.IsPositive() {
		require.Equal(t, had.mints, s.purse.mints, "there was enough, and %s uact were minted", minted)
		return
	}
	require.Equal(t, had.mints+1, s.purse.mints, "minted once; %s uact in all, and %s were lacking", minted, lack)
	most := math.MaxInt(lack, math.NewInt(leastMint)).MulRaw(100 + mintSlack).QuoRaw(100)
	require.True(t, minted.GTE(lack) && minted.LTE(most), "%s uact were minted for the %s that were lacking", minted, lack)
}

// emptyPurse turns the account's ACT into AKT, so that it lacks ACT again.
func (s *stage) emptyPurse(t *testing.T) {
	t.Helper()
	s.Send(t, s.life.account, &bmev1.MsgBurnACT{
		Owner: s.owner, To: s.owner, CoinsToBurn: sdk.NewCoin(coin.UACT, s.Balance(t, s.owner, coin.UACT)),
	})
	acctest.Eventually(t, "the exchange to work off the queue", func() bool {
		answer, err := bmev1.NewQueryClient(s.Inside.Conn()).LedgerRecords(t.Context(), &bmev1.QueryLedgerRecordsRequest{
			Filters: bmev1.LedgerRecordFilters{
				Source: s.owner, Status: bmev1.LedgerRecordStatus_ledger_record_status_pending.String(),
			},
		})
		return err == nil && len(answer.Records) == 0
	})
	require.True(t, s.Balance(t, s.owner, coin.UACT).IsZero())
	s.purse = s.look(t)
}
