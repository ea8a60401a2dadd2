// SPDX-License-Identifier: Apache-2.0

package page

import (
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// ReferenceBlockTime is what prices a month and runways count with: the mean of mainnet and the devnet preset of the
// Terraform provider, so that its figures and these agree however quick the devnet's own blocks are.
const ReferenceBlockTime = coin.DefaultBlockTime

// View is a devnet at one height. Lists are the newest of what there is, see [Collector]; texts
// come from the chain and may hold anything, so whoever shows them escapes them.
type View struct {
	ChainID string `json:"chain_id"`
	// Height is that of the state shown; Time is its block's.
	Height int64     `json:"height"`
	Time   time.Time `json:"time"`
	// BlockTime is the pause between blocks, such as "200ms".
	BlockTime string `json:"block_time"`
	// Blocks are the latest, newest first.
	Blocks []Block `json:"blocks"`
	// Auctions are orders, newest first.
	Auctions []Auction `json:"auctions"`
	// Leases are the active ones, then those of the auctions shown that have ended; newest first.
	Leases []Lease `json:"leases"`
	// Escrows are the accounts of the deployments that the leases and open orders belong to.
	Escrows        []Escrow        `json:"escrows"`
	AkashProviders []AkashProvider `json:"akash_providers"`
	// Faults are those of the public endpoints, in the words in which they are set; none is empty.
	Faults []string `json:"faults"`
	// Burn is what all active leases cost together. More is true where the list of leases is cut short.
	Burn Price `json:"burn"`
	More bool  `json:"more"`
}

// Block is one block and what its transactions ask for.
type Block struct {
	Height int64     `json:"height"`
	Time   time.Time `json:"time"`
	// Txs has a text for each transaction: the short names of its messages, as in "CreateBid, CreateBid".
	Txs []string `json:"txs"`
}

// Price is a price per block and what it makes a month at [ReferenceBlockTime].
type Price struct {
	// PerBlock is a decimal in micro units of Denom, such as "12.5".
	PerBlock string `json:"per_block"`
	Denom    string `json:"denom"`
	// USDPerMonth is rounded to cents, such as "5.48"; "" when the denom has no fixed value.
	USDPerMonth string `json:"usd_per_month"`
}

// Order names an order or what hangs on it, for people.
type Order struct {
	// ID is "owner/dseq/gseq/oseq".
	ID string `json:"id"`
	// Owner is the account's name on the devnet, or its address.
	Owner string `json:"owner"`
	DSeq  uint64 `json:"dseq"`
	GSeq  uint32 `json:"gseq"`
	OSeq  uint32 `json:"oseq"`
}

// Auction is an order and what everybody thinks of it.
type Auction struct {
	Order Order  `json:"order"`
	State string `json:"state"`
	// Height is the block that opened the order.
	Height int64 `json:"height"`
	// Group is the placement's name in the SDL; Wants is what it asks for, a text for each service.
	Group string   `json:"group"`
	Wants []string `json:"wants"`
	// Ceiling is the most that the order pays.
	Ceiling Price `json:"ceiling"`
	// Opinions are those of Akash providers: bids first, the cheapest first, then who does not bid.
	Opinions []Opinion `json:"opinions"`
	// LeftOut counts the opinions beyond those listed.
	LeftOut int `json:"left_out"`
}

// Verdict is how an Akash provider stands to an order.
type Verdict string

// The verdicts. The first four are the chain's states of a bid.
const (
	VerdictOpen   Verdict = "open"   // bids, nothing decided
	VerdictActive Verdict = "active" // has won
	VerdictLost   Verdict = "lost"
	VerdictClosed Verdict = "closed" // bid withdrawn, or its lease has ended

	VerdictBidding Verdict = "bidding" // has decided to bid, the bid is not on the chain
	VerdictNo      Verdict = "no bid"
	// VerdictUndecided is that of an Akash provider that has not seen the order.
	VerdictUndecided Verdict = "undecided"
)

// Opinion is what one Akash provider makes of an order.
type Opinion struct {
	// AkashProvider is the name on the devnet, or the address of one that is not simulated here.
	AkashProvider string  `json:"akash_provider"`
	Address       string  `json:"address"`
	Verdict       Verdict `json:"verdict"`
	// Price is the bid's; zero without one.
	Price Price `json:"price"`
	// Reason says why there is no bid; "" for bids.
	Reason string `json:"reason"`
	// Height is where it was decided, or where the bid got into a block.
	Height int64 `json:"height"`
}

// Lease is an order's accepted bid.
type Lease struct {
	Order         Order  `json:"order"`
	AkashProvider string `json:"akash_provider"`
	Address       string `json:"address"`
	State         string `json:"state"`
	Price         Price  `json:"price"`
	// Since and ClosedOn are heights; ClosedOn is 0 for leases that run.
	Since    int64 `json:"since"`
	ClosedOn int64 `json:"closed_on"`
	// Reason says why it ended, in the chain's words; "" while it runs.
	Reason string `json:"reason"`
}

// Escrow is the account that a deployment's leases are paid from.
type Escrow struct {
	// Deployment is "owner/dseq".
	Deployment string `json:"deployment"`
	Owner      string `json:"owner"`
	DSeq       uint64 `json:"dseq"`
	State      string `json:"state"`
	// Balance is what is left at the view's height, not at the last settlement, in whole coins: "4.9 ACT".
	Balance string `json:"balance"`
	// Burn is what the deployment's leases cost together.
	Burn Price `json:"burn"`
	// Blocks is how many more blocks the balance pays for; -1 when nothing is burnt.
	Blocks int64 `json:"blocks"`
	// Lasts and LastsHere are that many blocks of [ReferenceBlockTime] and of the devnet's own: "5d 3h". "" for ever.
	Lasts     string `json:"lasts"`
	LastsHere string `json:"lasts_here"`
}

// AkashProvider is a simulated seller.
type AkashProvider struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	HostURI string `json:"host_uri"`
	// Leases and Bids count its active leases and open bids among those shown.
	Leases int `json:"leases"`
	Bids   int `json:"bids"`
	// Faults are those in force, in words; none is empty.
	Faults []string `json:"faults"`
}
