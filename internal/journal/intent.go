// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// Kind says what an intent will put on chain.
type Kind string

const (
	// KindDeployment is an akash_deployment's deployment.
	KindDeployment Kind = "deployment"
	// KindDeposit is a payment into the escrow of a deployment that exists.
	KindDeposit Kind = "deposit"
	// KindMint is minting uact from uakt. Its dseq is only a number of its own.
	KindMint Kind = "mint"
	// KindProbe is a deployment that is only asked for bids and closed again.
	KindProbe Kind = "probe"
	// KindIPHolder is the deployment that holds an akash_ip_endpoint's address.
	KindIPHolder Kind = "ip-holder"
)

// opens reports whether what comes of the intent is a deployment that a state will hold.
func (k Kind) opens() bool { return k == KindDeployment || k == KindIPHolder }

// Phase is the last step known to have begun.
type Phase string

const (
	// PhaseIntended: nothing was broadcast, as far as the file knows.
	PhaseIntended Phase = "intended"
	// PhaseBroadcast: a transaction with the recorded hash may be on its way until its timeout.
	PhaseBroadcast Phase = "broadcast"
	// PhaseCreated: the chain holds the deployment; Terraform's state may not.
	PhaseCreated Phase = "created"
)

// keepDone is how long a deposit or minting that is done is remembered, so that the next run sees it before it believes
// an endpoint that is behind. No endpoint that answers at all is that far behind.
const keepDone = 10 * time.Minute

// isHistory reports whether nobody needs the file any more.
func (i Intent) isHistory(now time.Time) bool {
	return !i.Kind.opens() && !i.DoneAt.IsZero() && now.After(i.DoneAt.Add(keepDone))
}

// formatVersion is written to every file; files of other versions are left alone and reported as unreadable.
const formatVersion = 1

// Intent is the content of one file.
type Intent struct {
	Version int  `json:"version"`
	Kind    Kind `json:"kind"`
	// Scope tells configurations apart, see [Scope].
	Scope   string `json:"scope"`
	ChainID string `json:"chain_id"`
	Owner   string `json:"owner"`
	DSeq    uint64 `json:"dseq,string"`
	// GroupDigest is the hex SHA-256 of the group specs, ManifestHash the hex hash sent to the chain.
	GroupDigest  string `json:"group_digest"`
	ManifestHash string `json:"manifest_hash"`
	// TxHash and TxTimeout name the last transaction broadcast; after TxTimeout (block time) it can never land.
	TxHash    string    `json:"tx_hash,omitempty"`
	TxTimeout time.Time `json:"tx_timeout,omitzero"`
	Phase     Phase     `json:"phase"`
	StartedAt time.Time `json:"started_at"`
	// DoneAt is when what came of it was handed to Terraform: its state may hold it. Zero before.
	DoneAt time.Time `json:"done_at,omitzero"`
	// Holder marks the run that wrote last, by host and CLI process; it says nothing about whether that run lives.
	Holder string `json:"holder"`
}

// ID is the deployment the intent is about.
func (i Intent) ID() ids.DeploymentID { return ids.DeploymentID{Owner: i.Owner, DSeq: i.DSeq} }
