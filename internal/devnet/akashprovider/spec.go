// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

// The parts of a [Spec] that the bid engine defines.
type (
	// Node is one machine with its capacity.
	Node = bidding.Node
	// GPU is a number of equal devices in a [Node].
	GPU = bidding.GPU
	// StoragePool is the cluster's store of one class of persistent volumes.
	StoragePool = bidding.StoragePool
	// Pricing is the scale formula and the GPU table.
	Pricing = bidding.Pricing
)

const defaultTimeout = 5 * time.Minute

// Spec is what a user of the devnet chooses about one Akash provider. It is a value: maps and lists are read
// only, and may be shared.
type Spec struct {
	// Name is a label for people and logs, for example "amber".
	Name string
	// Attributes are registered on chain, capabilities included; see [Spec.AttributeList].
	Attributes map[string]string
	// RequiredAttributes are what an order must ask for before this Akash provider bids; usually nothing.
	RequiredAttributes map[string]string
	// AuditedBy are bech32 addresses of auditors that sign all of Attributes in genesis; see [NetworkAuditor].
	AuditedBy []string
	// Pricing may leave its denom empty: uact.
	Pricing Pricing
	// Inventory is the machines; none means that it never has room.
	Inventory []Node
	// PersistentStorage is what the cluster has of each storage class, next to the nodes.
	PersistentStorage []StoragePool
	// DefaultStorageClass is what class "default" stands for; "" means it is a class of its own.
	DefaultStorageClass string
	// LeasedIPs is how many addresses it can lease; at most 254.
	LeasedIPs uint32
	// BidDelayBlocks is how many blocks after the order's own the bid is sent, at the earliest.
	BidDelayBlocks int64
	// BidJitterBlocks is the most that is added to BidDelayBlocks, anew for every order but always the same for the
	// same [Config.Seed].
	BidJitterBlocks int64
	// ReadyDelayBlocks is how many blocks a service is pending after its first block; 0 is one block in all.
	ReadyDelayBlocks int64
	// BidTimeout is how long a bid stays open before it is withdrawn; 0 means 5 minutes, as on the network.
	BidTimeout time.Duration
	// ManifestTimeout is how long a lease may wait for its manifest; 0 means 5 minutes, as on the network.
	ManifestTimeout time.Duration
	// ReclamationWindow goes into every bid; 0 means that it offers none.
	ReclamationWindow time.Duration
	// Domain is where generated host names live, for example "ingress.amber.test"; "" generates none.
	Domain string
	// PublicHostname is the host of the host URI, which must lead to the gateway: "localhost", say; "" is the listener's
	// address. With it the gateway shows a certificate of an authority (see [AkashProvider.AuthorityPEM]) to clients that
	// name this host, and does not ask them for theirs; any other server name, such as "mtls.<host>", gets the certificate
	// that is on chain, as without.
	PublicHostname string
	// BidScreening makes the gateway answer what it would bid before there is an order, over gRPC and REST. The
	// network's Akash providers do not: UNIMPLEMENTED and 404.
	BidScreening bool
	// Attestation makes the gateway hand out attestation quotes of simulated SEV-SNP guests for services with params.tee,
	// as provider v0.16 does; without it there is no such route. See [Spec.Confidential].
	Attestation bool
	// Faults are in force from the start; see [AkashProvider.SetFaults].
	Faults Faults
}

// HostURI is what is registered on chain for a gateway that listens at an address.
func (s Spec) HostURI(listener net.Addr) (uri, host string, err error) {
	host, port, err := net.SplitHostPort(listener.String())
	if err != nil {
		return "", "", fmt.Errorf("address of the listener: %w", err)
	}
	if s.PublicHostname != "" {
		host = s.PublicHostname
	}
	return "https://" + net.JoinHostPort(host, port), host, nil
}

// AttributeList is [Spec.Attributes] as the chain keeps them, sorted by key: what goes into the genesis record.
func (s Spec) AttributeList() []attributesv1.Attribute { return attributeList(s.Attributes) }

// Confidential is the spec of the same Akash provider with confidential computing of CPUs: it says so on chain, and its
// guests attest what they are.
func (s Spec) Confidential() Spec {
	attributes := map[string]string{"tee/type": "cpu"}
	maps.Copy(attributes, s.Attributes)
	s.Attestation, s.Attributes = true, attributes
	return s
}

func attributeList(from map[string]string) []attributesv1.Attribute {
	list := make([]attributesv1.Attribute, 0, len(from))
	for _, key := range slices.Sorted(maps.Keys(from)) {
		list = append(list, attributesv1.Attribute{Key: key, Value: from[key]})
	}
	return list
}

func (s Spec) validate() error {
	if s.Name == "" {
		return errors.New("spec: no name")
	}
	if s.LeasedIPs > maxLeasedIPs {
		return errors.New("spec: more than 254 leased IPs")
	}
	if s.BidDelayBlocks < 0 || s.BidJitterBlocks < 0 || s.ReadyDelayBlocks < 0 {
		return errors.New("spec: a delay is negative")
	}
	return nil
}

func (s Spec) withDefaults() Spec {
	if s.BidTimeout == 0 {
		s.BidTimeout = defaultTimeout
	}
	if s.ManifestTimeout == 0 {
		s.ManifestTimeout = defaultTimeout
	}
	if s.Pricing.Denom == "" {
		s.Pricing.Denom = coin.UACT
	}
	return s
}

func (s Spec) cluster() bidding.Cluster {
	return bidding.Cluster{
		Nodes: s.Inventory, Pools: s.PersistentStorage,
		DefaultClass: s.DefaultStorageClass, LeasedIPs: s.LeasedIPs,
	}
}
