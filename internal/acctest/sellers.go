// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// Rank is an Akash provider's place in what they ask for a [Web], from 0.
type Rank int

// The Akash providers of a devnet: amber, birch and cedar.
const (
	Cheapest Rank = iota
	Middle
	Dearest
)

// offer is what an Akash provider asks for a [Web], in uact a block.
type offer struct {
	address string
	price   math.LegacyDec
}

// probeDeposit is what the auction of [Network.askAround] holds while it lasts: the network's minimum.
const probeDeposit = 500_000

// Address is the address of the Akash provider of a rank. On a foreign chain without so many, or where two ask the
// same, the test is left out.
func (n *Network) Address(t *testing.T, rank Rank) string {
	t.Helper()
	if int(rank) >= len(n.sellers) {
		notOnForeignChain(t, fmt.Sprintf("%d Akash providers with different prices, has %d", rank+1, len(n.sellers)))
	}
	require.Less(t, int(rank), len(n.sellers), "Akash providers")
	return n.sellers[rank]
}

// Price is what the Akash provider of a rank asks for a [Web], in uact a block.
func (n *Network) Price(t *testing.T, rank Rank) math.LegacyDec {
	t.Helper()
	address := n.Address(t, rank)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.offers == nil {
		n.offers = n.askAround(t, n.sellers)
	}
	require.Equal(t, address, n.offers[rank].address, "the Akash providers are listed from cheap to dear")
	return n.offers[rank].price
}

// Between is halfway from what one rank asks to what the next does, as text.
func (n *Network) Between(t *testing.T, rank Rank) string {
	t.Helper()
	return coin.Trim(n.Price(t, rank).Add(n.Price(t, rank+1)).QuoInt64(2))
}

// USDPerMonth is a part of what the Akash provider of a rank asks, in percent, over a month of six-second blocks.
func (n *Network) USDPerMonth(t *testing.T, rank Rank, percent int64) string {
	t.Helper()
	const blocks, uactPerUSD = 438_300, 1_000_000
	return coin.Trim(n.Price(t, rank).MulInt64(blocks * percent).QuoInt64(uactPerUSD * 100))
}

// AllBids is a bid_policy that waits for every Akash provider, however slow the machine is.
func (n *Network) AllBids() string {
	return fmt.Sprintf("bid_policy = { min_bids = %d }", len(n.sellers))
}

// askAround opens a deployment by hand, reads what everybody asks for it, and closes it again. The offers are from
// cheap to dear; of equal ones there is the first alone.
func (n *Network) askAround(t *testing.T, sellers []string) []offer {
	t.Helper()
	document, problems := sdl.Parse([]byte(Web{}.SDL()))
	require.NoError(t, problems.Err())
	id := deploymentv1.DeploymentID{Owner: n.Owner(t, Tenant), DSeq: uint64(time.Now().UnixMilli())}
	n.Send(t, Tenant, &deploymentv1beta4.MsgCreateDeployment{
		ID: id, Groups: document.Groups(), Hash: bytes.Repeat([]byte{1}, 32),
		Deposit: depositv1.Deposit{
			Amount: sdk.NewInt64Coin(coin.UACT, probeDeposit), Sources: []depositv1.Source{depositv1.Source_balance},
		},
	})
	n.prior[id.DSeq] = true
	prices := map[string]math.LegacyDec{}
	Eventually(t, "bids of "+strings.Join(sellers, ", "), func() bool {
		answer, err := marketv1beta5.NewQueryClient(n.conn).Bids(t.Context(),
			&marketv1beta5.QueryBidsRequest{Filters: marketv1beta5.BidFilters{Owner: id.Owner, DSeq: id.DSeq}})
		require.NoError(t, err)
		missing := slices.Clone(sellers)
		for _, b := range answer.Bids {
			prices[b.Bid.ID.Provider] = b.Bid.Price.Amount
			missing = slices.DeleteFunc(missing, func(s string) bool { return s == b.Bid.ID.Provider })
		}
		return len(missing) == 0
	})
	n.Send(t, Tenant, &deploymentv1beta4.MsgCloseDeployment{ID: id})
	var offers []offer
	for address, price := range prices {
		require.Contains(t, sellers, address, "%s must name every Akash provider that bids", envProviders)
		offers = append(offers, offer{address: address, price: price})
	}
	slices.SortFunc(offers, func(a, b offer) int {
		if a.price.Equal(b.price) {
			return strings.Compare(a.address, b.address)
		}
		if a.price.LT(b.price) {
			return -1
		}
		return 1
	})
	return slices.CompactFunc(offers, func(a, b offer) bool { return a.price.Equal(b.price) })
}
