// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/door"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// Wallet signs and sends the transactions of one account.
type Wallet interface {
	// Broadcast sends all messages in one transaction. It returns an error when the chain refuses it. It may
	// return before the transaction is in a block.
	Broadcast(ctx context.Context, msgs ...sdk.Msg) error
	// Address is the bech32 account address.
	Address() string
}

// Config is what one simulated Akash provider is started with.
type Config struct {
	Spec
	Identity
	// Conn reaches the chain's gRPC. The caller closes it, after [AkashProvider.Close].
	Conn grpc.ClientConnInterface
	// Wallet belongs to the account of Identity, with uakt for fees and bid deposits.
	Wallet Wallet
	// Listener is where the gateway serves HTTPS; its address is the host URI. Start takes it over.
	Listener net.Listener
	// GRPCListener is where the gateway answers gRPC, by convention one port above Listener; nil answers none.
	// Start takes it over.
	GRPCListener net.Listener
	// Seed decides what [Spec.BidJitterBlocks] leaves open.
	Seed uint64
	// ChainID is for logs only.
	ChainID string
	// BlockTime is how often blocks are expected.
	BlockTime time.Duration
	// Watcher follows the chain for all Akash providers of a network. Whoever hands one in starts it after them and
	// closes it before them. nil: this one reads the chain's lists for itself, four times in BlockTime.
	Watcher *Watcher
	// Encoding packs and unpacks messages; nil makes one, which takes a while.
	Encoding *pb.Encoding
	// Saved is what [AkashProvider.Save] returned on the same chain; it goes on running here. nil is nothing.
	Saved []byte
	// Now is the clock for timeouts, tokens and certificates; nil means time.Now.
	Now func() time.Time
	// Logger may be nil; the caller names it.
	Logger hclog.Logger
}

// AkashProvider is a running simulator. All methods are safe for concurrent use.
type AkashProvider struct {
	spec     Spec
	identity Identity
	hostURI  string
	hostname string
	grpcAddr string
	wallet   Wallet
	chain    chainReader
	now      func() time.Time
	log      hclog.Logger
	seed     uint64
	// watcher is nil when somebody else starts and closes it.
	watcher *Watcher
	quota   *quota
	// authority vouches for the public hostname; nil without one.
	authority *authority
	// hardware is made when somebody first wants it.
	hardware func() (hardware, error)
	// pingEvery is how often a websocket's client is asked whether it is there.
	pingEvery time.Duration

	life   context.Context //nolint:containedctx // of errands, which no caller waits for; Close ends it
	stop   context.CancelFunc
	server *http.Server
	grpc   *grpc.Server
	// doors are the gateway's listeners: REST, and gRPC where it is answered.
	doors []*door.Door
	work  sync.WaitGroup
	// requests are those that the gateway is answering; websockets outlive the server's own count of them.
	requests sync.WaitGroup
	// sending keeps the step and [AkashProvider.CloseLease] from using the wallet at once.
	sending sync.Mutex

	mu     sync.Mutex // guards all below
	closed bool       // no request begins any more
	faults Faults
	own    Identity // that of identity, with another certificate once that was rotated
	height int64
	// leaseHeight is the height of the leases, which may be newer.
	leaseHeight    int64
	errandUnderWay bool
	stepped        chan struct{} // closed by the next step
	inventory      *bidding.Inventory
	orders         map[marketv1.OrderID]*order
	missed         []marketv1.OrderID // orders that came while it was dead
	leases         map[ids.LeaseID]*lease
	kept           map[ids.DeploymentID]manifest.Manifest
	keptOrder      []ids.DeploymentID
	hosts          hostTable
	ports          portAllocator
	ips            ipAllocator
	accepted       int
	decisions      []Decision
}

// Start registers the Akash provider on chain where genesis has not, or where its address or certificate has
// changed, then bids and serves until [AkashProvider.Close]. ctx bounds the start only. On an error the listener
// stays with the caller.
func Start(ctx context.Context, cfg Config) (*AkashProvider, error) {
	if cfg.Encoding == nil {
		made, err := pb.NewEncoding()
		if err != nil {
			return nil, fmt.Errorf("start Akash provider %q: %w", cfg.Name, err)
		}
		cfg.Encoding = &made
	}
	p, err := newAkashProvider(cfg) //nolint:contextcheck // each connection is checked in its own context
	if err != nil {
		return nil, fmt.Errorf("start Akash provider %q: %w", cfg.Name, err)
	}
	if err := p.register(ctx); err != nil {
		return nil, fmt.Errorf("start Akash provider %q: %w", cfg.Name, err)
	}
	// The simulator outlives ctx, which belongs to the start; Close ends it.
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.life, p.stop = life, stop
	p.server = p.newServer(life)
	watcher := cfg.Watcher
	if watcher == nil {
		watcher = NewWatcher(WatcherConfig{
			Conn: cfg.Conn, Encoding: *cfg.Encoding, BlockTime: cfg.BlockTime, Logger: p.log,
		})
		p.watcher = watcher
	}
	p.quota = watcher.board.quota
	watcher.attach(p)
	if p.watcher != nil {
		if err := watcher.Start(ctx, 0); err != nil {
			stop()
			return nil, fmt.Errorf("start Akash provider %q: %w", cfg.Name, err)
		}
	}
	p.doors = []*door.Door{door.New(cfg.Listener)}
	if cfg.GRPCListener != nil {
		p.doors = append(p.doors, door.New(cfg.GRPCListener))
		p.work.Go(func() {
			if err := p.grpc.Serve(p.doors[grpcDoor]); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
				p.log.Error("gRPC gateway ended", "error", err)
			}
		})
	}
	p.work.Go(func() {
		// The certificate is in the server's TLS configuration.
		if err := p.server.ServeTLS(p.doors[restDoor], "", ""); !errors.Is(err, http.ErrServerClosed) {
			p.log.Error("gateway ended", "error", err)
		}
	})
	p.EditFaults(func(*Faults) {}) // what the spec's faults mean for the doors
	p.log.Info("Akash provider started", "address", p.identity.Address, "host_uri", p.hostURI, "chain_id", cfg.ChainID)
	return p, nil
}

func newAkashProvider(cfg Config) (*AkashProvider, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	switch {
	case cfg.Conn == nil || cfg.Wallet == nil || cfg.Listener == nil:
		return nil, errors.New("config: Conn, Wallet and Listener are required")
	case cfg.BlockTime <= 0:
		return nil, errors.New("config: BlockTime must be positive")
	case cfg.Wallet.Address() != cfg.Address:
		return nil, fmt.Errorf("config: wallet of %s with the identity of %s", cfg.Wallet.Address(), cfg.Address)
	}
	hostURI, host, err := cfg.HostURI(cfg.Listener.Addr())
	if err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	spec := cfg.withDefaults()
	p := &AkashProvider{
		spec: spec, identity: cfg.Identity, wallet: cfg.Wallet, now: cfg.Now, log: cfg.Logger,
		hostURI:   hostURI,
		hostname:  host,
		chain:     chainReader{conn: cfg.Conn, codec: grpc.ForceCodec(cfg.Encoding.Codec.GRPCCodec())},
		pingEvery: pingEvery, seed: cfg.Seed,

		faults:    spec.Faults,
		own:       cfg.Identity,
		inventory: bidding.NewInventory(spec.cluster()),
		orders:    map[marketv1.OrderID]*order{},
		leases:    map[ids.LeaseID]*lease{},
		kept:      map[ids.DeploymentID]manifest.Manifest{},
		hosts:     hostTable{},
		ports:     newPortAllocator(),
		ips:       newIPAllocator(spec.LeasedIPs),
		stepped:   make(chan struct{}),
	}
	p.hardware = sync.OnceValues(p.newHardware)
	if cfg.GRPCListener != nil {
		p.grpcAddr = cfg.GRPCListener.Addr().String()
	}
	if p.now == nil {
		p.now = time.Now
	}
	if p.log == nil {
		p.log = hclog.NewNullLogger()
	}
	if spec.PublicHostname != "" {
		if p.authority, err = newAuthority(spec.PublicHostname, p.now()); err != nil {
			return nil, err
		}
	}
	p.grpc = p.newGRPCServer(*cfg.Encoding)
	if cfg.Saved == nil {
		return p, nil
	}
	return p, p.restore(cfg.Saved)
}

// Close stops bidding and serving and waits until both have ended. On chain nothing changes: bids and leases
// stay as they are, as when a daemon is switched off. A second call does nothing.
func (p *AkashProvider) Close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.stop()
	if p.watcher != nil {
		p.watcher.Close()
	}
	p.grpc.Stop()
	err := p.server.Close()
	p.work.Wait()
	p.requests.Wait()
	if err != nil {
		return fmt.Errorf("close gateway of %q: %w", p.spec.Name, err)
	}
	return nil
}

// Address is the bech32 address of the Akash provider.
func (p *AkashProvider) Address() string { return p.identity.Address }

// GRPCAddr is host:port of the gateway's gRPC; "" when it answers none.
func (p *AkashProvider) GRPCAddr() string { return p.grpcAddr }

// HostURI is the gateway's base URL as registered on chain.
func (p *AkashProvider) HostURI() string { return p.hostURI }

// Name is the label of the spec.
func (p *AkashProvider) Name() string { return p.spec.Name }
